import type { FhirDate } from '../fhir/date.ts';

/** A stretch of time, ms since 1970; `to` is its end, not within it. */
export type Extent = { readonly from: number; readonly to: number };

/** What a date as recorded may mean: `2019` is any moment of that year, a time is itself (H7). */
export function extentOf(date: FhirDate): Extent {
  const { year, month, day, instant } = date;
  switch (date.precision) {
    case 'year':
      return { from: instant, to: Date.UTC(year + 1, 0, 1) };
    case 'month':
      return { from: instant, to: Date.UTC(year, month, 1) };
    case 'day':
      return { from: instant, to: Date.UTC(year, month - 1, day + 1) };
    case 'time':
      return { from: instant, to: instant };
  }
}

/** True where a date tells the month or year alone, so that a point on an axis would say more than was recorded. */
export function isVague(date: FhirDate): boolean {
  return date.precision === 'year' || date.precision === 'month';
}
