import { parseDate } from '../../src/fhir/date.ts';
import { parseNhsNumber } from '../../src/fhir/nhs-number.ts';

/** What one line of a practice's list says about one person. */
export type ListedAnswer = {
  readonly nhsNumber: string;
  readonly answer: 'yes' | 'no';
  /** When the practice says that it was so; a dissent as late on its day as it may have been, a consent as early. */
  readonly at: Date;
};

/** A line that could not be read, by its number in the file from 1, and what is wrong with it. Nothing of the line itself. */
export type BadLine = { readonly line: number; readonly wrong: string };

const columns = ['nhs-number', 'date', 'answer'] as const;
type Column = (typeof columns)[number];
const dayMs = 86_400_000;

/** The fields of one line of CSV; a field may stand in quotes. No list of dissents has a comma within a field. */
function fieldsOf(line: string): readonly string[] {
  return line.split(',').map((field) =>
    field
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  );
}

/** The first instant of a whole day, written as 2026-11-20 or, as practices write it, 20/11/2026. */
function dayOf(written: string): number | undefined {
  const [, day, month, year] = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(written) ?? [];
  const date = parseDate(year === undefined ? written : `${year}-${month}-${day}`);
  return date?.precision === 'day' ? date.instant : undefined;
}

function answerOf(written: string | undefined): 'yes' | 'no' | undefined {
  if (written === undefined || /^dissent$/i.test(written)) return 'no';
  return /^consent$/i.test(written) ? 'yes' : undefined;
}

/** The latest answer of each person; dissent where two are of one time. */
function latestOf(answers: readonly ListedAnswer[]): readonly ListedAnswer[] {
  const latest = new Map<string, ListedAnswer>();
  for (const one of answers) {
    const known = latest.get(one.nhsNumber);
    const later = one.at.getTime() - (known?.at.getTime() ?? -Infinity);
    if (later > 0 || (later === 0 && one.answer === 'no')) latest.set(one.nhsNumber, one);
  }
  return [...latest.values()];
}

/** What a line says by its columns, or what is wrong with it. */
function readLine(names: readonly string[], line: string, now: Date): ListedAnswer | string {
  const fields = fieldsOf(line);
  if (fields.length !== names.length) return `has ${fields.length} fields, not ${names.length}`;
  const field = (name: Column): string | undefined => fields[names.indexOf(name)];
  const nhsNumber = parseNhsNumber(field('nhs-number') ?? '');
  if (nhsNumber === undefined) return 'has no valid NHS number';
  const day = dayOf(field('date') ?? '');
  if (day === undefined) return 'has no date such as 2026-11-20 or 20/11/2026';
  if (day > now.getTime()) return 'has a date that is still to come';
  const answer = answerOf(field('answer'));
  if (answer === undefined) return 'says neither dissent nor consent';
  // Nobody can have said it later than now.
  const at = answer === 'yes' ? day : Math.min(day + dayMs - 1, now.getTime());
  return { nhsNumber, answer, at: new Date(at) };
}

/**
 * Reads a practice's dated list of dissents: CSV, its first line the names of its columns `nhs-number`, `date` and, where
 * the list also says who consents again, `answer` (`dissent` or `consent`).
 * @returns each person once, and every line that could not be read; undefined where the first line names no such columns
 */
export function readDissentList(
  list: string,
  now: Date,
): { readonly answers: readonly ListedAnswer[]; readonly bad: readonly BadLine[] } | undefined {
  // A byte order mark at the start is white space, and goes with what is trimmed.
  const [head = '', ...lines] = list.split(/\r\n|\n|\r/);
  const names = fieldsOf(head).map((name) => name.toLowerCase());
  const isKnown = names.every((name) => columns.some((column) => column === name));
  if (!isKnown || !names.includes('nhs-number') || !names.includes('date') || new Set(names).size < names.length)
    return undefined;
  const answers: ListedAnswer[] = [];
  const bad: BadLine[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const read = readLine(names, line, now);
    if (typeof read === 'string') bad.push({ line: index + 2, wrong: read });
    else answers.push(read);
  }
  return { answers: latestOf(answers), bad };
}
