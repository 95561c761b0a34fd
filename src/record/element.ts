import { codingsOf, nameOf, saysAbsent } from '../fhir/coding.ts';
import { formatDate, parseDate, type FhirDate } from '../fhir/date.ts';
import { isObject, lookup, number, object, objects, text, texts, type JsonObject } from '../fhir/json.ts';
import { decimalPlacesOf } from '../fhir/quantity-precision.ts';
import { system } from '../fhir/systems.ts';
import { remembering } from './memory.ts';
import { statusWords, wordOf, words } from './words.ts';

/** A date as far as it can be read, and how it is shown: what is no real date stands as it was recorded, undated (H7). */
export type When = { readonly date: FhirDate | undefined; readonly text: string };

const undated: When = { date: undefined, text: words.dateNotRecorded };

/** Years beyond this are a system's way to say "no end", not dates. */
const lastYear = 2200;

const nothing: readonly never[] = [];

/** Each instant costs a calendar look-up. */
const read = remembering((value): When | undefined => {
  const date = parseDate(value);
  return date === undefined || date.year > lastYear ? undefined : { date, text: formatDate(date) };
}, 50_000);

/** `parseDate` for what a record says: undefined also for a year that means "no end". */
export function dateOf(value: unknown): FhirDate | undefined {
  return typeof value === 'string' ? read(value)?.date : undefined;
}

/** The first of the values that is a date; a Period counts by its start, else its end. */
export function whenOf(...values: readonly unknown[]): When {
  let recorded: string | undefined;
  for (const value of values) {
    if (value === undefined) continue;
    const period = object(value);
    const candidates = period === undefined ? [value] : [period['start'], period['end']];
    for (const one of candidates) {
      const when = typeof one === 'string' ? read(one) : undefined;
      if (when !== undefined) return when;
      recorded ??= text(one);
    }
  }
  return recorded === undefined ? undated : { date: undefined, text: recorded };
}

/** The start and end of a Period (or of a lone date: both the same). */
export function spanOf(value: unknown): { readonly start: FhirDate | undefined; readonly end: FhirDate | undefined } {
  const period = object(value);
  if (period === undefined) return { start: dateOf(value), end: undefined };
  return { start: dateOf(period['start']), end: dateOf(period['end']) };
}

/** A status that may come as a code (R4's `code`, all of STU3) or as a CodeableConcept. Lower case. */
export function statusOf(value: unknown): string | undefined {
  const plain = text(value);
  if (plain !== undefined) return plain.toLowerCase();
  const first = codingsOf(value).find((one) => one.code !== undefined)?.code ?? nameOf(value);
  return first?.toLowerCase();
}

/** Extensions whose URL ends in the given name, UK Core's R4 form or its STU3 predecessor (`…-ListWarningCode-1`). */
export function extensionsOf(element: JsonObject, name: string): readonly JsonObject[] {
  if (element['extension'] === undefined) return [];
  return objects(element['extension']).filter((one) => {
    const tail = (text(one['url']) ?? '').replace(/-\d+$/, '').split('/').at(-1) ?? '';
    return tail === name || tail.endsWith(`-${name}`);
  });
}

/** The `value[x]` of an element, whatever its type. */
export function anyValue(element: JsonObject, prefix = 'value'): unknown {
  for (const key in element) if (key.startsWith(prefix) && key.length > prefix.length) return element[key];
  return undefined;
}

/** Dates of every choice of an element (`onsetDateTime`, `onsetPeriod`), as a list for {@link whenOf}. */
export function choiceDates(element: JsonObject, prefix: string): readonly unknown[] {
  return [
    element[`${prefix}DateTime`],
    element[`${prefix}Period`],
    element[`${prefix}Date`],
    element[`${prefix}Instant`],
  ];
}

/** Codes that say only that something was once coded: they name nothing and must match nothing (H4). */
const degraded = new Set(['196421000000109', '196461000000101', '196411000000103']);

const plain = (value: string): string => value.toLowerCase().replaceAll(/\s+/g, ' ').trim();

/**
 * What a concept is matched by: its whole set of (system, code), translations included; its text only where it has no
 * code, so that a coded and an uncoded record never meet by their words alone. Empty where it names nothing.
 */
export function conceptKeys(...concepts: readonly unknown[]): readonly string[] {
  const keys: string[] = [];
  for (const concept of concepts)
    for (const one of codingsOf(concept)) {
      if (one.code === undefined || degraded.has(one.code) || saysAbsent(one)) continue;
      if (one.display?.startsWith('Transfer-degraded') === true) continue;
      keys.push(one.system === undefined ? `|${one.code}|${plain(one.display ?? '')}` : `${one.system}|${one.code}`);
    }
  if (keys.length > 0) return keys;
  const name = concepts.map(nameOf).find((one) => one !== undefined);
  return name === undefined ? [] : [`text|${plain(name)}`];
}

/** A name as it is compared: case and spaces apart. */
export function plainText(value: string): string {
  return plain(value);
}

/** Identifiers that belong to a person, a place or a whole referral: sharing one does not make two records the same. */
const shared = new Set<string>([system.nhsNumber, system.odsOrganisation, system.odsSite, system.ubrn]);

