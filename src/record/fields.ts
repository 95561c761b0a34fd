import { codingsOf, nameOf } from '../fhir/coding.ts';
import { formatDateTime } from '../fhir/date.ts';
import { isObject, lookup, text, type JsonObject } from '../fhir/json.ts';
import type { Resource } from '../fhir/resource.ts';
import { dateOf, joined, personName, quantityText } from './element.ts';
import type { Code, Field } from './record.ts';
import { wordOf } from './words.ts';

const labels: Readonly<Record<string, string>> = {
  clinicalStatus: 'Status',
  verificationStatus: 'Certainty',
  criticality: 'Risk',
  recordedDate: 'Recorded',
  assertedDate: 'Recorded',
  onsetDateTime: 'Started',
  onsetPeriod: 'Started',
  onsetString: 'Started',
  abatementDateTime: 'Ended',
  effectiveDateTime: 'Date',
  effectivePeriod: 'Period',
  issued: 'Issued',
  authoredOn: 'Written',
  dosageInstruction: 'Dose',
  dosage: 'Dose',
  medicationCodeableConcept: 'Medicine',
  medicationReference: 'Medicine',
  valueQuantity: 'Value',
  valueCodeableConcept: 'Value',
  valueString: 'Value',
  referenceRange: 'Reference range',
  code: 'Name',
  vaccineCode: 'Vaccine',
  note: 'Note',
  recorder: 'Recorded by',
  asserter: 'Said by',
  performer: 'Done by',
  requester: 'Asked for by',
  serviceProvider: 'Organisation',
  reasonCode: 'Reason',
  lotNumber: 'Batch',
  occurrenceDateTime: 'Date',
  performedDateTime: 'Date',
};

/** Not shown as fields: they stand in *Raw FHIR*, and say nothing of the person. */
const technical = new Set(['resourceType', 'id', 'meta', 'text', 'implicitRules', 'language']);
/** The person themself: every resource has it. */
const person = new Set(['subject', 'patient', 'beneficiary']);
/** What a clinician looks for first, in this order; the rest follows as the source sent it. */
const first = [
  'code',
  'medicationCodeableConcept',
  'medicationReference',
  'vaccineCode',
  'clinicalStatus',
  'verificationStatus',
  'status',
  'criticality',
  'category',
  'severity',
  'dosage',
  'dosageInstruction',
  'valueQuantity',
  'reaction',
];

function labelOf(key: string, element: unknown): string {
  if ((key === 'extension' || key === 'modifierExtension') && isObject(element)) {
    const url = text(element['url']) ?? key;
    return wordOf(
      (url.split('/').at(-1) ?? url)
        .replace(/^Extension-(UKCore|CareConnect(-GPC)?|England)-/, '')
        .replace(/-\d+$/, ''),
    );
  }
  return lookup(labels, key) ?? wordOf(key);
}

function isConcept(value: JsonObject): boolean {
  return (
    Array.isArray(value['coding']) ||
    (value['code'] !== undefined && value['system'] !== undefined && value['value'] === undefined)
  );
}

const only = (value: JsonObject, ...members: readonly string[]): boolean =>
  Object.keys(value).every((key) => members.includes(key));

/** An element of a well-known datatype as one text, or undefined where it must be walked. */
function wholeText(value: JsonObject, nameOfReference: (reference: unknown) => string | undefined): string | undefined {
  if (isConcept(value) && only(value, 'coding', 'text', 'system', 'code', 'display', 'userSelected', 'version', 'id')) {
    const name = nameOf(value);
    const codes = codingsOf(value).map((one) => one.code);
    return name ?? joined(codes, ', ');
  }
  if (value['value'] !== undefined && only(value, 'value', 'unit', 'system', 'code', 'comparator'))
    return quantityText(value);
  if ((value['start'] !== undefined || value['end'] !== undefined) && only(value, 'start', 'end')) {
    return `${leafText('start', value['start']) ?? ''} – ${leafText('end', value['end']) ?? ''}`.trim();
  }
  if (typeof value['reference'] === 'string' && only(value, 'reference', 'display', 'type', 'identifier'))
    return nameOfReference(value) ?? text(value['reference']);
  if (
    (value['family'] !== undefined || value['given'] !== undefined) &&
    only(value, 'family', 'given', 'prefix', 'use', 'text', 'suffix', 'period')
  )
    return personName(value);
  return undefined;
}

function leafText(key: string, value: unknown): string | undefined {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return undefined;
  const date =
    /^\d{4}(-\d\d)?/.test(value) && !/identifier|value$|^code$|url|system/i.test(key) ? dateOf(value) : undefined;
  if (date !== undefined && date.precision !== 'year') return formatDateTime(date);
  return /^[a-z]+(-[a-z]+)+$/.test(value) && /status|intent|criticality|severity/i.test(key) ? wordOf(value) : value;
}

/** Every element of a resource as fields for the drawer: known ones in clinical words, none left out, however deep. */
export function fieldsOf(
  resource: Resource,
  nameOfReference: (reference: unknown) => string | undefined,
): readonly Field[] {
  const fields: Field[] = [];
  const walk = (value: unknown, label: string, path: string, key: string, depth: number): void => {
    if (value === undefined || value === null || value === '') return;
    if (depth > 40) {
      fields.push({ label, value: 'See Raw FHIR', path });
      return;
    }
    if (Array.isArray(value)) {
      value.forEach((one, index) => walk(one, label, `${path}[${index}]`, key, depth + 1));
      return;
    }
    if (!isObject(value)) {
      const told = leafText(key, value);
      if (told !== undefined) fields.push({ label, value: told, path });
      return;
    }
    const own = key === 'extension' || key === 'modifierExtension' ? labelOf(key, value) : undefined;
    const named = own === undefined ? label : depth <= 2 ? own : `${label}: ${own}`;
    const whole = wholeText(value, nameOfReference);
    if (whole !== undefined) {
      fields.push({ label: named, value: whole, path });
      return;
    }
    for (const [member, inner] of Object.entries(value)) {
      if (member === 'url' && own !== undefined) continue;
      const isValue = own !== undefined && member.startsWith('value');
      const isText = member === 'text' && typeof inner === 'string';
      const below =
        isValue || isText || member === 'extension' ? named : `${named}: ${labelOf(member, inner).toLowerCase()}`;
      walk(inner, below, `${path}.${member}`, member, depth + 1);
    }
  };
  const members = Object.keys(resource).filter((key) => !technical.has(key) && !person.has(key));
  const place = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length);
  for (const key of members.toSorted((a, b) => place(a) - place(b)))
    walk(resource[key], labelOf(key, undefined), key, key, 0);
  return fields;
}

/** Every coding within a resource, each once. */
export function codesOf(resource: Resource): readonly Code[] {
  const found = new Map<string, Code>();
  const walk = (value: unknown, depth: number): void => {
    if (depth > 60) return;
    if (Array.isArray(value)) for (const one of value) walk(one, depth + 1);
    else if (isObject(value)) {
      if (text(value['code']) !== undefined && text(value['system']) !== undefined) {
        const code: Code = {
          system: text(value['system']),
          code: text(value['code']),
          display: text(value['display']),
        };
        found.set(`${code.system ?? ''}|${code.code ?? ''}`, code);
      }
      for (const key in value) if (key !== 'meta') walk(value[key], depth + 1);
    }
  };
  walk(resource, 0);
  return [...found.values()];
}
