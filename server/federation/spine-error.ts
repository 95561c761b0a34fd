import { codingsOf } from '../../src/fhir/coding.ts';
import { lookup, objects } from '../../src/fhir/json.ts';
import { entriesOf, isResource } from '../../src/fhir/resource.ts';

/** What a refusal of GP Connect, or of the Spine before it, means for the record. */
export type SpineMeaning =
  /** The person does not want their record shared. */
  | 'dissent'
  /** It failed, or refuses us: nothing is said about the person. */
  | 'fault'
  /** The practice behind the Spine did not answer in time. */
  | 'timed-out'
  /** It does not take all that was asked for. */
  | 'parameters'
  /** The practice does not share. */
  | 'not-sharing'
  /** The practice has no record of the person to show, whatever the reason (a sensitive person's, an inactive one's). */
  | 'no-patient';

/**
 * GP Connect's error codes (error handling guidance 1.6; `Spine-ErrorOrWarningCode-1`) and the numbers by which the Spine
 * Secure Proxy tells of its own. `ACCESS_DENIED` may as well be our own registration: it is no word of the practice's on
 * sharing. `NO_RECORD_FOUND` is said of any resource, also of an address that is wrong: it is no word on the person.
 */
const meanings: Readonly<Record<string, SpineMeaning>> = {
  NO_PATIENT_CONSENT: 'dissent',
  NO_ORGANISATION_CONSENT: 'not-sharing',
  PATIENT_NOT_FOUND: 'no-patient',
  INVALID_PARAMETER: 'parameters',
  INVALID_RESOURCE: 'parameters',
  NO_RELATIONSHIP: 'fault',
  NON_AUTHORITATIVE: 'fault',
  ACCESS_DENIED: 'fault',
  INVALID_NHS_NUMBER: 'fault',
  INVALID_IDENTIFIER_SYSTEM: 'fault',
  INVALID_IDENTIFIER_VALUE: 'fault',
  INVALID_PATIENT_DEMOGRAPHICS: 'fault',
  ORGANISATION_NOT_FOUND: 'fault',
  PRACTITIONER_NOT_FOUND: 'fault',
  NO_RECORD_FOUND: 'fault',
  REFERENCE_NOT_FOUND: 'fault',
  DUPLICATE_REJECTED: 'fault',
  BAD_REQUEST: 'fault',
  MISSING_OR_INVALID_HEADER: 'fault',
  UNSUPPORTED_MEDIA_TYPE: 'fault',
  NOT_IMPLEMENTED: 'fault',
  INTERNAL_SERVER_ERROR: 'fault',
  '400': 'fault',
  '403': 'fault',
  '405': 'fault',
  '415': 'fault',
  '502': 'fault',
  '504': 'timed-out',
};

/** The strongest first: where an answer says two things, what keeps most from being shown counts. */
const strongest: readonly SpineMeaning[] = ['dissent', 'fault', 'timed-out', 'parameters', 'not-sharing', 'no-patient'];

/**
 * What an OperationOutcome says in place of a record. The code decides and not the HTTP status, which gateways rewrite.
 * @returns undefined for anything else, or where it holds no code that is known
 */
export function refusalOf(body: unknown): { readonly code: string; readonly means: SpineMeaning } | undefined {
  if (!isResource(body) || body.resourceType !== 'OperationOutcome') return undefined;
  const [first] = objects(body['issue'])
    .flatMap((issue) => codingsOf(issue['details']))
    .flatMap((coding) => {
      // Its specification itself writes `ACCESS DENIED`.
      const code = coding.code?.toUpperCase().replaceAll(' ', '_') ?? '';
      const means = lookup(meanings, code);
      return means === undefined ? [] : [{ code, means }];
    })
    .sort((a, b) => strongest.indexOf(a.means) - strongest.indexOf(b.means));
  return first;
}

/** True where a record comes with the word that the person does not want it shared: then it is not taken. */
export function dissentsWithin(bundle: unknown): boolean {
  return entriesOf(bundle).some((one) => refusalOf(one)?.means === 'dissent');
}
