import { parseDate, type FhirDate } from '../../src/fhir/date.ts';
import { object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { codeText, readStem, snomedIds, terminologyOf } from './terminology.ts';

/** What the records say about consent to this view. */
export type ConsentSaid = 'dissent' | 'consent' | 'silent';

/**
 * The codes that decide whether the direct-care view may be shown: consent to the local shared record, to electronic
 * sharing, and the dissent of a person with parental responsibility. National, Type 1, third-party and Summary Care
 * Record codes are other choices and not among them.
 */
const codes = {
  dissent: {
    'SNOMED CT': ['416409005'],
    'Read v2': ['93C1.', '9Nd1.', '9Nd3.', '9Ndb.'],
    CTV3: ['XaKRw', 'XaKII', 'XaX1u'],
  },
  consent: { 'SNOMED CT': ['417528008', '425691002'], 'Read v2': ['93C0.', '9Nd7.'], CTV3: [] },
} as const;

type Said = Exclude<ConsentSaid, 'silent'>;

function means(coding: JsonObject, said: Said): boolean {
  const code = codeText(coding['code']);
  if (code === undefined) return false;
  const set = codes[said];
  const isRead = (list: readonly string[]): boolean => list.includes(readStem(code));
  const terminology = terminologyOf(coding['system']);
  if (terminology === 'SNOMED CT' || terminology === 'none') {
    if (snomedIds(code).some((id) => set['SNOMED CT'].some((one) => one === id))) return true;
  }
  if (terminology === 'Read v2') return isRead(set['Read v2']);
  // CTV3 took over the five-byte codes that it did not replace.
  const mayBeCtv3 = terminology === 'CTV3' || terminology === 'Read' || terminology === 'none';
  return mayBeCtv3 && (isRead(set.CTV3) || isRead(set['Read v2']));
}

/** Where a resource says what it is about: its code, a Consent's category, a value, a component. */
function conceptsOf(resource: JsonObject): readonly JsonObject[] {
  const parts = [resource, ...objects(resource['component'])];
  return [
    ...parts.flatMap((part) => [...objects(part['code']), ...objects(part['valueCodeableConcept'])]),
    ...(resource['resourceType'] === 'Consent'
      ? [...objects(resource['category']), ...objects(object(resource['provision'])?.['code'])]
      : []),
  ];
}

const ended = new Set(['entered-in-error', 'cancelled', 'not-done', 'rejected', 'inactive', 'refuted']);

/** True where the resource says of itself that it does not hold: in error, refuted, not done, answered with no. */
function isNegated(resource: JsonObject): boolean {
  const verification = objects(resource['verificationStatus']).flatMap((one) => objects(one['coding']));
  const states = [resource['status'], ...verification.map((one) => one['code'])];
  const answer = objects(object(resource['valueCodeableConcept'])?.['coding']);
  return (
    states.some((one) => typeof one === 'string' && ended.has(one)) ||
    resource['valueBoolean'] === false ||
    resource['doNotPerform'] === true ||
    answer.some((one) => one['code'] === '373067005' || (one['code'] === 'N' && text(one['system']) !== undefined))
  );
}

/** When it was so clinically; when it was written down only where nothing else is known. */
function clinicalDate(resource: JsonObject): FhirDate | undefined {
  const candidates = [
    resource['effectiveDateTime'],
    resource['effectiveInstant'],
    object(resource['effectivePeriod'])?.['start'],
    resource['onsetDateTime'],
    object(resource['onsetPeriod'])?.['start'],
    resource['performedDateTime'],
    object(resource['performedPeriod'])?.['start'],
    resource['dateTime'],
    resource['issued'],
    resource['recordedDate'],
    resource['authoredOn'],
    resource['date'],
  ];
  return candidates.map(parseDate).find((date) => date !== undefined);
}

/** The last millisecond that a date as precise as this may mean. */
function endOf(date: FhirDate): number {
  const { precision, instant, year, month } = date;
  if (precision === 'time') return instant;
  if (precision === 'day') return instant + 86_400_000 - 1;
  return (precision === 'month' ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1)) - 1;
}

/** One thing that a record says about consent: which way, and the time within which it was so (ms; ±Infinity: unknown). */
export type ConsentStatement = { readonly said: Said; readonly at: number };

/**
 * All that records say about consent to this view. What is entered in error, refuted or answered with no is not said.
 * To be asked before anything is withheld, since a withheld thing may bear the dissent.
 */
export function consentStatements(resources: readonly Resource[]): readonly ConsentStatement[] {
  const statements: ConsentStatement[] = [];
  const read = (resource: Resource): void => {
    for (const inner of objects(resource['contained'])) if (isResource(inner)) read(inner);
    const codings = conceptsOf(resource).flatMap((concept) => objects(concept['coding']));
    const dissents = codings.some((coding) => means(coding, 'dissent'));
    const consents = !dissents && codings.some((coding) => means(coding, 'consent'));
    if ((!dissents && !consents) || isNegated(resource)) return;
    const date = clinicalDate(resource);
    // Each as late, or as early, as its date may mean, so that whatever is in doubt counts for the dissent.
    if (dissents) statements.push({ said: 'dissent', at: date === undefined ? Infinity : endOf(date) });
    else statements.push({ said: 'consent', at: date === undefined ? -Infinity : date.instant });
  };
  resources.forEach(read);
  return statements;
}

/**
 * What the statements of one or many records come to. The latest by clinical date decides; dissent on a tie, which two
 * dates are that may mean the same time. A consent without a date outranks no dissent, and a dissent without one may be
 * the later: it stands.
 */
export function decideConsent(statements: readonly ConsentStatement[]): ConsentSaid {
  const latest = (said: Said): number | undefined =>
    statements.reduce<number | undefined>(
      (found, one) => (one.said === said ? Math.max(found ?? -Infinity, one.at) : found),
      undefined,
    );
  const [dissent, consent] = [latest('dissent'), latest('consent')];
  if (dissent === undefined) return consent === undefined ? 'silent' : 'consent';
  return consent !== undefined && consent > dissent ? 'consent' : 'dissent';
}
