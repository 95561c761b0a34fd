import type { FhirDate } from '../fhir/date.ts';
import { unitKey } from './unit.ts';
import type { ChipRef, Group, Tag } from './record.ts';

/** One test in one unit. */
export type Column = {
  readonly test: string;
  readonly title: string;
  /** Other than blood, where the title does not say it. */
  readonly specimen: string | undefined;
  readonly unit: string | undefined;
  /** The reference range of the latest result that has one, as recorded. */
  readonly range: string | undefined;
  /** Newest first, undated last. */
  readonly groups: readonly Group[];
};

/** What was taken at one moment and is held by the same organisations: a row of the grid. */
export type ResultSet = {
  readonly key: string;
  readonly date: FhirDate | undefined;
  /** How it stands where it is no date. */
  readonly recorded: string;
  readonly chips: readonly ChipRef[];
  /** By the column's test. More than one where a test was recorded twice at that moment: all are shown. */
  readonly cells: ReadonlyMap<string, readonly Group[]>;
  /** Tags that all of its results carry: said once, on the row. */
  readonly tags: readonly Tag[];
};

export type Grid = { readonly columns: readonly Column[]; readonly sets: readonly ResultSet[] };

/** What a result's history is told by: its test's codes, specimen and unit. */
export function testOf(group: Group): string {
  const { result, title, value } = group.row;
  return result === undefined || result.test === '' ? `named ${title}|${unitKey(value?.unit)}` : result.test;
}

const instantOf = (date: FhirDate | undefined): number => date?.instant ?? Number.MIN_SAFE_INTEGER;

function byDate(a: FhirDate | undefined, b: FhirDate | undefined): number {
  return instantOf(b) - instantOf(a);
}

const chipKey = (chip: ChipRef): string => `${chip.sourceId} ${chip.label}`;

/** Whose it is does not depend on which of the same records is the one shown. */
function setKey({ row }: Group): string {
  const when = row.date === undefined ? `- ${row.dateText}` : `${row.date.precision} ${row.date.instant}`;
  const [only] = row.chips;
  const whose =
    row.chips.length === 1 && only !== undefined ? chipKey(only) : row.chips.map(chipKey).toSorted().join('|');
  return `${when}|${whose}`;
}

/** How many rows a grid of these results has. */
export function countSets(groups: readonly Group[]): number {
  return new Set(groups.map(setKey)).size;
}

function sharedTags(groups: readonly Group[]): readonly Tag[] {
  const [first, ...rest] = groups;
  if (first === undefined || rest.length === 0) return [];
  return first.tags.filter((tag) =>
    rest.every((one) => one.tags.some((other) => other.kind === tag.kind && other.words === tag.words)),
  );
}

const newestFirst = (a: Group, b: Group): number => byDate(a.row.date, b.row.date) || (a.id < b.id ? -1 : 1);

/** The tests of these results, each in one unit. @param orderOf see {@link gridOf} */
export function columnsOf(groups: readonly Group[], orderOf: (title: string) => number): readonly Column[] {
  const columns = [...Map.groupBy(groups.toSorted(newestFirst), testOf)].map(([test, ones]): Column => {
    const { title = '', result, value } = ones[0]?.row ?? {};
    const told = result?.specimen !== undefined && title.toLowerCase().includes(result.specimen);
    return {
      test,
      title,
      specimen: told ? undefined : result?.specimen,
      unit: value?.unit,
      range: ones.map((one) => one.row.value?.range).find((range) => range !== undefined),
      groups: ones,
    };
  });
  return columns.sort(
    (a, b) =>
      compare(orderOf(a.title), orderOf(b.title)) ||
      compare(a.title.toLowerCase(), b.title.toLowerCase()) ||
      compare(a.test, b.test),
  );
}

/**
 * The cumulative grid: a row a set, newest first, a column a test in one unit. Every group stands in exactly one cell.
 * @param orderOf the place of a column by its title; equal places go by name, then by unit
 */
export function gridOf(groups: readonly Group[], orderOf: (title: string) => number): Grid {
  const sorted = groups.toSorted(newestFirst);
  const columns = columnsOf(sorted, orderOf);
  const sets = [...Map.groupBy(sorted, setKey)].map(([key, ones]): ResultSet => {
    const row = ones[0]?.row;
    return {
      key,
      date: row?.date,
      recorded: row?.dateText ?? '',
      chips: row?.chips ?? [],
      cells: Map.groupBy(ones, testOf),
      tags: sharedTags(ones),
    };
  });
  sets.sort((a, b) => byDate(a.date, b.date) || compare(a.key, b.key));
  return { columns, sets };
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A cell whose laboratory gives another range than the head of its column: its mark, and what the foot says of it. */
export type RangeNote = {
  readonly mark: string;
  readonly column: Column;
  /** Undefined: its laboratory gave no range. */
  readonly range: string | undefined;
};

const marks = ['†', '‡', '§', '¶'];

/** The notes on ranges that the sets given need, and which result has which. */
export function rangeNotes(
  columns: readonly Column[],
  sets: readonly ResultSet[],
): { readonly notes: readonly RangeNote[]; readonly markOf: ReadonlyMap<string, string> } {
  const notes: RangeNote[] = [];
  const markOf = new Map<string, string>();
  for (const column of columns) {
    if (column.range === undefined) continue;
    for (const set of sets)
      for (const { id, row } of set.cells.get(column.test) ?? []) {
        if (row.value === undefined || row.value.range === column.range) continue;
        const { range } = row.value;
        let note = notes.find((one) => one.column === column && one.range === range);
        if (note === undefined) {
          note = { mark: marks[notes.length] ?? `(${notes.length + 1})`, column, range };
          notes.push(note);
        }
        markOf.set(id, note.mark);
      }
  }
  return { notes, markOf };
}
