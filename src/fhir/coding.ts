import { boolean, objects, text, type JsonObject } from './json.ts';

/** A code in a system. Codes are texts, never numbers: a SNOMED CT id may have more digits than a number can hold. */
export type Coding = {
  readonly system?: string;
  readonly code?: string;
  readonly display?: string;
  readonly userSelected?: boolean;
};

function coding(value: JsonObject): Coding {
  const one: { -readonly [member in keyof Coding]: Coding[member] } = {};
  const system = text(value['system']);
  const code = text(value['code']);
  const display = text(value['display']);
  const userSelected = boolean(value['userSelected']);
  if (system !== undefined) one.system = system;
  if (code !== undefined) one.code = code;
  if (display !== undefined) one.display = display;
  if (userSelected !== undefined) one.userSelected = userSelected;
  return one;
}

const noCodings: readonly Coding[] = [];

function codingsIn(concept: JsonObject): readonly Coding[] {
  const inner = objects(concept['coding']);
  if (inner.length > 0) return inner.map(coding);
  return text(concept['code']) === undefined && text(concept['display']) === undefined ? noCodings : [coding(concept)];
}

/** All codings of a CodeableConcept, of a list of them, or of a bare Coding. */
export function codingsOf(value: unknown): readonly Coding[] {
  if (value === undefined || value === null) return noCodings;
  const concepts = objects(value);
  const [only] = concepts;
  if (only === undefined) return noCodings;
  return concepts.length === 1 ? codingsIn(only) : concepts.flatMap(codingsIn);
}

/** True where any coding of the concept is this code in this system. */
export function hasCode(concept: unknown, system: string, ...codes: readonly string[]): boolean {
  return codingsOf(concept).some((one) => one.system === system && one.code !== undefined && codes.includes(one.code));
}

/** Systems whose codes say only why nothing was said (`unknown`): they name nothing, and nothing is matched by them. */
const absences = new Set([
  'http://terminology.hl7.org/CodeSystem/v3-NullFlavor',
  'http://hl7.org/fhir/v3/NullFlavor',
  'http://terminology.hl7.org/CodeSystem/data-absent-reason',
  'http://hl7.org/fhir/data-absent-reason',
]);

/** True for a coding that says only that nothing was said. */
export function saysAbsent(one: Coding): boolean {
  return one.system !== undefined && absences.has(one.system);
}

/**
 * What a CodeableConcept is called: its text, else the display that a user selected, else the first display
 * (the order that UK aggregators agreed on). Undefined where the sender named nothing.
 */
export function nameOf(concept: unknown): string | undefined {
  const first = objects(concept)[0];
  if (first === undefined) return typeof concept === 'string' ? text(concept) : undefined;
  const own = text(first['text']);
  if (own !== undefined) return own;
  let display: string | undefined;
  for (const one of codingsOf(first)) {
    if (one.display === undefined || saysAbsent(one)) continue;
    if (one.userSelected === true) return one.display;
    display ??= one.display;
  }
  return display ?? text(first['display']);
}

/** The first code of a concept in the given system, or of any system where none is given. */
export function codeOf(concept: unknown, system?: string): string | undefined {
  return codingsOf(concept).find((one) => (system === undefined || one.system === system) && one.code !== undefined)
    ?.code;
}
