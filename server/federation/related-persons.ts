import { objects, text } from '../../src/fhir/json.ts';
import { system } from '../../src/fhir/systems.ts';
import { originOf, type Adapter, type Asked, type Asking } from './adapter.ts';
import { contentsOf, entryOf, type Entry } from './entry.ts';
import { baseOf } from './resolver.ts';
import { SourceError } from './source-error.ts';
import type { PartialReason } from './words.ts';

/** A relative's own NHS number is theirs: it is no part of how to reach them. */
function withoutNumber(entry: Entry): readonly Entry[] {
  const identifier = objects(entry.resource['identifier']).filter((one) => text(one['system']) !== system.nhsNumber);
  const { identifier: _, ...rest } = entry.resource;
  const made = entryOf(
    { ...rest, resourceType: 'RelatedPerson', ...(identifier.length === 0 ? {} : { identifier }) },
    entry.aliases,
    entry.key,
  );
  return made === undefined ? [] : [made];
}

async function ask({ source, person, reach, signal }: Asking): Promise<Asked> {
  const { nhsNumber } = person;
  if (nhsNumber === undefined) return { kind: 'nothing', status: 'no-record' };
  const url = `${baseOf(source.baseUrl)}/Patient/${nhsNumber}/RelatedPerson`;
  const { http } = await reach();
  const { status, body } = await http.request({ address: source.baseUrl, method: 'GET', url, signal });
  const contents = status < 300 ? contentsOf(body) : undefined;
  if (contents === undefined && status !== 404)
    throw new SourceError('status', `related persons: status ${status}, no Bundle`, { status });
  const reasons: PartialReason[] = [];
  if (contents?.warned === true) reasons.push('source-says-so');
  if ((contents?.unreadable ?? 0) > 0) reasons.push('unreadable');
  const identifier = [{ system: system.nhsNumber, value: nhsNumber }];
  const patient = entryOf({ resourceType: 'Patient', id: nhsNumber, identifier, birthDate: person.birthDate }, [], '0');
  const related = (contents?.entries ?? []).filter((entry) => entry.resource.resourceType === 'RelatedPerson');
  return {
    kind: 'record',
    entries: [...(patient === undefined ? [] : [patient]), ...related.flatMap(withoutNumber)],
    base: source.baseUrl,
    scope: source.id,
    origin: originOf(source),
    reasons,
  };
}

/**
 * Whom the demographics service knows as the person's relatives and carers (PDS FHIR R4). The person themselves it was
 * asked about at the gate; what it says here goes through the one door out like any source's answer.
 */
export const relatedPersonsAdapter: Adapter = {
  ask,
  // Of its own: that relatives cannot be read must not keep anyone from being looked up.
  addressOf: (source) => `${source.baseUrl}#related-persons`,
};
