/** A FHIR date or dateTime as the days that it may mean, counted from 1970: a year alone is all of its days. */
export type Days = { readonly first: number; readonly last: number };

const dayMs = 86_400_000;

/** The days of a FHIR `date`, `dateTime` or `instant`, as it is written; undefined for anything else. */
export function daysOf(value: unknown): Days | undefined {
  const [, year, month, day] = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/.exec(typeof value === 'string' ? value : '') ?? [];
  if (year === undefined) return undefined;
  const at = (y: number, m: number, d: number): number => Date.UTC(y, m, d) / dayMs;
  const y = Number(year);
  if (month === undefined) return { first: at(y, 0, 1), last: at(y, 11, 31) };
  const m = Number(month) - 1;
  if (day === undefined) return { first: at(y, m, 1), last: at(y, m + 1, 0) };
  const only = at(y, m, Number(day));
  return { first: only, last: only };
}
