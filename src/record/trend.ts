import type { FhirDate } from '../fhir/date.ts';
import { extentOf, isVague } from './extent.ts';
import type { ChipRef, Group, Value } from './record.ts';

/** One result as a chart draws it. */
export type TrendPoint = {
  readonly group: Group;
  readonly value: Value;
  readonly chip: ChipRef | undefined;
  /** ms since 1970; the middle of `span` where the date was recorded as a month or a year. */
  readonly at: number;
  /** Present where the date tells no day: the point may lie anywhere in it. */
  readonly span: { readonly from: number; readonly to: number } | undefined;
  /** What is drawn; of a pressure the systolic, with the diastolic below. */
  readonly y: number;
  readonly lower: number | undefined;
  /** `<5` and `>90` are known only to lie beyond `y`: no line leads to or from them. */
  readonly beyond: 'below' | 'above' | undefined;
};

/** A reference range while it holds, ms since 1970. */
export type RangeBand = {
  readonly from: number;
  readonly to: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly text: string;
};

/** The history of one test in one unit. */
export type Trend = {
  /** Oldest first. */
  readonly points: readonly TrendPoint[];
  readonly bands: readonly RangeBand[];
  /** Results that no axis can hold, and that a table must: without a date, or no number. */
  readonly undated: number;
  readonly wordsOnly: number;
};

const beyondPattern = /^(<=|>=|<|>|≤|≥)\s*(-?[\d,]+(?:\.\d+)?)$/;
const pressurePattern = /^(\d{1,3}(?:\.\d+)?)\/(\d{1,3}(?:\.\d+)?)$/;

const plainNumber = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));

/** What of a value can be drawn; undefined where it is words. */
export function heightOf(value: Value): Pick<TrendPoint, 'y' | 'lower' | 'beyond'> | undefined {
  if (value.number !== undefined && Number.isFinite(value.number))
    return { y: value.number, lower: undefined, beyond: undefined };
  const text = value.text.trim();
  const [, sign, bound] = beyondPattern.exec(text) ?? [];
  if (sign !== undefined) {
    const y = plainNumber(bound);
    return { y, lower: undefined, beyond: sign.startsWith('<') || sign === '≤' ? 'below' : 'above' };
  }
  const [, upper, lower] = pressurePattern.exec(text) ?? [];
  return upper === undefined || value.unit !== 'mmHg'
    ? undefined
    : { y: plainNumber(upper), lower: plainNumber(lower), beyond: undefined };
}

function timeOf(date: FhirDate): Pick<TrendPoint, 'at' | 'span'> {
  const span = extentOf(date);
  return isVague(date) ? { at: (span.from + span.to) / 2, span } : { at: span.from, span: undefined };
}

/** Each range holds from the result that gave it until a result gives another; before the first, the first one's. */
function bandsOf(points: readonly TrendPoint[]): readonly RangeBand[] {
  const bands: RangeBand[] = [];
  for (const { at, value } of points) {
    const { low, high, range } = value;
    const last = bands.at(-1);
    const has = range !== undefined && (low !== undefined || high !== undefined);
    if (last !== undefined && last.to === Infinity) {
      if (has && last.low === low && last.high === high) continue;
      bands[bands.length - 1] = { ...last, to: at };
    }
    if (has) bands.push({ from: points[0]?.at === at ? -Infinity : at, to: Infinity, low, high, text: range });
  }
  return bands;
}

/**
 * The history of a test, from the groups of one column: nothing is converted, and no value is made up between two (H5).
 * What was entered in error is no part of it.
 */
export function trendOf(groups: readonly Group[]): Trend {
  let [undated, wordsOnly] = [0, 0];
  const points: TrendPoint[] = [];
  for (const group of groups) {
    const { value, date, struckThrough, chips } = group.row;
    if (struckThrough) continue;
    const height = value === undefined ? undefined : heightOf(value);
    if (value === undefined || height === undefined) wordsOnly += 1;
    else if (date === undefined) undated += 1;
    else points.push({ group, value, chip: chips[0], ...timeOf(date), ...height });
  }
  points.sort((a, b) => a.at - b.at || (a.group.id < b.group.id ? -1 : 1));
  return { points, bands: bandsOf(points), undated, wordsOnly };
}

/** The runs of points that a line may join: it ends at each that is only known to lie beyond a bound. */
export function runsOf(points: readonly TrendPoint[]): readonly (readonly TrendPoint[])[] {
  const runs: TrendPoint[][] = [[]];
  for (const point of points) {
    if (point.beyond === undefined) runs.at(-1)?.push(point);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 1);
}

/** A stay in hospital as a stripe behind the results, ms since 1970. */
export type Stay = {
  readonly group: Group;
  readonly from: number;
  readonly to: number;
  /** Not ended, as far as it is known. */
  readonly open: boolean;
};

const underWay = /^(in progress|arrived|triaged|on leave)$/i;
const neverWas = /^(cancelled|planned|did not attend|entered in error)$/i;

/**
 * The stays in hospital among encounters. One whose end was not recorded reaches to now only where it is said to go on;
 * else it is a moment: its length is not known.
 */
export function staysOf(encounters: readonly Group[], now: number): readonly Stay[] {
  return encounters.flatMap((group) => {
    const { event, struckThrough, status } = group.row;
    if (event?.kind !== 'inpatient' || event.start === undefined || struckThrough || neverWas.test(status ?? ''))
      return [];
    const { from } = extentOf(event.start);
    const open = event.end === undefined && underWay.test(event.status ?? status ?? '');
    const to = event.end === undefined ? (open ? now : from) : extentOf(event.end).to;
    return to < from ? [] : [{ group, from, to, open }];
  });
}

/** The stay during which something was taken, if any. */
export function stayAt(stays: readonly Stay[], date: FhirDate | undefined): Stay | undefined {
  if (date === undefined || isVague(date)) return undefined;
  const { from, to } = extentOf(date);
  return stays.find((stay) => stay.to > stay.from && from <= stay.to && to >= stay.from);
}
