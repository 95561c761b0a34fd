import type { Adapter, Asked, Asking } from './adapter.ts';
import type { Origin } from './answer.ts';
import type { Reached } from './auth/reach.ts';
import { contentsOf, dataAsOf, type Entry } from './entry.ts';
import {
  areasNotGiven,
  everyArea,
  lesserAreas,
  mayHideDissent,
  parametersOf,
  reasonsFor,
  type Area,
} from './gp-connect-areas.ts';
import type { SourceResponse } from './http.ts';
import { differences } from './identity.ts';
import { baseOf } from './resolver.ts';
import { SourceError } from './source-error.ts';
import { dissentsWithin, refusalOf } from './spine-error.ts';
import { fromStu3 } from './stu3/from-stu3.ts';
import { lossOf, practiceWords, type PartialReason } from './words.ts';

const interaction = 'urn:nhs:names:services:gpconnect:fhir:operation:gpc.getstructuredrecord-1';
const documentInteraction = 'urn:nhs:names:services:gpconnect:documents:fhir:rest:read:binary-1';

/** Asks the practice; an answer that says in FHIR why it is none comes back too, under whatever HTTP status it came. */
async function request(
  { person, signal }: Asking,
  { baseUrl, http }: Reached,
  areas: readonly Area[],
): Promise<SourceResponse> {
  try {
    return await http.request({
      address: baseUrl,
      method: 'POST',
      url: `${baseOf(baseUrl)}/Patient/$gpc.getstructuredrecord`,
      headers: { 'content-type': 'application/fhir+json' },
      body: parametersOf(person.nhsNumber ?? '', areas),
      signal,
      part: true,
    });
  } catch (error) {
    if (error instanceof SourceError && error.status !== undefined && refusalOf(error.body) !== undefined)
      return { status: error.status, body: error.body };
    if (error instanceof SourceError && error.status === 504)
      throw new SourceError('timeout', 'status 504', { status: 504, cause: error });
    throw error;
  }
}

/** What a refusal means where it is a word on the person or on sharing. @throws {SourceError} where it is a fault */
function refused(answer: SourceResponse, origin: Origin): Asked | undefined {
  if (dissentsWithin(answer.body)) return dissent(origin);
  const refusal = refusalOf(answer.body);
  switch (refusal?.means) {
    case undefined:
      return undefined;
    case 'dissent':
      return dissent(origin);
    case 'no-patient':
      return { kind: 'nothing', status: 'no-record', origin, practiceConsent: 'silent' };
    case 'not-sharing':
      return { kind: 'nothing', status: 'not-sharing', origin, practiceConsent: 'silent' };
    case 'timed-out':
      throw new SourceError('timeout', `the practice did not answer the Spine (${refusal.code})`);
    case 'parameters':
    case 'fault':
      throw new SourceError('status', `status ${answer.status}, ${refusal.code}`, { status: answer.status });
  }
}

function dissent(origin: Origin): Asked {
  return { kind: 'nothing', status: 'unavailable', origin, practiceConsent: 'refused' };
}

async function ask(asking: Asking): Promise<Asked> {
  const { source, person } = asking;
  if (person.practice === undefined)
    return { kind: 'nothing', status: 'no-record', text: practiceWords.notRegistered, practiceConsent: 'silent' };
  const practice = source.practices?.[person.practice];
  if (practice === undefined)
    return { kind: 'nothing', status: 'no-record', text: practiceWords.outsideRegion, practiceConsent: 'silent' };
  const origin: Origin = { ods: person.practice, name: practice.name, label: source.label };
  if (!practice.sharing || !source.sharing)
    return { kind: 'nothing', status: 'not-sharing', origin, practiceConsent: 'silent' };

  const reached = await asking.reach({ ods: person.practice, baseUrl: practice.baseUrl, interaction });
  let areas = everyArea;
  let answer = await request(asking, reached, areas);
  // A version that lacks an area should say so beside the record; some refuse the whole call for it.
  const lesser = refusalOf(answer.body)?.means === 'parameters' ? lesserAreas(answer.body) : undefined;
  if (lesser !== undefined) {
    areas = lesser;
    answer = await request(asking, reached, areas);
  }
  const nothing = refused(answer, origin);
  if (nothing !== undefined) return nothing;
  const contents = answer.status < 300 ? contentsOf(answer.body) : undefined;
  if (contents === undefined)
    throw answer.cut ?? new SourceError('status', `status ${answer.status}, no record`, answer);

  const patients = contents.entries.filter((entry) => entry.resource.resourceType === 'Patient');
  const differing = patients.map((entry) => differences(person, entry.resource));
  const [first] = differing;
  if (first === undefined) throw answer.cut ?? new SourceError('not-fhir', 'a record without a Patient');
  if (!differing.some((fields) => fields.length === 0))
    return { kind: 'nothing', status: 'identity-mismatch', origin, differsOn: first, practiceConsent: 'unreachable' };

  const entries: Entry[] = [];
  let unreadable = contents.unreadable;
  for (const entry of contents.entries) {
    const translated = fromStu3(entry);
    if (translated.length === 0) unreadable += 1;
    entries.push(...translated);
  }
  const asOf = dataAsOf([contents]);
  const missing = areasNotGiven(areas, answer.body);
  const reasons: PartialReason[] = [...reasonsFor(missing)];
  if (answer.cut !== undefined) reasons.push(lossOf(answer.cut));
  if (contents.warned && missing.length === 0) reasons.push('source-says-so');
  if (unreadable > 0) reasons.push('unreadable');
  return {
    kind: 'record',
    entries,
    base: reached.baseUrl,
    scope: `${source.id}/${person.practice}`,
    origin,
    reasons,
    ...(asOf === undefined ? {} : { dataAsOf: asOf }),
    // What could not be read, did not arrive or was left out might have been the dissent: then its answer does not count as read.
    practiceConsent: unreadable > 0 || answer.cut !== undefined || mayHideDissent(missing) ? 'unreachable' : 'answered',
  };
}

/** GP Connect Access Record Structured (STU3), asked at the practice where the person is registered and nowhere else. */
export const gpConnectAdapter: Adapter = {
  ask,
  addressOf: (source, person) => {
    const practice = source.practices?.[person.practice ?? ''];
    // Behind the Spine many practices share one address: each has a breaker of its own.
    return practice === undefined ? undefined : (practice.baseUrl ?? `${source.baseUrl}#${person.practice}`);
  },
  documentsAt: ({ practices }, ods) => ({ ods, baseUrl: practices?.[ods]?.baseUrl, interaction: documentInteraction }),
  onError: { practiceConsent: 'unreachable' },
};
