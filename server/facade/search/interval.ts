import { parseDate } from '../../../src/fhir/date.ts';
import { isObject } from '../../../src/fhir/json.ts';

/** From the first to the last millisecond (UTC) that a date may mean; an open end is infinite. */
export type Interval = { readonly from: number; readonly to: number };

const day = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const two = (value: number): string => String(value).padStart(2, '0');

/** Midnight in London at the start of a day; a day or month past the end is that many of the next. */
function midnight(year: number, month: number, date: number): number {
  const at = new Date(Date.UTC(year, month - 1, date));
  const text = `${String(at.getUTCFullYear()).padStart(4, '0')}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  return parseDate(`${text}T00:00`)?.instant ?? at.getTime();
}

/** What a FHIR date means, as precisely as it was written. A day without a zone is London's. Undefined where it is none. */
export function intervalOfDate(text: string): Interval | undefined {
  const read = parseDate(text);
  if (read === undefined) return undefined;
  const [, year = '', month, date] = day.exec(text.trim()) ?? [];
  if (year !== '') {
    const from = midnight(Number(year), Number(month ?? 1), Number(date ?? 1));
    const end =
      date !== undefined
        ? midnight(Number(year), Number(month), Number(date) + 1)
        : month !== undefined
          ? midnight(Number(year), Number(month) + 1, 1)
          : midnight(Number(year) + 1, 1, 1);
    return { from, to: end - 1 };
  }
  const rest = /T\d{2}:\d{2}(:\d{2}(\.\d+)?)?/.exec(text);
  const lasts = rest?.[1] === undefined ? 60_000 : rest[2] === undefined ? 1000 : 1;
  return { from: read.instant, to: read.instant + lasts - 1 };
}

/** What a date, dateTime, instant or Period of a resource means; undefined where it says nothing that can be read. */
export function intervalOf(value: unknown): Interval | undefined {
  if (typeof value === 'string') return intervalOfDate(value);
  if (!isObject(value)) return undefined;
  const { start, end } = value;
  const from = typeof start === 'string' ? intervalOfDate(start) : undefined;
  const to = typeof end === 'string' ? intervalOfDate(end) : undefined;
  if (from === undefined && to === undefined) return undefined;
  return { from: from?.from ?? -Infinity, to: to?.to ?? Infinity };
}

/** The prefixes that a date in a search may have (FHIR R4, search, "Prefixes"). */
export const prefixes = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'] as const;
export type Prefix = (typeof prefixes)[number];

/** True where what a resource says stands to what was asked as the prefix demands. */
export function stands(said: Interval, prefix: Prefix, asked: Interval): boolean {
  const within = said.from >= asked.from && said.to <= asked.to;
  switch (prefix) {
    case 'eq':
      return within;
    case 'ne':
      return !within;
    case 'gt':
      return said.to > asked.to;
    case 'lt':
      return said.from < asked.from;
    case 'ge':
      return said.to > asked.to || within;
    case 'le':
      return said.from < asked.from || within;
    case 'sa':
      return said.from > asked.to;
    case 'eb':
      return said.to < asked.from;
  }
}
