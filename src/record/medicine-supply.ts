import { codingsOf, nameOf } from '../fhir/coding.ts';
import { parseDate, type FhirDate } from '../fhir/date.ts';
import { lookup, number, object, objects, text, type JsonObject } from '../fhir/json.ts';
import { anyValue, extensionsOf } from './element.ts';
import type { Prescription } from './prescriptions.ts';
import type { MedicineFacts } from './record.ts';
import { agencyWords } from './words.ts';

const daysIn: Readonly<Record<string, number>> = { d: 1, day: 1, days: 1, wk: 7, week: 7, weeks: 7 };

/** More than two years of one issue is a slip of the pen, and nothing is reckoned from it. */
const mostDays = 731;

/** How many days a Duration is, where it says so in days or weeks: a month is no number of days. */
export function supplyDaysOf(duration: unknown): number | undefined {
  const supply = object(duration);
  const value = number(supply?.['value']);
  const unit = text(supply?.['code']) ?? text(supply?.['unit']);
  const each = unit === undefined ? undefined : lookup(daysIn, unit.toLowerCase());
  if (value === undefined || each === undefined || text(supply?.['comparator']) !== undefined) return undefined;
  const days = value * each;
  return Number.isInteger(days) && days > 0 && days <= mostDays ? days : undefined;
}

/**
 * Who prescribes it where that is not the practice that lists it: GP Connect's `PrescribingAgency`, which is UK Core's
 * `MedicationPrescribingOrganization`. In the source's own words, else in those of its code; undefined at the practice.
 */
export function agencyOf(resource: JsonObject): string | undefined {
  const agencies = ['PrescribingAgency', 'MedicationPrescribingOrganization'].flatMap((name) =>
    extensionsOf(resource, name).map((one) => anyValue(one)),
  );
  for (const agency of agencies) {
    const codes = codingsOf(agency).flatMap((one) => one.code ?? []);
    if (codes.includes('prescribed-at-gp-practice')) continue;
    const words = nameOf(agency);
    const known = codes.map((code) => lookup(agencyWords, code)).find((one) => one !== undefined);
    if (words !== undefined || known !== undefined) return words ?? known;
  }
  return undefined;
}

/** True where it is only to be given to an inpatient: FHIR's category of a request or statement. */
export function isInpatient(resource: JsonObject): boolean {
  const { category } = resource;
  const categories = Array.isArray(category) ? objects(category) : [category];
  const codes = categories.flatMap((one) => codingsOf(one)).map((one) => one.code?.toLowerCase());
  return codes.length > 0 && codes.every((one) => one === 'inpatient');
}

function laterBy(date: FhirDate, days: number): FhirDate | undefined {
  return parseDate(new Date(Date.UTC(date.year, date.month - 1, date.day + days)).toISOString().slice(0, 10));
}

/**
 * When the next issue is due: the day of the last one and as many days as it supplies, of one prescription alone, so that
 * no two sources are blended (rule 3). Nothing where the last issue has no day, its supply is not said, it is taken when it
 * is needed, or it is a course that nobody means to go on with.
 */
export function nextDueOf(line: readonly Prescription[]): MedicineFacts['nextDue'] {
  // Nothing invites anyone to issue what another organisation has stopped (H4).
  if (line.some((one) => one.stopped && !one.current)) return undefined;
  let last: { readonly own: Prescription; readonly on: FhirDate } | undefined;
  for (const own of line.filter((one) => one.current))
    for (const { medicine } of own.facts) {
      const on = medicine?.issued.date;
      if (on !== undefined && (last === undefined || on.instant > last.on.instant)) last = { own, on };
    }
  if (last === undefined || last.on.precision === 'year' || last.on.precision === 'month') return undefined;
  const { own, on } = last;
  const parts = own.facts.flatMap((one) => one.medicine ?? []);
  if (parts.some((one) => one.asNeeded || /\bacute\b/i.test(one.kind ?? ''))) return undefined;
  // What was issued that day says what it supplies, else the plan that it was issued under.
  const issues = parts.filter((one) => one.issued.date?.instant === on.instant);
  const plans = parts.filter((one) => one.part === 'plan');
  const said = [issues, plans]
    .map((some) => new Set(some.flatMap((one) => one.supplyDays ?? [])))
    .find((some) => some.size > 0);
  const [days] = said ?? [];
  if (days === undefined || said?.size !== 1) return undefined;
  const date = laterBy(on, days);
  return date === undefined ? undefined : { date, days };
}
