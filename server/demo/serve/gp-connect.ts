import { isObject, object, objects, text } from '../../../src/fhir/json.ts';
import { parseNhsNumber } from '../../../src/fhir/nhs-number.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { system as fhirSystem } from '../../../src/fhir/systems.ts';
import type { Calendar } from '../calendar.ts';
import { structuredRecord, type Wanted } from '../practice/bundle.ts';
import type { FinishedRecord } from '../practice/record.ts';
import { outcomeProfile } from '../practice/stu3.ts';
import { practices } from '../systems.ts';
import { operationOutcome, type Asked, type Reply } from './reply.ts';

export const interaction = 'urn:nhs:names:services:gpconnect:fhir:operation:gpc.getstructuredrecord-1';

const mediaType = 'application/fhir+json;charset=utf-8';

/** GP Connect's errors: HTTP status, FHIR issue type, and the words of the Spine's code system. */
const errors = {
  BAD_REQUEST: [400, 'invalid', 'Bad request'],
  INVALID_RESOURCE: [422, 'invalid', 'Invalid validation of resource'],
  INVALID_PARAMETER: [422, 'invalid', 'Submitted parameter is not valid'],
  INVALID_NHS_NUMBER: [400, 'value', 'NHS number invalid'],
  PATIENT_NOT_FOUND: [404, 'not-found', 'Patient record not found'],
  NO_RECORD_FOUND: [404, 'not-found', 'No record found'],
  NO_PATIENT_CONSENT: [403, 'forbidden', 'Patient has not provided consent to share data'],
  NO_ORGANISATION_CONSENT: [403, 'forbidden', 'Organisation has not provided consent to share data'],
} as const;

function refused(code: keyof typeof errors, diagnostics: string, nhsNumber?: string): Reply {
  const [status, issue, display] = errors[code];
  return {
    status,
    type: mediaType,
    ...(nhsNumber === undefined ? {} : { nhsNumber }),
    body: operationOutcome(
      'error',
      issue,
      { system: fhirSystem.spineError, code, display },
      diagnostics,
      outcomeProfile,
    ),
  };
}

function json(textOf: string): unknown {
  try {
    return JSON.parse(textOf);
  } catch {
    return undefined;
  }
}

/**
 * What is wrong with the caller's JWT, or undefined (GP Connect, cross-organisation audit and provenance): unsigned,
 * five minutes of life, on behalf of a person at an organisation, for direct care.
 */
export function tokenFault(authorization: string | undefined, seconds: number): string | undefined {
  const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return 'Authorization header with a bearer token is missing';
  const [head, body] = token.split('.');
  const header = object(json(Buffer.from(head ?? '', 'base64url').toString()));
  const claims = object(json(Buffer.from(body ?? '', 'base64url').toString()));
  if (header === undefined || claims === undefined) return 'JWT cannot be read';
  if (header['alg'] !== 'none') return 'JWT header alg is not none';
  for (const claim of ['iss', 'sub', 'aud'])
    if (text(claims[claim]) === undefined) return `JWT claim ${claim} is missing`;
  const { iat, exp } = claims;
  if (typeof iat !== 'number' || typeof exp !== 'number') return 'JWT claims iat and exp are not numbers';
  if (exp - iat !== 300) return 'JWT claim exp is not five minutes after iat';
  if (exp < seconds) return 'JWT has expired';
  if (claims['reason_for_request'] !== 'directcare') return 'JWT claim reason_for_request is not directcare';
  if (claims['requested_scope'] !== 'patient/*.read') return 'JWT claim requested_scope is not patient/*.read';
  if (object(claims['requesting_device'])?.['resourceType'] !== 'Device')
    return 'JWT claim requesting_device is not a Device';
  const organisation = object(claims['requesting_organization']);
  const ods = objects(organisation?.['identifier']).some(
    (one) => one['system'] === fhirSystem.odsOrganisation && text(one['value']) !== undefined,
  );
  if (organisation?.['resourceType'] !== 'Organization' || !ods)
    return 'JWT claim requesting_organization is not an Organization with an ODS code';
  const practitioner = object(claims['requesting_practitioner']);
  if (practitioner?.['resourceType'] !== 'Practitioner')
    return 'JWT claim requesting_practitioner is not a Practitioner';
  return text(practitioner['id']) === claims['sub']
    ? undefined
    : 'JWT claim sub is not the id of requesting_practitioner';
}

const known = new Set([
  'includeAllergies',
  'includeMedication',
  'includeProblems',
  'includeConsultations',
  'includeImmunisations',
  'includeUncategorisedData',
  'includeInvestigations',
  'includeReferrals',
  'includeDiaryEntries',
]);

/** What narrows an area may not stand beside consultations or problems: it would leave out what they lead to. */
const narrowing = [
  ['includeMedication', 'medicationSearchFromDate'],
  ['includeUncategorisedData', 'uncategorisedDataSearchPeriod'],
  ['includeReferrals', 'referralSearchPeriod'],
  ['includeDiaryEntries', 'diaryEntriesSearchDate'],
  ['includeImmunisations', 'includeNotGiven'],
  ['includeImmunisations', 'includeStatus'],
] as const;

const part = (parameter: unknown, name: string): unknown =>
  objects(object(parameter)?.['part']).find((one) => one['name'] === name);

