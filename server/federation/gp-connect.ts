import { codingsOf } from '../../src/fhir/coding.ts';
import { objects } from '../../src/fhir/json.ts';
import { isResource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import type { Adapter, Asked, Asking } from './adapter.ts';
import type { Origin, Person } from './answer.ts';
import { contentsOf, dataAsOf, type Entry } from './entry.ts';
import type { Reached } from './auth/reach.ts';
import { differences } from './identity.ts';
import { baseOf } from './resolver.ts';
import { SourceError } from './source-error.ts';
import { fromStu3 } from './stu3/from-stu3.ts';
import { practiceWords, type PartialReason } from './words.ts';

const interaction = 'urn:nhs:names:services:gpconnect:fhir:operation:gpc.getstructuredrecord-1';

const include = (name: string, ...parts: readonly string[]): object =>
  parts.length === 0 ? { name } : { name, part: parts.map((part) => ({ name: part, valueBoolean: true })) };

/** All clinical areas in one call, as GP Connect advises. */
function parameters({ nhsNumber }: Pick<Person, 'nhsNumber'>): string {
  return JSON.stringify({
    resourceType: 'Parameters',
    parameter: [
      { name: 'patientNHSNumber', valueIdentifier: { system: system.nhsNumber, value: nhsNumber } },
      include('includeAllergies', 'includeResolvedAllergies'),
      include('includeMedication', 'includePrescriptionIssues'),
      include('includeProblems'),
      include('includeConsultations'),
      include('includeImmunisations', 'includeNotGiven'),
      include('includeUncategorisedData'),
      include('includeInvestigations'),
      include('includeReferrals'),
      include('includeDiaryEntries'),
    ],
  });
}

/** The Spine's error codes in an OperationOutcome. */
function spineCodes(body: unknown): ReadonlySet<string> {
  if (!isResource(body) || body.resourceType !== 'OperationOutcome') return new Set();
  return new Set(
    objects(body['issue'])
      .flatMap((issue) => codingsOf(issue['details']))
      .map((coding) => coding.code)
      .filter((code) => code !== undefined),
  );
}

/** What a refusal of the practice means; undefined where it means nothing but that it failed. */
function refusal(body: unknown, origin: Origin): Asked | undefined {
  const codes = spineCodes(body);
  if (codes.has('NO_PATIENT_CONSENT'))
    return { kind: 'nothing', status: 'unavailable', origin, practiceConsent: 'refused' };
  if (codes.has('PATIENT_NOT_FOUND'))
    return { kind: 'nothing', status: 'no-record', origin, practiceConsent: 'silent' };
  if (codes.has('NO_ORGANISATION_CONSENT'))
    return { kind: 'nothing', status: 'not-sharing', origin, practiceConsent: 'silent' };
  return undefined;
}

async function request(
  { person, signal }: Asking,
  { baseUrl, http }: Reached,
): Promise<{ status: number; body: unknown }> {
  try {
    return await http.request({
      address: baseUrl,
      method: 'POST',
      url: `${baseOf(baseUrl)}/Patient/$gpc.getstructuredrecord`,
      headers: { 'content-type': 'application/fhir+json' },
      body: parameters(person),
      signal,
    });
  } catch (error) {
    if (
      error instanceof SourceError &&
      error.status !== undefined &&
      refusal(error.body, { ods: '', name: '', label: '' })
    )
      return { status: error.status, body: error.body };
    throw error;
  }
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
  const answer = await request(asking, reached);
  const refused = refusal(answer.body, origin);
  if (refused !== undefined) return refused;
  const contents = answer.status < 300 ? contentsOf(answer.body) : undefined;
  if (contents === undefined) throw new SourceError('status', `status ${answer.status}, no record`, answer);

  const patients = contents.entries.filter((entry) => entry.resource.resourceType === 'Patient');
  const differing = patients.map((entry) => differences(person, entry.resource));
  const [first] = differing;
  if (first === undefined) throw new SourceError('not-fhir', 'a record without a Patient');
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
  const reasons: PartialReason[] = [];
  if (contents.warned) reasons.push('source-says-so');
  if (unreadable > 0) reasons.push('unreadable');
  return {
    kind: 'record',
    entries,
    base: reached.baseUrl,
    scope: `${source.id}/${person.practice}`,
    origin,
    reasons,
    ...(asOf === undefined ? {} : { dataAsOf: asOf }),
    practice: true,
  };
}

/** GP Connect Access Record Structured (STU3), asked at the practice where the person is registered and nowhere else. */
export const gpConnectAdapter: Adapter = { ask, onError: { practiceConsent: 'unreachable' } };
