/** How precisely a FHIR date was recorded. */
export type Precision = 'year' | 'month' | 'day' | 'time';

/** A FHIR date, dateTime or instant that is a real date. `instant` is the first millisecond it may mean (UTC). */
export type FhirDate = {
  readonly precision: Precision;
  readonly instant: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const longMonths = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const pattern = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

const london = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** How far London's clock is ahead of UTC, ms, by the table of time zones, which takes some microseconds to ask. */
function tabledOffset(instant: number): number {
  const part = new Map(london.formatToParts(instant).map((one) => [one.type, Number(one.value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
  const clock = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return clock - Math.floor(instant / 1000) * 1000;
}

/** A month of UTC: London's offset until its clocks change (never: Infinity), and from then on. */
type OffsetsOfMonth = { readonly change: number; readonly before: number; readonly after: number };

const offsets = new Map<number, OffsetsOfMonth>();

/** The table is asked for each month's ends, and where they differ for the moment between. London's clock never changed twice in one month. */
function offsetsIn(month: number): OffsetsOfMonth {
  let [from, to] = [Date.UTC(Math.floor(month / 12), month % 12), Date.UTC(Math.floor(month / 12), (month % 12) + 1)];
  const [before, after] = [tabledOffset(from), tabledOffset(to)];
  if (before === after) return { change: Number.POSITIVE_INFINITY, before, after };
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (tabledOffset(middle) === before) from = middle;
    else to = middle;
  }
  return { change: to, before, after };
}

function londonOffset(instant: number): number {
  const at = new Date(instant);
  const month = at.getUTCFullYear() * 12 + at.getUTCMonth();
  const known = offsets.get(month) ?? offsetsIn(month);
  if (offsets.size > 5_000) offsets.clear();
  offsets.set(month, known);
  return instant < known.change ? known.before : known.after;
}

/** Calendar parts of an instant (ms) in Europe/London, whatever zone this machine is in. */
export function londonParts(instant: number): {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
} {
  const clock = new Date(instant + londonOffset(instant));
  return {
    year: clock.getUTCFullYear(),
    month: clock.getUTCMonth() + 1,
    day: clock.getUTCDate(),
    hour: clock.getUTCHours(),
    minute: clock.getUTCMinutes(),
  };
}

/** The London wall clock as an instant: the first of two where the clock goes back (zone-less times of UK systems). */
function fromLondon(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  const offset = (instant: number): number => {
    const at = londonParts(instant);
    return Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute) - Math.floor(instant / 60_000) * 60_000;
  };
  const summer = asUtc - 3_600_000;
  return offset(summer) === 3_600_000 ? summer : asUtc;
}

/**
 * Reads a FHIR date, dateTime or instant. A time without a zone is taken as London's (H18).
 * @returns undefined for anything that is no real date, such as `2026-02-30`: it is then shown as recorded, undated
 */
export function parseDate(input: unknown): FhirDate | undefined {
  if (typeof input !== 'string') return undefined;
  const match = pattern.exec(input.trim());
  if (match === null) return undefined;
  const [, yearText, monthText, dayText, hourText, minuteText, secondText, fraction, zone] = match;
  const year = Number(yearText);
  const month = monthText === undefined ? 1 : Number(monthText);
  const day = dayText === undefined ? 1 : Number(dayText);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate())
    return undefined;
  const precision =
    hourText !== undefined ? 'time' : dayText !== undefined ? 'day' : monthText !== undefined ? 'month' : 'year';
  if (precision !== 'time') return { precision, year, month, day, instant: Date.UTC(year, month - 1, day) };
  const hour = Number(hourText);
  const minute = Number(minuteText);
  const second = Number(secondText ?? 0);
  if (hour > 24 || minute > 59 || second > 60) return undefined;
  const whole =
    zone === undefined
      ? fromLondon(year, month, day, hour, minute, second)
      : Date.UTC(year, month - 1, day, hour, minute, second) - zoneMinutes(zone) * 60_000;
  const instant = whole + Math.round(Number(fraction ?? 0) * 1000);
  const at = londonParts(instant);
  return { precision, instant, year: at.year, month: at.month, day: at.day };
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6)));
}

const two = (value: number): string => String(value).padStart(2, '0');
const monthOf = (names: readonly string[], month: number): string => names[month - 1] ?? '';

/** The time of day in London, `09:41`. */
export function formatTime(instant: number): string {
  const at = londonParts(instant);
  return `${two(at.hour)}:${two(at.minute)}`;
}

/** As the NHS CUI shows it, as precisely as it was recorded: `19-Nov-2026`, `Nov-2026`, `2026`. Never with the time. */
export function formatDate(date: FhirDate): string {
  const year = String(date.year).padStart(4, '0');
  if (date.precision === 'year') return year;
  const monthYear = `${monthOf(months, date.month)}-${year}`;
  return date.precision === 'month' ? monthYear : `${two(date.day)}-${monthYear}`;
}

/** With the time where one was recorded: `19-Nov-2026 07:10`, Europe/London. */
export function formatDateTime(date: FhirDate): string {
  return date.precision === 'time' ? `${formatDate(date)} ${formatTime(date.instant)}` : formatDate(date);
}

/** For reading aloud: `19 November 2026`. */
export function spokenDate(date: FhirDate): string {
  const monthYear = `${monthOf(longMonths, date.month)} ${date.year}`;
  if (date.precision === 'year') return String(date.year);
  return date.precision === 'month' ? monthYear : `${date.day} ${monthYear}`;
}

/** The calendar day of an instant in London. */
export function dayOf(instant: number): FhirDate {
  const { year, month, day } = londonParts(instant);
  return { precision: 'day', year, month, day, instant: Date.UTC(year, month - 1, day) };
}

/**
 * Age as the NHS CUI has it: under 2 hours in minutes, under 2 days in hours, under 4 weeks in days, under 1 year in weeks
 * and days, under 2 years in months and days, under 18 years in years and months, then in years.
 * @returns undefined where the birth date is no whole day or lies after `at`
 */
export function ageAt(birth: FhirDate, at: FhirDate): string | undefined {
  if (birth.precision === 'year' || birth.precision === 'month') return undefined;
  const days = Math.floor(
    (Date.UTC(at.year, at.month - 1, at.day) - Date.UTC(birth.year, birth.month - 1, birth.day)) / 86_400_000,
  );
  if (days < 0) return undefined;
  if (days < 2 && birth.precision === 'time' && at.precision === 'time') {
    const minutes = Math.floor((at.instant - birth.instant) / 60_000);
    if (minutes < 0) return undefined;
    if (minutes < 120) return `${minutes}min`;
    if (minutes < 2880) return `${Math.floor(minutes / 60)}hrs`;
  }
  if (days < 28) return `${days}d`;
  const wholeMonths = (at.year - birth.year) * 12 + at.month - birth.month - (at.day < birth.day ? 1 : 0);
  if (wholeMonths < 12) return days % 7 === 0 ? `${days / 7}w` : `${Math.floor(days / 7)}w ${days % 7}d`;
  if (wholeMonths < 24) {
    const since = Date.UTC(birth.year, birth.month - 1 + wholeMonths, birth.day);
    const rest = Math.floor((Date.UTC(at.year, at.month - 1, at.day) - since) / 86_400_000);
    return rest > 0 ? `${wholeMonths}m ${rest}d` : `${wholeMonths}m`;
  }
  const years = Math.floor(wholeMonths / 12);
  if (years < 18) return wholeMonths % 12 === 0 ? `${years}y` : `${years}y ${wholeMonths % 12}m`;
  return `${years}y`;
}
