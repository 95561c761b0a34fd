import { nameOf, codingsOf } from '../../../src/fhir/coding.ts';
import { formatDate, formatDateTime, parseDate } from '../../../src/fhir/date.ts';
import { number, object, objects, text, type JsonObject } from '../../../src/fhir/json.ts';
import { metaOf, type Resource } from '../../../src/fhir/resource.ts';
import { ohc } from '../../../src/fhir/systems.ts';
import { whenOf } from './section.ts';

/** One line of a section's table, in words. */
export type Row = { readonly what: string; readonly detail: string; readonly when: string; readonly from: string };

function quantity(value: JsonObject): string {
  const amount = number(value['value']);
  if (amount === undefined) return '';
  return [`${text(value['comparator']) ?? ''}${amount}`, text(value['unit']) ?? text(value['code']) ?? '']
    .filter((part) => part !== '')
    .join(' ');
}

/** A value of any of the kinds that an Observation or a component may have. */
function valueOf(part: JsonObject): string {
  const of = object(part['valueQuantity']);
  if (of !== undefined) return quantity(of);
  const named = nameOf(part['valueCodeableConcept']);
  if (named !== undefined) return named;
  for (const member of ['valueString', 'valueDateTime', 'valueTime'] as const) {
    const said = text(part[member]);
    if (said !== undefined) return said;
  }
  const plain = part['valueBoolean'] ?? part['valueInteger'];
  return typeof plain === 'boolean' ? (plain ? 'yes' : 'no') : typeof plain === 'number' ? String(plain) : '';
}

/** What a thing is called; a reference is followed to what it names, where that is here. */
function calledBy(resource: Resource, resolve: (reference: string) => Resource | undefined): string {
  const medicine = object(resource['medicationReference']) ?? object(resource['device']);
  const named =
    nameOf(resource['code']) ??
    nameOf(resource['medicationCodeableConcept']) ??
    nameOf(resource['vaccineCode']) ??
    nameOf(resource['category']) ??
    text(resource['title']);
  if (medicine !== undefined) {
    const target = resolve(text(medicine['reference']) ?? '');
    const called =
      target === undefined ? undefined : (nameOf(target['code']) ?? nameOf(target['type']) ?? text(target['name']));
    return called ?? text(medicine['display']) ?? named ?? 'Not named';
  }
  const codes = codingsOf(resource['code']).map((one) => one.code);
  return named ?? codes.find((one) => one !== undefined) ?? 'Not named';
}

function detailOf(resource: Resource): string {
  const parts = [
    valueOf(resource),
    ...objects(resource['component']).map((one) => `${nameOf(one['code']) ?? ''} ${valueOf(one)}`.trim()),
    text(resource['conclusion']) ?? '',
    ...objects(resource['dosageInstruction']).map((one) => text(one['text']) ?? ''),
    ...objects(resource['dosage']).map((one) => text(one['text']) ?? ''),
    ...objects(resource['reaction']).flatMap((one) => objects(one['manifestation']).map((what) => nameOf(what) ?? '')),
    text(resource['criticality']) === undefined ? '' : `criticality ${String(resource['criticality'])}`,
    ...objects(resource['condition']).map((one) => nameOf(one['code']) ?? ''),
    nameOf(resource['clinicalStatus']) ?? codingsOf(resource['clinicalStatus'])[0]?.code ?? '',
    text(resource['status']) ?? '',
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function dateOf(resource: Resource): string {
  const at = parseDate(whenOf(resource));
  if (at === undefined) return 'Date not recorded';
  return at.precision === 'time' ? formatDateTime(at) : formatDate(at);
}

/** What the organisation is called that gave a resource, by its label; undefined where it bears none. */
export function givenBy(resource: Resource): string | undefined {
  const label = objects(metaOf(resource)['tag']).find((tag) => text(tag['system']) === ohc.sourceLabel);
  return text(label?.['display']) ?? text(label?.['code']);
}

/** A resource as a line of its section. */
export function rowOf(resource: Resource, resolve: (reference: string) => Resource | undefined): Row {
  return {
    what: calledBy(resource, resolve),
    detail: detailOf(resource),
    when: dateOf(resource),
    from: givenBy(resource) ?? '',
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A text as XHTML: nothing of it is markup, and no character that XML 1.0 does not know. */
function escaped(words: string): string {
  return words
    .toWellFormed()
    .replaceAll(/[&<>"]/g, (one) => entities[one] ?? one)
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

/** A Narrative of sentences and, below them, one row for each fact. */
export function narrative(sentences: readonly string[], rows: readonly Row[]): JsonObject {
  const paragraphs = sentences.map((one) => `<p>${escaped(one)}</p>`).join('');
  const head = '<thead><tr><th>What</th><th>Detail</th><th>When</th><th>From</th></tr></thead>';
  const body = rows
    .map(
      (row) =>
        `<tr>${[row.what, row.detail, row.when, row.from].map((one) => `<td>${escaped(one)}</td>`).join('')}</tr>`,
    )
    .join('');
  const table = rows.length === 0 ? '' : `<table>${head}<tbody>${body}</tbody></table>`;
  return { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs}${table}</div>` };
}
