import { dayOf, formatDate } from '../../fhir/date.ts';
import type { ClinicalRecord, Group, SectionId } from '../../record/record.ts';
import { bar, sectionWords } from '../words.ts';
import { titleOf } from './subsections.ts';

export type TimeSpan = keyof typeof bar.times;
export const timeSpans = Object.keys(bar.times) as readonly TimeSpan[];

/** What hides items from the lists. It never touches banner or strip. */
export type Filter = {
  readonly sourceId: string | undefined;
  /** ODS code of the user's own organisation: what it holds itself is hidden. */
  readonly notFrom: string | undefined;
  readonly time: TimeSpan;
  /** Of one section only what stands under this title; the other sections are not narrowed by it. */
  readonly kind: { readonly section: SectionId; readonly title: string } | undefined;
  readonly text: string;
  /** Only what is new or changed since the user last looked. */
  readonly fresh: boolean;
  /** Only what hangs on a problem, a contact or anything else: its title, and the ids of its members and what they link to. */
  readonly around: { readonly title: string; readonly ids: ReadonlySet<string> } | undefined;
};

export const noFilter: Filter = {
  sourceId: undefined,
  notFrom: undefined,
  time: 'all',
  kind: undefined,
  text: '',
  fresh: false,
  around: undefined,
};

const days: Readonly<Record<TimeSpan, number>> = {
  all: Number.POSITIVE_INFINITY,
  month: 30,
  year: 365.25,
  'five-years': 5 * 365.25,
};

export function isFiltering(filter: Filter): boolean {
  return (
    filter.sourceId !== undefined ||
    filter.notFrom !== undefined ||
    filter.time !== 'all' ||
    filter.kind !== undefined ||
    filter.text.trim() !== '' ||
    filter.fresh ||
    filter.around !== undefined
  );
}

function words(group: Group): string {
  const { row } = group;
  return [row.title, row.detail, row.status, row.value?.text, row.dateText, ...row.chips.map((chip) => chip.label)]
    .filter((part) => part !== undefined)
    .join(' ')
    .toLocaleLowerCase('en-GB');
}

export function isFresh(group: Group): boolean {
  return group.tags.some((tag) => tag.kind === 'new');
}

/**
 * The groups that the filter lets through. What has no date is never hidden by time: nobody knows that it is old.
 * @param now ms since 1970
 */
export function filtered(groups: readonly Group[], filter: Filter, now: number): readonly Group[] {
  if (!isFiltering(filter)) return groups;
  const { sourceId, notFrom, fresh, around, kind } = filter;
  const since = now - days[filter.time] * 86_400_000;
  const wanted = filter.text.trim().toLocaleLowerCase('en-GB').split(/\s+/);
  return groups.filter((group) => {
    if (sourceId !== undefined && !group.members.some((member) => member.chip.sourceId === sourceId)) return false;
    if (notFrom !== undefined && group.members.some((member) => member.chip.organisation.ods === notFrom)) return false;
    if (kind !== undefined && group.section === kind.section && titleOf(group) !== kind.title) return false;
    if (fresh && !isFresh(group)) return false;
    if (around !== undefined && !group.members.some((member) => around.ids.has(member.id))) return false;
    if (group.row.date !== undefined && group.row.date.instant < since) return false;
    if (filter.text.trim() === '') return true;
    const all = words(group);
    return wanted.every((word) => all.includes(word));
  });
}

/** The filter in words, as the note about hidden items names it: `GP, last 12 months`. */
export function filterWords(filter: Filter, record: ClinicalRecord): string {
  const label = record.sources.find((one) => one.source.id === filter.sourceId)?.source.label;
  return [
    filter.around === undefined ? undefined : bar.around(filter.around.title),
    label,
    filter.notFrom === undefined ? undefined : bar.notFromUs,
    filter.kind === undefined ? undefined : `${sectionWords[filter.kind.section].title}: ${filter.kind.title}`,
    filter.fresh ? bar.freshSince(sinceDay(record)) : undefined,
    filter.time === 'all' ? undefined : bar.times[filter.time],
    filter.text.trim() === '' ? undefined : `“${filter.text.trim()}”`,
  ]
    .filter((part) => part !== undefined)
    .join(', ');
}

/** The day on which the user last looked; empty where nobody knows. */
export function sinceDay(record: ClinicalRecord): string {
  return record.since === undefined ? '' : formatDate(dayOf(record.since));
}
