import { type Quarter, type Span, type TimelineEvent } from '../../../record/timeline.ts';

const day = 86_400_000;
const year = 365.25 * day;

/** How long each choice shows, ms. */
export const lengths = {
  month: 30.5 * day,
  quarter: year / 4,
  year,
  'five-years': 5 * year,
  all: Infinity,
} as const;
export type LengthId = keyof typeof lengths;

const shortest = 7 * day;

/** All that the density strip covers. */
export function wholeOf(quarters: readonly Quarter[], now: number): Span {
  return { from: quarters[0]?.from ?? now - year, to: Math.max(quarters.at(-1)?.to ?? now, now + 30 * day) };
}

/** A window of this length with Today near its right end, as far as the future reaches into it. */
export function windowOf(length: LengthId, whole: Span, now: number): Span {
  if (length === 'all') return whole;
  const to = now + lengths[length] * 0.22;
  return { from: to - lengths[length] * 1.22, to };
}

/** The same length, with this moment in its middle. */
export function centredOn(span: Span, at: number): Span {
  const half = (span.to - span.from) / 2;
  return { from: at - half, to: at + half };
}

/** Longer or shorter around the middle, within a week and all there is. */
export function zoomed(span: Span, factor: number, whole: Span): Span {
  const longest = Math.max(whole.to - whole.from, shortest);
  const length = Math.min(longest, Math.max(shortest, (span.to - span.from) * factor));
  const middle = (span.from + span.to) / 2;
  return { from: middle - length / 2, to: middle + length / 2 };
}

export function moved(span: Span, by: number): Span {
  const step = (span.to - span.from) * by;
  return { from: span.from + step, to: span.to + step };
}

/** Whether an event's beginning is in view. */
export function isInView({ from, to, goesOn }: TimelineEvent, span: Span): boolean {
  return from <= span.to && (goesOn || to >= span.from);
}
