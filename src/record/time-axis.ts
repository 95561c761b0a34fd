import { formatDate } from '../fhir/date.ts';
import type { Span } from './timeline.ts';

/** A mark on a time axis, ms since 1970, and what stands beneath it. */
export type Tick = { readonly at: number; readonly text: string };

const day = 86_400_000;

/** Steps of an axis, from fine to coarse: about how long each is, and the next mark after one. */
const steps: readonly {
  readonly lengthMs: number;
  readonly precision: 'day' | 'month' | 'year';
  readonly months: number;
  readonly days: number;
}[] = [
  { lengthMs: day, precision: 'day', months: 0, days: 1 },
  { lengthMs: 7 * day, precision: 'day', months: 0, days: 7 },
  { lengthMs: 15 * day, precision: 'day', months: 0, days: 15 },
  ...[1, 3, 6].map((months) => ({ lengthMs: months * 30.4 * day, precision: 'month' as const, months, days: 0 })),
  ...[1, 2, 5, 10, 20, 50, 100, 500].map((years) => ({
    lengthMs: years * 365.25 * day,
    precision: 'year' as const,
    months: 12 * years,
    days: 0,
  })),
];

/** The 1st and 15th of the month, or each n-th day from a fixed Monday. */
function daysWithin(span: Span, every: number): readonly number[] {
  const found: number[] = [];
  const monday = Date.UTC(2024, 0, 1);
  for (let at = monday + Math.ceil((span.from - monday) / day) * day; at < span.to && found.length < 400; at += day) {
    const date = new Date(at).getUTCDate();
    if (every === 15 ? date === 1 || date === 15 : Math.round((at - monday) / day) % every === 0) found.push(at);
  }
  return found;
}

function monthsWithin(span: Span, every: number): readonly number[] {
  const start = new Date(span.from);
  const first = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / every) * every;
  const found: number[] = [];
  for (let month = first; found.length < 400; month += every) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1);
    if (at >= span.to) break;
    if (at >= span.from) found.push(at);
  }
  return found;
}

/** Calendar marks over a stretch of time, oldest first, as many as fit: `15-Oct-2026`, `Oct-2026` or `2026`. */
export function ticksOf(span: Span, most: number): readonly Tick[] {
  // Months are not all of one length: a little short of the room is enough.
  const room = ((span.to - span.from) / Math.max(1, most)) * 0.97;
  const step = steps.find((one) => one.lengthMs >= room) ?? steps.at(-1);
  if (step === undefined) return [];
  const marks = step.days > 0 ? daysWithin(span, step.days) : monthsWithin(span, step.months);
  return marks.map((at) => {
    const date = new Date(at);
    return {
      at,
      text: formatDate({
        precision: step.precision,
        instant: at,
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
      }),
    };
  });
}
