import { codeOf, codingsOf, nameOf } from '../fhir/coding.ts';
import { object, objects, text } from '../fhir/json.ts';
import { attachmentOf } from './attachments.ts';
import { identifierKeys, joined, plainText, statusOf, statusWord, whenOf } from './element.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import { words } from './words.ts';

/** Document types that decide on treatment escalation or resuscitation. */
const escalation = new Set(['1382601000000107', '735324008']);
/** Document types that are plans (NRL). */
const plans = new Set([
  '736253002',
  '887701000000100',
  '861421000000109',
  '325691000000100',
  '736373009',
  '736366004',
  '2181441000000107',
  '734163000',
]);

/** Where something belongs by its type: a treatment-escalation decision, a plan, or neither. */
export function planKind(...concepts: readonly unknown[]): 'escalation' | 'plan' | undefined {
  const codes = concepts.flatMap((one) => codingsOf(one)).map((one) => one.code ?? '');
  if (codes.some((one) => escalation.has(one))) return 'escalation';
  const named = concepts.map((one) => nameOf(one) ?? '').join(' ');
  if (
    /\brespect\b|treatment escalation|dnacpr|do not (attempt|resuscitate)|resuscitation (decision|status)/i.test(named)
  )
    return 'escalation';
  return codes.some((one) => plans.has(one)) ? 'plan' : undefined;
}

/** DocumentReference: letters, summaries, reports; a plan by its type stands among the care plans. */
export function readDocument(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const contents = objects(resource['content']).map((one) => object(one['attachment']) ?? {});
  const context = object(resource['context']);
  const when = whenOf(
    resource['date'],
    ...contents.map((one) => one['creation']),
    resource['created'],
    resource['indexed'],
    context?.['period'],
  );
  const kind = planKind(
    resource['type'],
    ...(Array.isArray(resource['category']) ? (resource['category'] as readonly unknown[]) : []),
  );
  const own =
    text(resource['description']) ?? contents.map((one) => text(one['title'])).find((one) => one !== undefined);
  const type = nameOf(resource['type']);
  const title = type ?? own ?? words.nameNotRecorded;
  const authors = joined(
    [...objects(resource['author']).map((one) => reader.nameOf(one)), reader.nameOf(resource['custodian'])],
    ', ',
  );
  const superseded = status === 'superseded';
  const hashes = contents.map((one) => text(one['hash'])).filter((one) => one !== undefined);
  const exact =
    when.date?.precision === 'time' ? [`at|${when.date.instant}|${plainText(title)}|${plainText(own ?? '')}`] : [];
  return fact(reader, {
    section: kind === undefined ? 'documents' : 'care-plans',
    subsection: kind ?? (superseded ? 'past' : 'current'),
    title,
    status: status === 'current' ? undefined : statusWord(status),
    detail: joined([own === title ? undefined : own, authors, nameOf(context?.['practiceSetting'])]),
    when,
    struckThrough: status === 'entered-in-error',
    keys: [
      ...identifierKeys(resource, 'masterIdentifier', 'identifier'),
      ...hashes.map((one) => `hash|${one}`),
      ...exact,
    ],
    rank: superseded ? 1 : 0,
    current: !superseded && status !== 'entered-in-error',
    compared: { status, type: codeOf(resource['type']) },
    attachments: contents.map(attachmentOf),
    event: {
      kind: 'other',
      start: when.date,
      end: undefined,
      place: undefined,
      who: authors,
      specialty: nameOf(context?.['practiceSetting']),
      status: undefined,
    },
  });
}

/** Composition: a document whose text came with it. */
export function readComposition(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const kind = planKind(resource['type']);
  return fact(reader, {
    section: kind === undefined ? 'documents' : 'care-plans',
    subsection: kind ?? 'current',
    title: text(resource['title']) ?? nameOf(resource['type']) ?? words.nameNotRecorded,
    status: status === 'final' ? undefined : statusWord(status),
    detail: joined([
      joined(
        objects(resource['author']).map((one) => reader.nameOf(one)),
        ', ',
      ),
      ...objects(resource['section']).map((one) => text(one['title'])),
    ]),
    when: whenOf(resource['date']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    current: true,
  });
}

/** Binary: a document's content that came by itself. */
export function readBinary(reader: Reader): Fact {
  const { resource } = reader;
  return fact(reader, {
    section: 'about',
    subsection: 'supporting',
    title: 'Document content',
    detail: text(resource['contentType']),
    when: whenOf(undefined),
    attachments: [attachmentOf(resource)],
  });
}
