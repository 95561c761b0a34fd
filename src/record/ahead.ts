import type { FhirDate } from '../fhir/date.ts';

/** Clocks and zones differ by less. */
const dayMs = 86_400_000;

/** True where what was measured is dated later than it can have been: a slip of the pen, or of a clock. @param now ms since 1970 */
export function isAhead(date: FhirDate | undefined, now: number): boolean {
  return date !== undefined && date.instant > now + dayMs;
}
