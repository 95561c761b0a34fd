import { isObject, object, objects, text } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { ohc } from '../../../src/fhir/systems.ts';
import { terminologyOf } from '../../privacy/terminology.ts';

/** A code that nothing here understands, and how often it came. */
export type LocalCode = { readonly system: string; readonly code: string; readonly count: number };

/** What the codes of a source come to. */
export type CodeReport = {
  /** Codes of its own that have no map and stand beside no code that is understood; the most frequent first. */
  readonly unmapped: readonly LocalCode[];
  /** How many of its own codes have a map. */
  readonly mapped: number;
  /** How many things are named by words alone, without any code. */
  readonly wordsAlone: number;
};

/** Systems that are part of FHIR, HL7, the NHS or the internet's own standards. */
const standard =
  /^(https?:\/\/(terminology\.)?hl7\.org\/|https?:\/\/fhir\.hl7\.org\.uk\/|https?:\/\/fhir\.nhs\.uk\/|https?:\/\/loinc\.org|https?:\/\/unitsofmeasure\.org|https?:\/\/dicom\.nema\.org|urn:(ietf|iso):)/;

function isUnderstood(system: string | undefined): boolean {
  if (system === undefined) return false;
  return standard.test(system) || terminologyOf(system) !== 'other';
}

/** A code as it may be printed: what has spaces or is long is words, and may be about a person. */
function printable(code: string | undefined): string {
  if (code === undefined) return '(no code)';
  return /^[\w.:;^|+*/-]{1,40}$/.test(code) && !/\d{10}/.test(code) ? code : '(not a code)';
}

/** Goes through what a source gave, its maps applied. Gives codes and counts, and no word of any record. */
export function codeReport(resources: readonly Resource[]): CodeReport {
  const counts = new Map<string, { system: string; code: string; count: number }>();
  let mapped = 0;
  let wordsAlone = 0;

  const concept = (codings: readonly unknown[]): void => {
    const known = codings.filter(isObject);
    const added = known.filter((one) => objects(one['extension']).some((more) => more['url'] === ohc.mappedBy));
    mapped += added.length;
    if (known.some((one) => isUnderstood(text(one['system'])))) return;
    for (const one of known) {
      const system = text(one['system']) ?? '(no system)';
      const code = printable(text(one['code']));
      const row = counts.get(`${system} ${code}`) ?? { system, code, count: 0 };
      row.count += 1;
      counts.set(`${system} ${code}`, row);
    }
  };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const one of value) walk(one);
      return;
    }
    if (!isObject(value)) return;
    const { coding } = value;
    if (Array.isArray(coding) && coding.length > 0) concept(coding);
    for (const name in value) if (name !== 'coding') walk(value[name]);
  };
  for (const resource of resources) {
    walk(resource);
    const code = object(resource['code']) ?? object(resource['medicationCodeableConcept']);
    if (code !== undefined && objects(code['coding']).length === 0 && text(code['text']) !== undefined) wordsAlone += 1;
  }
  return { unmapped: [...counts.values()].toSorted((a, b) => b.count - a.count), mapped, wordsAlone };
}
