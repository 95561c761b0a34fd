import { codingsOf, nameOf } from '../fhir/coding.ts';
import type { FhirDate } from '../fhir/date.ts';
import { lookup, objects, text } from '../fhir/json.ts';
import { anyValue, dateOf, extensionsOf, notesOf } from './element.ts';
import type { Entry } from './fact.ts';
import { sectionIds, type SectionId, type Warning } from './record.ts';
import { listWarnings, words } from './words.ts';

/** GP Connect's primary lists by their code, with every section that shows what stands in them. */
const listSections: Readonly<Record<string, readonly SectionId[]>> = {
  '886921000000105': ['allergies'],
  '1103671000000101': ['allergies'],
  '1149501000000101': ['encounters', 'documents'],
  '714311000000108': ['appointments'],
  '1102181000000102': ['immunisations'],
  '887191000000108': ['results'],
  '933361000000108': ['medicines'],
  '792931000000107': ['appointments'],
  '717711000000103': ['problems'],
  '826501000000100': ['results', 'vital-signs'],
};

const bySubject: readonly (readonly [RegExp, readonly SectionId[]])[] = [
  [/allerg/, ['allergies']],
  [/medic/, ['medicines']],
  [/immuni|vaccin/, ['immunisations']],
  [/problem/, ['problems']],
  [/uncategor|miscellan/, ['results', 'vital-signs']],
  [/investigation|result/, ['results']],
  [/consult/, ['encounters', 'documents']],
  [/referral|diary|recall/, ['appointments']],
  [/document/, ['documents']],
];

/** `Problems - uncategorised data related to problems`: GP Connect's secondary lists name their subject in the middle. */
const secondary = / - (.+?)(?: (?:contained )?in consultations| (?:related|linked) to problems| not relating\b.*)?$/;

/** What one List says of its own completeness. */
export type ListFacts = {
  readonly sections: readonly SectionId[];
  readonly warnings: readonly Warning[];
  /** One of the practice's warning codes, or a reason that means withheld: then an empty list proves nothing. */
  readonly incomplete: boolean;
  /** The list asserts that there is nothing (`nilknown`). */
  readonly assertsNone: boolean;
  readonly date: FhirDate | undefined;
};

function sectionsOf(entry: Entry): readonly SectionId[] {
  for (const one of codingsOf(entry.resource['code'])) {
    const sections = lookup(listSections, one.code);
    if (sections !== undefined) return sections;
  }
  const title = (text(entry.resource['title']) ?? nameOf(entry.resource['code']) ?? '').toLowerCase();
  const subject = secondary.exec(title)?.[1] ?? `${title} ${nameOf(entry.resource['code'])?.toLowerCase() ?? ''}`;
  return bySubject.find(([pattern]) => pattern.test(subject))?.[1] ?? ['about'];
}

/** The practice's own words, and for each of its codes that they do not speak of, what the code means. */
function toldOf(codes: readonly string[], own: readonly string[]): readonly string[] {
  const unsaid = codes.filter((code) => {
    const known = lookup(listWarnings, code);
    return known === undefined ? own.length === 0 : !own.some((one) => known.said.test(one));
  });
  return [...own, ...unsaid.map((code) => lookup(listWarnings, code)?.text ?? code)];
}

/** Reads a List's warning codes and its reason for being empty: in the practice's own words where it gave any. */
export function readList(entry: Entry): ListFacts {
  const { resource, chip } = entry;
  const codes = extensionsOf(resource, 'ListWarningCode').flatMap((one) => {
    const value = anyValue(one);
    const lone = text(value);
    return lone === undefined ? codingsOf(value).map((coding) => coding.code ?? '') : [lone];
  });
  const reasons = codingsOf(resource['emptyReason']).map((one) => (one.code ?? '').toLowerCase());
  const hasReason = resource['emptyReason'] !== undefined;
  const withheld = reasons.some((one) => one === 'withheld' || one === 'unavailable');
  const own = notesOf(resource['note']);
  const told =
    codes.length > 0
      ? toldOf(codes, own)
      : hasReason && !reasons.includes('nilknown')
        ? own.length > 0
          ? own
          : [nameOf(resource['emptyReason']) ?? words.informationNotAvailable]
        : [];
  const date = dateOf(resource['date']);
  const incomplete = codes.length > 0 || withheld;
  return {
    sections: sectionsOf(entry),
    warnings: told.map((one) => ({ sourceId: chip.sourceId, label: chip.label, text: one, date, incomplete })),
    incomplete,
    assertsNone: reasons.includes('nilknown') && objects(resource['entry']).length === 0,
    date,
  };
}

/** The warnings of each section, each said once a source. */
export function warningsBySection(lists: readonly ListFacts[]): ReadonlyMap<SectionId, readonly Warning[]> {
  const bySection = new Map<SectionId, Map<string, Warning>>(sectionIds.map((id) => [id, new Map()]));
  for (const [section, one] of lists.flatMap(({ sections, warnings }) =>
    sections.flatMap((section) => warnings.map((one) => [section, one] as const)),
  )) {
    const known = bySection.get(section);
    const key = `${one.sourceId}|${one.text}`;
    const other = known?.get(key);
    if (other === undefined || (one.date?.instant ?? 0) > (other.date?.instant ?? 0)) known?.set(key, one);
  }
  return new Map(
    [...bySection].map(([id, warnings]) => [
      id,
      [...warnings.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, warning]) => warning),
    ]),
  );
}
