import { codingsOf } from '../../src/fhir/coding.ts';
import { parseDate } from '../../src/fhir/date.ts';
import { objects, text, texts, type JsonObject } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';

/**
 * What a source's Patient is held against: the number and birth date that the NHS knows the person by, or, for someone
 * whose number the host does not know, the id of their Patient at that one host.
 */
export type KnownPerson =
  | { readonly nhsNumber: string; readonly birthDate: string }
  | { readonly nhsNumber?: undefined; readonly hostPatientId: string };

/** A field of the person that a source has differently. Never its value. */
export type DifferingField = 'nhsNumber' | 'birthDate';

/** The NHS numbers that a Patient goes by now, without spaces; old ones (`use` = `old`) are no proof of anything. */
export function nhsNumbersOf(patient: Resource): readonly string[] {
  const numbers = objects(patient['identifier'])
    .filter((one) => text(one['system']) === system.nhsNumber && text(one['use']) !== 'old')
    .map((one) => text(one['value'])?.replaceAll(/[\s-]/g, ''))
    .filter((one) => one !== undefined);
  return [...new Set(numbers)];
}

/** True where both are real dates and one is the other, or the other said less precisely (`1961-04`, `1961`). */
export function sameBirthDate(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if (parseDate(one) === undefined || parseDate(other) === undefined) return false;
  const [a, b] = [one.slice(0, 10), other.slice(0, 10)];
  return a.startsWith(b) || b.startsWith(a);
}

/** What a system says of an NHS number that it holds: that it may be somebody else's, or that it was never traced. */
const verification = {
  /** A trace found nobody or several, or a conflict, or there should be no number. */
  doubtful: new Set([
    '04',
    '05',
    '07',
    'trace-attempted-no-match-or-multiple-match-found',
    'trace-needs-to-be-resolved',
    'number-not-present-trace-not-required',
  ]),
  verified: new Set(['01', 'number-present-and-verified']),
} as const;

/** Whether the system that holds the person's number stands by it; one that says nothing of it does. */
function standingOf(patient: Resource): 'verified' | 'untraced' | 'doubtful' {
  const codes = objects(patient['identifier'])
    .filter((one) => text(one['system']) === system.nhsNumber && text(one['use']) !== 'old')
    .flatMap((one) => objects(one['extension']))
    .filter((one) => text(one['url'])?.includes('NHSNumberVerificationStatus') === true)
    .flatMap((one) => [...codingsOf(one['valueCodeableConcept']), ...codingsOf(one['valueCoding'])])
    .map((one) => one.code)
    .filter((code) => code !== undefined);
  if (codes.some((code) => verification.doubtful.has(code))) return 'doubtful';
  return codes.every((code) => verification.verified.has(code)) ? 'verified' : 'untraced';
}

/**
 * Whether this Patient is proved to be the person: NHS number equal, and birth date equal or the same at a lesser
 * precision. What is absent proves nothing (H1). A number that the source has not traced proves it beside a whole birth
 * date alone, one that it has doubts about not at all.
 * @returns the fields that differ or are not there; none where it is proved
 */
export function differences(person: KnownPerson, patient: Resource): readonly DifferingField[] {
  const numbers = nhsNumbersOf(patient);
  // A Patient who has a number now is not the one that was opened without.
  if (person.nhsNumber === undefined)
    return numbers.length === 0 && text(patient['id']) === person.hostPatientId ? [] : ['nhsNumber'];
  const fields: DifferingField[] = [];
  const standing = standingOf(patient);
  if (numbers.length !== 1 || numbers[0] !== person.nhsNumber || standing === 'doubtful') fields.push('nhsNumber');
  const birthDate = text(patient['birthDate']);
  const isWhole = birthDate !== undefined && birthDate.length >= 10;
  if (!sameBirthDate(person.birthDate, birthDate) || (standing === 'untraced' && !isWhole)) fields.push('birthDate');
  return fields;
}

/**
 * Reads whether an Identifier is one of the person's: the NHS number, or one that a proved Patient of theirs carries at
 * this source.
 */
export function ownIdentifiers(
  own: readonly { readonly resource: Resource }[],
  nhsNumber: string | undefined,
): (identifier: JsonObject) => boolean {
  const name = (one: JsonObject): string => `${text(one['system']) ?? ''}|${text(one['value']) ?? ''}`;
  const names = new Set(
    own
      .flatMap(({ resource }) => objects(resource['identifier']))
      .filter((one) => text(one['value']) !== undefined && text(one['use']) !== 'old')
      .map(name),
  );
  return (identifier) =>
    text(identifier['system']) === system.nhsNumber
      ? text(identifier['value'])?.replaceAll(/[\s-]/g, '') === nhsNumber
      : names.has(name(identifier));
}

/**
 * Whether a Patient that stands within a resource is the person. It mostly has neither a number nor a whole birth date;
 * one identifier of the person's must be there, and nothing that says otherwise.
 */
export function isContainedPerson(
  person: KnownPerson,
  isOwnIdentifier: (identifier: JsonObject) => boolean,
  patient: Resource,
): boolean {
  const birthDate = text(patient['birthDate']);
  if (person.nhsNumber !== undefined && birthDate !== undefined && !sameBirthDate(person.birthDate, birthDate))
    return false;
  const numbers = nhsNumbersOf(patient);
  if (numbers.length > 0) return numbers.length === 1 && numbers[0] === person.nhsNumber;
  return objects(patient['identifier']).some((one) => text(one['use']) !== 'old' && isOwnIdentifier(one));
}

function namesOf(patient: Resource): readonly string[] {
  return objects(patient['name'])
    .flatMap((name) => [...texts(name['family'] ?? []), ...texts(name['given'] ?? []), ...texts(name['text'] ?? [])])
    .flatMap((name) => name.toLowerCase().split(/[\s,]+/))
    .filter((name) => name.length > 2);
}

/**
 * Finds, as a word, any name that a source alone has for the person; undefined where it has none. A former name may tell
 * of a gender change, and leaves the server no more in a narrative than in the Patient.
 */
export function strangeName(own: readonly { readonly resource: Resource }[], person: Resource): RegExp | undefined {
  const known = new Set(namesOf(person));
  const strange = [...new Set(own.flatMap(({ resource }) => namesOf(resource)))].filter((name) => !known.has(name));
  if (strange.length === 0) return undefined;
  const words = strange.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)).join('|');
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${words})(?![\p{L}\p{N}])`, 'iu');
}
