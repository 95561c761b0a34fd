import { isObject, objects, text } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { originOf, type Adapter, type Asked, type Asking } from './adapter.ts';
import { entryOf } from './entry.ts';
import { differences } from './identity.ts';
import { SourceError } from './source-error.ts';

/** What the register says of one allergy, as R4. */
function allergyOf(row: Readonly<Record<string, unknown>>): Resource {
  return {
    resourceType: 'AllergyIntolerance',
    id: text(row['id']),
    patient: { reference: 'Patient/person' },
    code: {
      coding: [{ system: 'https://allergies.example/codes', code: text(row['code']), display: text(row['substance']) }],
    },
    recordedDate: text(row['recorded']),
  };
}

async function ask({ source, person, reach, signal }: Asking): Promise<Asked> {
  const origin = originOf(source);
  if (person.nhsNumber === undefined) return { kind: 'nothing', status: 'no-record', origin };
  const { baseUrl, http } = await reach();
  const answer = await http.request({
    address: baseUrl,
    method: 'POST',
    url: `${baseUrl}/lookup`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nhsNumber: person.nhsNumber }),
    signal,
  });
  if (answer.status === 404) return { kind: 'nothing', status: 'no-record', origin };
  if (answer.status >= 400) throw new SourceError('status', `lookup: status ${answer.status}`, answer);
  if (!isObject(answer.body)) throw new SourceError('not-fhir', 'lookup: no object');

  // The register's own word for whom this is about, as a Patient: it must prove to be the person.
  const about: Resource = {
    resourceType: 'Patient',
    id: 'person',
    identifier: [{ system: system.nhsNumber, value: text(answer.body['nhsNumber']) }],
    birthDate: text(answer.body['born']),
  };
  const differsOn = differences(person, about);
  if (differsOn.length > 0) return { kind: 'nothing', status: 'identity-mismatch', origin, differsOn };

  const rows = objects(answer.body['allergies']);
  const entries = [about, ...rows.map(allergyOf)].map((resource, index) => entryOf(resource, [], String(index)));
  return {
    kind: 'record',
    entries: entries.filter((entry) => entry !== undefined),
    base: baseUrl,
    scope: source.id,
    origin,
    // What could not be read is a gap, and the screen says so.
    reasons: entries.includes(undefined) ? ['unreadable'] : [],
  };
}

/** An allergy register with an API of its own, which is not FHIR. */
export const allergyRegisterAdapter: Adapter = { ask, addressOf: (source) => source.baseUrl };
