import { idOf, isResource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { originOf, type Adapter, type Asked, type Asking as Unreached } from './adapter.ts';
import type { Capabilities, Capability } from './capability.ts';
import { contentsOf, dataAsOf, entryOf, type Contents, type Entry } from './entry.ts';
import type { Http } from './http.ts';
import { differences, type DifferingField } from './identity.ts';
import { each } from './lanes.ts';
import { readPages, totalOf, type Pages } from './paging.ts';
import { areOnePerson, isReplaced, matchPerson, type Match } from './patient-match.ts';
import { readReferenced } from './referenced.ts';
import { baseOf } from './resolver.ts';
import { SourceError } from './source-error.ts';
import { lossOf, type PartialReason } from './words.ts';

const pageSize = '500';

type Asking = Unreached & { readonly http: Http };

/** The one Patient under an id that is known; none where the source does not have it. */
async function readPatient({ source, http, signal }: Asking, patientId: string): Promise<Contents> {
  const url = `${baseOf(source.baseUrl)}/Patient/${encodeURIComponent(patientId)}`;
  const answer = await http.request({ address: source.baseUrl, method: 'GET', url, signal });
  if (answer.status >= 400 && answer.status !== 404 && answer.status !== 410)
    throw new SourceError('status', `Patient read: status ${answer.status}`, answer);
  const resource = answer.status < 300 ? answer.body : undefined;
  if (resource !== undefined && (!isResource(resource) || idOf(resource) !== patientId))
    throw new SourceError('not-fhir', 'Patient read: another Patient than was asked for');
  const found = contentsOf({ resourceType: 'Bundle', entry: resource === undefined ? [] : [{ resource }] });
  if (found === undefined) throw new SourceError('not-fhir', 'Patient read: cannot be read');
  return found;
}

async function findPatient(asking: Asking): Promise<Contents> {
  const { source, person, http, signal, patientId } = asking;
  if (patientId !== undefined) return readPatient(asking, patientId);
  if (person.nhsNumber === undefined) throw new SourceError('not-fhir', 'no NHS number to search by');
  const form = new URLSearchParams({ identifier: `${system.nhsNumber}|${person.nhsNumber}` }).toString();
  const url = `${baseOf(source.baseUrl)}/Patient`;
  const answer = await http.request({
    address: source.baseUrl,
    signal,
    ...(source.search === 'get'
      ? { method: 'GET', url: `${url}?${form}` }
      : {
          method: 'POST',
          url: `${url}/_search`,
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: form,
        }),
  });
  if (answer.status >= 400) throw new SourceError('status', `Patient search: status ${answer.status}`, answer);
  const found = contentsOf(answer.body);
  if (found === undefined) throw new SourceError('not-fhir', 'Patient search: no Bundle');
  if (found.entries.length < totalOf(answer.body))
    throw new SourceError('not-fhir', 'Patient search: fewer Patients than its total');
  return found;
}

/** One search a type. A type that fails is a gap; where all fail the source has failed. */
async function searchTypes(asking: Asking, capability: Capability, patientId: string): Promise<readonly Pages[]> {
  const { source, http, signal } = asking;
  const base = baseOf(source.baseUrl);
  const answers = await each(capability.searches, async ({ type, parameter }): Promise<Pages> => {
    const form = new URLSearchParams({ [parameter]: `Patient/${patientId}`, _count: pageSize }).toString();
    try {
      return await readPages(
        http,
        source.search === 'get'
          ? { address: source.baseUrl, method: 'GET', url: `${base}/${type}?${form}` }
          : { address: source.baseUrl, method: 'POST', url: `${base}/${type}/_search`, body: form },
        signal,
        source.budget.pages,
      );
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return { contents: [], fault: error };
    }
  });
  const [first] = answers;
  if (first?.fault !== undefined && answers.every((one) => one.contents.length === 0 && one.fault !== undefined))
    throw first.fault;
  return answers;
}

/** All that the source has on one Patient. */
async function readRecord(asking: Asking, capability: Capability, patientId: string): Promise<readonly Pages[]> {
  if (!capability.everything) return searchTypes(asking, capability, patientId);
  const { source, http, signal } = asking;
  const url = `${baseOf(source.baseUrl)}/Patient/${patientId}/$everything`;
  return [await readPages(http, { address: source.baseUrl, method: 'GET', url }, signal, source.budget.pages)];
}

/** The same of a Patient that is linked with the one in use. One that is not there any more was merged away whole. */
async function readLinked(asking: Asking, capability: Capability, patientId: string): Promise<readonly Pages[]> {
  try {
    return await readRecord(asking, capability, patientId);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return error.status === 404 || error.status === 410 ? [] : [{ contents: [], fault: error }];
  }
}

type Found = { readonly match: Match; readonly contents: readonly Contents[] };

/** Finds the person's Patients; where they were merged into one that was not found, that one is read, once. */
async function findPerson(asking: Asking): Promise<Found> {
  const { source, person } = asking;
  const found = await findPatient(asking);
  const resources = found.entries.map((entry) => entry.resource);
  const match = matchPerson(person, resources, source.baseUrl);
  if (match.kind !== 'merged') return { match, contents: [found] };
  const survivor = await readPatient(asking, match.into);
  const again = matchPerson(person, [...resources, ...survivor.entries.map((entry) => entry.resource)], source.baseUrl);
  return {
    match: again.kind === 'merged' ? { kind: 'mismatch', differsOn: [] } : again,
    contents: [found, survivor],
  };
}

/**
 * On what the Patients of a record differ from the person: any that was asked for, or, where none of those came, every one
 * that came instead. Then all of it is somebody else's.
 */
function differing(
  person: Asking['person'],
  itself: readonly Entry[],
  brought: readonly Entry[],
): readonly DifferingField[] {
  const fields = (itself.length > 0 ? itself : brought).map((entry) => differences(person, entry.resource));
  return itself.length === 0 && fields.some((one) => one.length === 0) ? [] : [...new Set(fields.flat())];
}

async function ask(asking: Asking, capabilities: Capabilities): Promise<Asked> {
  const { source, person, http, signal } = asking;
  const origin = originOf(source);
  const [capability, { match, contents: found }] = await Promise.all([
    capabilities.of(http, source.baseUrl, signal),
    findPerson(asking),
  ]);
  const mismatch = (differsOn: readonly string[]): Asked => ({
    kind: 'nothing',
    status: 'identity-mismatch',
    origin,
    differsOn,
  });
  if (match.kind === 'none') {
    if (found.some((one) => one.warned || one.unreadable > 0))
      throw new SourceError('not-fhir', 'Patient search: warnings and no Patient');
    return { kind: 'nothing', status: 'no-record', origin };
  }
  if (match.kind !== 'proved') return mismatch(match.kind === 'mismatch' ? match.differsOn : []);
  const patients = match.patients.map((resource) => {
    const id = idOf(resource);
    const entry = entryOf(resource, [], '0');
    if (id === undefined || entry === undefined || !/^[A-Za-z0-9\-._~]{1,128}$/.test(id))
      throw new SourceError('not-fhir', 'a Patient without an id');
    return { id, entry };
  });

  const answers = (
    await Promise.all(patients.map(({ id }, index) => (index === 0 ? readRecord : readLinked)(asking, capability, id)))
  ).flat();
  const contents = answers.flatMap((one) => one.contents);
  const came = contents.flatMap((one) => one.entries);
  const keys = new Set(patients.map(({ entry }) => entry.key));
  const itself = came.filter((entry) => keys.has(entry.key));
  const brought = came.filter((entry) => entry.resource.resourceType === 'Patient');
  const differsOn = differing(person, itself, capability.everything ? brought : []);
  if (differsOn.length > 0) return mismatch(differsOn);
  const others = brought
    .filter((entry) => !keys.has(entry.key))
    .map((entry) => entry.resource)
    .filter((one) => differences(person, one).length === 0 && !isReplaced(one));
  if (others.length > 0 && !areOnePerson([...match.patients, ...others], source.baseUrl)) return mismatch([]);
  const sent = new Set(itself.map((entry) => entry.key));
  const entries = [...patients.map(({ entry }) => entry).filter((entry) => !sent.has(entry.key)), ...came];
  const referenced = await readReferenced(asking, capability, entries);
  const asOf = dataAsOf(contents);
  const reasons = new Set<PartialReason>();
  for (const { fault } of answers) if (fault !== undefined) reasons.add(lossOf(fault));
  if (referenced.incomplete) reasons.add('did-not-arrive');
  if (referenced.undecided) reasons.add('place-unread');
  if ([...found, ...contents].some((one) => one.warned)) reasons.add('source-says-so');
  if (match.leftAside) reasons.add('not-proved');
  if (contents.some((one) => one.unreadable > 0)) reasons.add('unreadable');
  return {
    kind: 'record',
    entries: [...entries, ...referenced.entries],
    base: source.baseUrl,
    scope: source.id,
    origin,
    reasons: [...reasons],
    ...(asOf === undefined ? {} : { dataAsOf: asOf }),
  };
}

/**
 * FHIR R4: the person by `POST Patient/_search` on the NHS number, then `$everything` where the CapabilityStatement lists
 * it, else one search a type that it lists, in parallel.
 */
export function createFhirR4Adapter(capabilities: Capabilities): Adapter {
  return {
    ask: async (asking) => ask({ ...asking, http: (await asking.reach()).http }, capabilities),
    addressOf: (source) => source.baseUrl,
  };
}
