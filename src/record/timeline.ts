import type { FhirDate } from '../fhir/date.ts';
import type { Setting } from '../fhir/status.ts';
import { extentOf, isVague } from './extent.ts';
import type { ClinicalRecord, Group, SectionId } from './record.ts';

/** The lanes of the timeline, from the top. */
export const lanes = [
  'gp',
  'emergency',
  'stays',
  'clinics',
  'community',
  'mental-health',
  'social-care',
  'letters',
  'other',
] as const;
export type Lane = (typeof lanes)[number];

/** Sections whose items are events in time. Of the results, reports alone: single values have their own charts. */
export const timelineSections: readonly SectionId[] = [
  'encounters',
  'appointments',
  'procedures',
  'immunisations',
  'results',
  'documents',
  'care-plans',
  'social-care',
  'mental-health',
];

/** True for what the timeline lists: an event that was not entered in error. Without a date it stands in the table alone. */
export function isEvent(group: Group): boolean {
  if (group.row.struckThrough) return false;
  return group.section !== 'results' || group.subsection === 'radiology' || group.subsection === 'reports';
}

/** An event where it stands on the axis, ms since 1970. */
export type TimelineEvent = {
  readonly group: Group;
  readonly lane: Lane;
  readonly setting: Setting;
  readonly from: number;
  /** Equal to `from` for a moment. */
  readonly to: number;
  /** It goes on, as far as is known: drawn to the end of the axis. */
  readonly goesOn: boolean;
  /** Its date tells the month or the year alone: it lies somewhere between. */
  readonly vague: boolean;
};

const laneOfSetting: Readonly<Record<Setting, Lane>> = {
  gp: 'gp',
  acute: 'clinics',
  'mental-community': 'community',
  council: 'social-care',
  'continuing-care': 'social-care',
  ambulance: 'emergency',
  'shared-record': 'other',
};

/** The lanes into which a kind of organisation brings events: where something of it may be missing. */
export function lanesOf(setting: Setting): readonly Lane[] {
  switch (setting) {
    case 'acute':
      return ['emergency', 'stays', 'clinics', 'letters'];
    case 'mental-community':
      return ['community', 'mental-health', 'letters'];
    case 'shared-record':
      return lanes;
    case 'gp':
    case 'council':
    case 'continuing-care':
    case 'ambulance':
      return [laneOfSetting[setting]];
  }
}

function laneOf(group: Group, setting: Setting, mental: boolean): Lane {
  if (group.section === 'documents') return 'letters';
  if (group.section === 'social-care') return 'social-care';
  if (mental || group.section === 'mental-health') return 'mental-health';
  const kind = group.section === 'encounters' ? group.subsection : undefined;
  if (kind === 'inpatient') return 'stays';
  if (kind === 'emergency') return 'emergency';
  if (setting !== 'shared-record') return laneOfSetting[setting];
  if (kind === 'clinic' || group.section === 'procedures' || group.section === 'results') return 'clinics';
  return kind === 'contact' ? 'community' : 'other';
}

const goingOn = /^(in progress|active|arrived|triaged|on leave|on hold)$/i;

function timesOf(group: Group, date: FhirDate): Pick<TimelineEvent, 'from' | 'to' | 'goesOn' | 'vague'> {
  const { event, status } = group.row;
  const start = event?.start ?? date;
  const { from, to } = extentOf(start);
  if (event?.end !== undefined) {
    const end = extentOf(event.end);
    // A stay within one day, or an end before the start, is a moment.
    const sameDay = end.to - from <= 86_400_000;
    return { from, to: sameDay ? from : Math.max(from, end.to), goesOn: false, vague: false };
  }
  const longer = group.section === 'social-care' || event?.kind === 'inpatient' || event?.kind === 'other';
  const goesOn = event !== undefined && longer && goingOn.test(event.status ?? status ?? '');
  return isVague(start) ? { from, to, goesOn, vague: !goesOn } : { from, to: from, goesOn, vague: false };
}

/** The events that have a date, each in its lane, oldest first. */
export function eventsOf(groups: readonly Group[], record: ClinicalRecord): readonly TimelineEvent[] {
  const settings = new Map(record.sources.map(({ source }) => [source.id, source.setting]));
  const mental = new Set(record.sections['mental-health'].groups.map((one) => one.id));
  return groups
    .flatMap((group): readonly TimelineEvent[] => {
      const { date, chips } = group.row;
      if (date === undefined) return [];
      const setting = settings.get(chips[0]?.sourceId ?? '') ?? 'shared-record';
      return [{ group, setting, lane: laneOf(group, setting, mental.has(group.id)), ...timesOf(group, date) }];
    })
    .sort((a, b) => a.from - b.from || (a.group.id < b.group.id ? -1 : 1));
}

/** A stretch of the axis that is in view, ms since 1970. */
export type Span = { readonly from: number; readonly to: number };

/** One event, or several that stand too close to be told apart at this zoom. Never empty. */
export type Cluster = { readonly first: TimelineEvent; readonly events: readonly TimelineEvent[]; readonly x: number };

/** Where an event is drawn within a width, px from the left of the view; one that began earlier stands at the left edge. */
export function placeIn(span: Span, width: number, at: number): number {
  return ((at - span.from) / (span.to - span.from)) * width;
}

/**
 * The events of a lane that reach into the view. Moments closer than `gapPx` to the first of a cluster join it, so that
 * each event is in exactly one and none lies under another.
 */
export function clustersOf(
  events: readonly TimelineEvent[],
  span: Span,
  width: number,
  gapPx: number,
): readonly Cluster[] {
  const clusters: { first: TimelineEvent; events: TimelineEvent[]; x: number }[] = [];
  for (const event of events) {
    const end = event.goesOn ? Infinity : event.to;
    if (event.from > span.to || end < span.from) continue;
    const x = Math.max(0, placeIn(span, width, event.from));
    const last = clusters.at(-1);
    if (last !== undefined && x - last.x < gapPx) last.events.push(event);
    else clusters.push({ first: event, events: [event], x });
  }
  return clusters;
}

/** A bar of the density strip: a calendar quarter and how many events begin in it. */
export type Quarter = { readonly from: number; readonly to: number; readonly count: number };

const quarterOf = (at: number): number => {
  const date = new Date(at);
  return date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3);
};

/** Beyond a long life, and longer than anyone plans ahead: dates there are mistakes, and would press all others together. */
const [mostBefore, mostAhead] = [130 * 4, 20 * 4];

/**
 * Every quarter from the first event to the last, or to `now` where that is later; empty ones too. What lies beyond a
 * lifetime counts in the bar at that end.
 */
export function quartersOf(events: readonly TimelineEvent[], now: number): readonly Quarter[] {
  const today = quarterOf(now);
  const within = (at: number): number => Math.min(today + mostAhead, Math.max(today - mostBefore, quarterOf(at)));
  const counts = new Map<number, number>();
  for (const { from } of events) counts.set(within(from), (counts.get(within(from)) ?? 0) + 1);
  const [first, last] = [within(events[0]?.from ?? now), Math.max(today, within(events.at(-1)?.from ?? now))];
  const start = (quarter: number): number => Date.UTC(Math.floor(quarter / 4), (quarter % 4) * 3, 1);
  return Array.from({ length: last - first + 1 }, (_, step): Quarter => {
    const at = first + step;
    return { from: start(at), to: start(at + 1), count: counts.get(at) ?? 0 };
  });
}