/** The business identifiers of a resource: system and value both there, none that many records share by nature. */
export function identifierKeys(resource: JsonObject, ...members: readonly string[]): readonly string[] {
  if (members.length === 0)
    return resource['identifier'] === undefined ? nothing : identifierKeys(resource, 'identifier');
  const keys: string[] = [];
  for (const member of members) {
    if (resource[member] === undefined) continue;
    for (const one of objects(resource[member])) {
      const [space, value] = [text(one['system']), text(one['value'])];
      if (space !== undefined && value !== undefined && !shared.has(space)) keys.push(`id|${space}|${value}`);
    }
  }
  return keys;
}

const noBreak = ' ';

/**
 * A number as it is shown: grouped in thousands from 10,000 and on four digits as the NHS writes them (`4,210`).
 * @param places the decimal places that were recorded: noughts are added up to them, nothing is rounded
 */
export function formatNumber(value: number, places = 0): string {
  const told = String(value);
  if (places === 0 && value > -1000 && value < 1000) return told;
  const [whole = '', digits] = told.split('.');
  const fraction = places === 0 ? digits : (digits ?? '').padEnd(places, '0');
  if (whole.includes('e')) return told;
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

const ucumWords: Readonly<Record<string, string>> = {
  umol: 'µmol',
  'umol/L': 'µmol/L',
  'ug/L': 'µg/L',
  'mm[Hg]': 'mmHg',
  '10*9/L': '×10⁹/L',
  '10^9/L': '×10⁹/L',
  '10⁹/L': '×10⁹/L',
  '10*12/L': '×10¹²/L',
  '10^12/L': '×10¹²/L',
  '10¹²/L': '×10¹²/L',
  Cel: '°C',
  'kg/m2': 'kg/m²',
  'mL/min/{1.73_m2}': 'mL/min/1.73 m²',
  '/min': '/min',
  '{score}': '',
};

/** The unit of a Quantity as recorded; a bare UCUM code in its usual writing. */
export function unitOf(quantity: JsonObject): string | undefined {
  const unit = text(quantity['unit']) ?? text(quantity['code']);
  if (unit === undefined) return undefined;
  const shown = lookup(ucumWords, unit) ?? unit;
  return shown === '' || shown === '1' ? undefined : shown;
}

/** `≥`, `<` … as recorded, then the number, without the unit. */
export function amountOf(quantity: JsonObject): string | undefined {
  const value = number(quantity['value']) ?? text(quantity['value']);
  if (value === undefined) return undefined;
  const comparator = text(quantity['comparator']);
  return `${comparator ?? ''}${typeof value === 'number' ? formatNumber(value, decimalPlacesOf(quantity)) : value}`;
}

/** A Quantity in full, `28 tablet`, or undefined where it has no value. */
export function quantityText(value: unknown): string | undefined {
  const quantity = object(value);
  if (quantity === undefined) return undefined;
  const amount = amountOf(quantity);
  const unit = unitOf(quantity);
  return amount === undefined ? unit : unit === undefined ? amount : `${amount}${noBreak}${unit}`;
}

/** A HumanName as the NHS CUI has it: `SMITH, John (Mr)`; its text where it has no parts. */
export function personName(value: unknown): string | undefined {
  const names = objects(value);
  const name =
    names.find((one) => statusOf(one['use']) === 'official') ??
    names.find((one) => statusOf(one['use']) === 'usual') ??
    names[0];
  if (name === undefined) return text(value);
  const family = texts(name['family']).join(' ');
  const given = texts(name['given']).join(' ');
  const title = texts(name['prefix']).join(' ');
  if (family === '' && given === '') return text(name['text']);
  const whole = [family.toUpperCase(), given].filter((one) => one !== '').join(', ');
  return title === '' ? whole : `${whole} (${title})`;
}

/** The texts of a list of Annotations (or of plain texts). */
export function notesOf(value: unknown): readonly string[] {
  if (value === undefined) return nothing;
  const lone = text(value);
  if (lone !== undefined) return [lone];
  return objects(value)
    .map((one) => text(one['text']))
    .filter((one) => one !== undefined);
}

/** The names of a list of CodeableConcepts. */
export function namesOf(value: unknown): readonly string[] {
  if (value === undefined) return nothing;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map(nameOf).filter((one) => one !== undefined);
}

/** Parts joined as one line of detail, none twice; undefined where there are none. Never cut (H7). */
export function joined(parts: readonly (string | undefined)[], between = '; '): string | undefined {
  const whole: string[] = [];
  for (const one of parts) if (one !== undefined && one !== '' && !whole.includes(one)) whole.push(one);
  return whole.length === 0 ? undefined : whole.join(between);
}

/** A code as a word, or undefined. */
export function statusWord(status: string | undefined): string | undefined {
  return status === undefined ? undefined : (statusWords.get(status) ?? wordOf(status));
}

/** True for a JSON object that has a member of this name. */
export function has(value: unknown, member: string): boolean {
  return isObject(value) && value[member] !== undefined;
}
