import { dayOf, parseDate } from '../../src/fhir/date.ts';

/**
 * When something was: a number of days from today (`-9` is nine days ago), such a day with the time on a London clock,
 * or a FHIR date as it is.
 */
export type When = number | readonly [days: number, time: string] | string;

/** The dates of the demo region, all relative to one day, so that its stories are always recent. */
export type Calendar = {
  /** The instant itself. */
  readonly now: string;
  /** Today in London, `2026-11-20`. */
  readonly today: string;
  /** A day, `2026-11-11`; a FHIR date or dateTime as it is. */
  readonly day: (when: When) => string;
  /** An instant in UTC; for a bare day nine o'clock in London; a FHIR date as it is. */
  readonly instant: (when: When) => string;
  /** A number of milliseconds since 1970, for sorting. */
  readonly ms: (when: When) => number;
};

const pad = (value: number): string => String(value).padStart(2, '0');

/** The calendar of a day: `now` is the only clock that the demo's data knows. */
export function calendarOf(now: Date): Calendar {
  const today = dayOf(now.getTime());
  const dayAt = (days: number): string => new Date(today.instant + days * 86_400_000).toISOString().slice(0, 10);
  // Asking for London's clock is dear and long records ask for the same moments again and again.
  const known = new Map<string, string>();
  const london = (day: string, time: string): string => {
    const key = `${day}T${time}`;
    const kept = known.get(key) ?? inUtc(day, time);
    known.set(key, kept);
    return kept;
  };
  const inUtc = (day: string, time: string): string => {
    const instant = parseDate(`${day}T${time}:00`)?.instant ?? today.instant;
    return new Date(instant).toISOString().replace('.000Z', 'Z');
  };
  const day = (when: When): string =>
    typeof when === 'string' ? when.slice(0, 10) : dayAt(typeof when === 'number' ? when : when[0]);
  const instant = (when: When): string => {
    if (typeof when === 'string') return when;
    return typeof when === 'number' ? london(dayAt(when), '09:00') : london(dayAt(when[0]), when[1]);
  };
  return {
    now: now.toISOString(),
    today: `${today.year}-${pad(today.month)}-${pad(today.day)}`,
    day,
    instant,
    ms: (when) => parseDate(instant(when))?.instant ?? today.instant,
  };
}
