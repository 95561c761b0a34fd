import type { ListedSystem } from '../config/code-list.ts';

/**
 * What a coding's `system` is, whatever alias the sender wrote: version suffixes, OIDs, older URIs and plain names.
 * `none` is a coding without a system; `services` are the national lists of treatment functions and specialties.
 */
export type Terminology = ListedSystem | 'Read' | 'services' | 'ods' | 'shhapt' | 'none' | 'other';

const aliases: readonly (readonly [RegExp, Terminology])[] = [
  [/^https?:\/\/snomed\.info\/x?sct|^https?:\/\/snomed\.info\/id|2\.16\.840\.1\.113883\.6\.96$|^snomed/i, 'SNOMED CT'],
  [/dmd\.nhs\.uk|\/(nhs-?)?dm\+?-?d\b|^dm\+?d$|2\.16\.840\.1\.113883\.2\.1\.3\.2\.4\.16\.30$/i, 'dm+d'],
  [/ctv-?_?3|read[-_ ]?(codes?)?[-_ ]?v?(ersion)?[-_ ]?3|2\.16\.840\.1\.113883\.6\.30\d?$/i, 'CTV3'],
  [/read[-_ ]?(codes?)?[-_ ]?v?(ersion)?[-_ ]?2|2\.16\.840\.1\.113883\.2\.1\.6\.2$/i, 'Read v2'],
  [/read\.info|\bread[-_ ]?codes?\b/i, 'Read'],
  [/icd-?_?10(?!.*pcs)|2\.16\.840\.1\.113883\.6\.3$/i, 'ICD-10'],
  [/opcs/i, 'OPCS-4'],
  [/shhapt|gumcad/i, 'shhapt'],
  [/treatment[-_ ]?function|speciali?ty|practice[-_ ]?setting/i, 'services'],
  [/\/id\/ods-(organi[sz]ation|site)(-code)?$|^urn:oid:2\.16\.840\.1\.113883\.2\.1\.3\.2\.4\.18\.48$|^ods$/i, 'ods'],
];

const known = new Map<string, Terminology>();

/** The terminology that a `system` names. A number of systems is known by heart; sources send few different ones. */
export function terminologyOf(system: unknown): Terminology {
  if (typeof system !== 'string' || system === '') return 'none';
  const seen = known.get(system);
  if (seen !== undefined) return seen;
  const plain = system.trim();
  const found = aliases.find(([pattern]) => pattern.test(plain))?.[1] ?? 'other';
  if (known.size < 5_000) known.set(system, found);
  return found;
}

/** A Read v2 or CTV3 code as its five bytes: case kept, filler dots added, the term suffix of two left off. */
export function readStem(code: string): string {
  return code.trim().slice(0, 5).padEnd(5, '.');
}

/** An ICD-10 or OPCS-4 code without dots, dashes and marks, in capitals: `f64.0` and `F640` are the same. */
export function classificationCode(code: string): string {
  return code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

/**
 * The SNOMED CT ids in a code: one, or each of a post-coordinated expression or of an id with its term behind a pipe.
 * Always texts: an id of sixteen and more digits does not survive as a number.
 */
export function snomedIds(code: string): readonly string[] {
  return /^\d+$/.test(code) ? [code] : (code.replaceAll(/\|[^|]*\|/g, ' ').match(/(?<!\d)\d{6,18}(?!\d)/g) ?? []);
}

/** A code as text. A sender that writes a number means its digits. */
export function codeText(code: unknown): string | undefined {
  if (typeof code === 'number') return String(code);
  return typeof code === 'string' && code !== '' ? code.trim() : undefined;
}
