import { parseDate } from '../../src/fhir/date.ts';
import { objects, text, texts, type JsonObject } from '../../src/fhir/json.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
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

/**
 * Whether this Patient is proved to be the person: NHS number equal, and birth date equal or the same at a lesser
 * precision. What is absent proves nothing (H1).
 * @returns the fields that differ or are not there; none where it is proved
 */
export function differences(person: KnownPerson, patient: Resource): readonly DifferingField[] {
  const numbers = nhsNumbersOf(patient);
  // A Patient who has a number now is not the one that was opened without.
  if (person.nhsNumber === undefined)
    return numbers.length === 0 && text(patient['id']) === person.hostPatientId ? [] : ['nhsNumber'];
  const fields: DifferingField[] = [];
  if (numbers.length !== 1 || numbers[0] !== person.nhsNumber) fields.push('nhsNumber');
  if (!sameBirthDate(person.birthDate, text(patient['birthDate']))) fields.push('birthDate');
  return fields;
}

/** A record that was merged into another one says so itself. */
function isReplaced(patient: Resource): boolean {
  return objects(patient['link']).some((link) => text(link['type']) === 'replaced-by');
}

export type Match =
  | { readonly kind: 'proved'; readonly patient: Resource }
  | { readonly kind: 'none' }
  | { readonly kind: 'mismatch'; readonly differsOn: readonly DifferingField[] };

/**
 * Which of the Patients that a source found is the person. Several are never one (UK Core: several matches happen even
 * for one NHS number); a Patient that another replaces does not count beside it.
 */
export function matchPerson(person: KnownPerson, found: readonly unknown[]): Match {
  const patients = found.filter(isResource).filter((one) => one.resourceType === 'Patient');
  const live = patients.filter((one) => !isReplaced(one));
  const candidates = live.length > 0 ? live : patients;
  const [first] = candidates;
  if (first === undefined) return { kind: 'none' };
  const differsOn = [...new Set(candidates.flatMap((one) => differences(person, one)))];
  if (candidates.length === 1 && differsOn.length === 0) return { kind: 'proved', patient: first };
  return { kind: 'mismatch', differsOn };
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