/** Reads the Parameters; a text says what is wrong with them. */
function readWanted(parameters: Resource, ignored: (name: string) => Resource): Wanted | { readonly fault: string } {
  const all = objects(parameters['parameter']);
  const names = all.flatMap((one) => text(one['name']) ?? []);
  const of = (name: string): unknown => all.find((one) => one['name'] === name);
  const flag = (parameter: unknown, name: string): boolean | undefined => {
    const value = object(part(parameter, name))?.['valueBoolean'];
    return typeof value === 'boolean' ? value : undefined;
  };
  const allergies = of('includeAllergies');
  const medication = of('includeMedication');
  const resolved = flag(allergies, 'includeResolvedAllergies');
  if (allergies !== undefined && resolved === undefined)
    return { fault: 'Miss parameter part : includeResolvedAllergies' };
  const from = object(part(medication, 'medicationSearchFromDate'))?.['valueDate'];
  if (from !== undefined && (typeof from !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(from)))
    return { fault: 'Invalid date used : medicationSearchFromDate' };
  if (names.includes('includeConsultations') || names.includes('includeProblems'))
    for (const [parameter, narrow] of narrowing)
      if (part(of(parameter), narrow) !== undefined)
        return { fault: `Not permitted together : ${parameter}.${narrow}` };
  const unknown = names.filter((name) => name !== 'patientNHSNumber' && !known.has(name));
  return {
    parameters: new Set(names),
    resolvedAllergies: resolved === true,
    issues: flag(medication, 'includePrescriptionIssues') ?? true,
    ...(typeof from === 'string' ? { medicationFrom: from } : {}),
    notes: unknown.map(ignored),
  };
}

/** What the practices hold. */
export type PracticeRecords = {
  /** The record of a person registered there; `no-consent` where the practice's system says so. */
  readonly find: (ods: string, nhsNumber: string) => FinishedRecord | 'no-consent' | undefined;
};

/** GP Connect Access Record Structured for every practice of the region, below `/gp/{ODS}/fhir`. */
export function gpConnectServer(
  records: PracticeRecords,
  calendar: Calendar,
  seconds: () => number,
): (asked: Asked, other?: string) => Reply {
  return (asked, other) => {
    const [ods, fhir, patient, operation] = asked.path;
    const practice = practices.find((one) => one.ods === ods);
    if (practice === undefined || fhir !== 'fhir') return refused('NO_RECORD_FOUND', 'No such practice');
    if (asked.method !== 'POST' || patient !== 'Patient' || operation !== '$gpc.getstructuredrecord')
      return refused('NO_RECORD_FOUND', 'Not a GP Connect interaction of this practice');
    for (const name of ['ssp-traceid', 'ssp-from', 'ssp-to', 'ssp-interactionid'])
      if (text(asked.headers[name]) === undefined) return refused('BAD_REQUEST', `${name} header is missing`);
    if (asked.headers['ssp-interactionid'] !== interaction)
      return refused('BAD_REQUEST', 'Ssp-InteractionID does not match the HTTP request');
    const fault = tokenFault(asked.headers['authorization'], seconds());
    if (fault !== undefined) return refused('BAD_REQUEST', fault);
    if (!/^application\/(fhir\+)?json/.test(asked.headers['content-type'] ?? ''))
      return { ...refused('BAD_REQUEST', 'Content-Type is not application/fhir+json'), status: 415 };

    const parameters = json(asked.body);
    if (!isObject(parameters) || parameters['resourceType'] !== 'Parameters')
      return refused('INVALID_RESOURCE', 'The body is no Parameters resource');
    const identifier = object(
      objects(parameters['parameter']).find((one) => one['name'] === 'patientNHSNumber')?.['valueIdentifier'],
    );
    if (identifier === undefined) return refused('INVALID_PARAMETER', 'Miss parameter : patientNHSNumber');
    const nhsNumber = text(identifier['value']);
    if (identifier['system'] !== fhirSystem.nhsNumber) return refused('INVALID_PARAMETER', 'Not an NHS number');
    if (nhsNumber === undefined || parseNhsNumber(nhsNumber) !== nhsNumber)
      return refused('INVALID_NHS_NUMBER', 'NHS number is not valid');
    const wanted = readWanted({ ...parameters, resourceType: 'Parameters' }, (name) =>
      operationOutcome(
        'warning',
        'not-supported',
        { system: fhirSystem.spineError, code: 'NOT_IMPLEMENTED', display: 'Not implemented' },
        name,
        outcomeProfile,
      ),
    );
    if ('fault' in wanted) return refused('INVALID_PARAMETER', wanted.fault, nhsNumber);
    if (!practice.sharing) return refused('NO_ORGANISATION_CONSENT', 'The practice does not share', nhsNumber);
    const record = records.find(practice.ods, other ?? nhsNumber);
    if (record === 'no-consent')
      return refused('NO_PATIENT_CONSENT', 'Patient has not provided consent to share data', nhsNumber);
    if (record === undefined) return refused('PATIENT_NOT_FOUND', 'Patient record not found', nhsNumber);
    return { status: 200, type: mediaType, nhsNumber, body: structuredRecord(record, wanted, calendar) };
  };
}
