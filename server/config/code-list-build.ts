import { listedSystems, readCodeList, type ListedSystem } from './code-list.ts';

/** A row of a list as it is written: what the code is, how sure that is, and where it was found. */
export type ListRow = {
  readonly system: ListedSystem;
  readonly code: string;
  readonly term: string;
  /** `verified` where it was seen in its source as this code with this term; `memory` where it still has to be. */
  readonly mark: string;
  readonly source: string;
};

const columns = ['system', 'code', 'term', 'mark', 'source'] as const;
type Column = (typeof columns)[number];

/** The list of a category that the rows of a table of sensitive codes go to, by their own name of it. */
export const listOfCategory: Readonly<Record<string, string>> = {
  STI: 'sexual-health',
  'SH-REFERRAL': 'sexual-health',
  HIV: 'hiv',
  TOP: 'termination',
  FERT: 'fertility',
  GENDER: 'gender',
};
/** Services stand in exclusions.json, where a person chooses them one by one. */
const isOfServices = (category: string): boolean => category.startsWith('SERVICE-');

function cellsOf(content: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = content.split(/\r?\n/);
  const names = head.split('\t');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(names.map((name, at) => [name, cells[at]?.trim() ?? '']));
    });
}

/** How a provenance says both: `verified: HL7 guide` is marked `verified` with the source `HL7 guide`. */
function markOf(provenance: string): Pick<ListRow, 'mark' | 'source'> {
  const at = provenance.indexOf(':');
  return at < 0
    ? { mark: provenance, source: '' }
    : { mark: provenance.slice(0, at).trim(), source: provenance.slice(at + 1).trim() };
}

/** A list as it stands in a file, each code once, in the order of its rows. */
export function writeList(rows: readonly ListRow[]): string {
  const byCode = new Map(rows.toReversed().map((row) => [`${row.system} ${row.code}`, row]));
  const once = rows.filter((row) => byCode.get(`${row.system} ${row.code}`) === row);
  return [columns, ...once.map((row) => columns.map((column: Column) => row[column]))]
    .map((cells) => `${cells.join('\t')}\n`)
    .join('');
}

function rowOf(cells: Readonly<Record<string, string>>): ListRow | undefined {
  const system = listedSystems.find((one) => one === cells['system']);
  const { code = '', term = '', mark = '', source = '' } = cells;
  return system === undefined ? undefined : { system, code, term, mark, source };
}

/** The rows of a list, with what it says of each. A list without marks has rows without. */
export function readList(content: string): readonly ListRow[] {
  return cellsOf(content)
    .map(rowOf)
    .filter((row) => row !== undefined);
}

/**
 * Makes the lists from tables of sensitive codes (`category system code term provenance`), the first table's rows first.
 * @returns the content of each list by the id of its category, and every fault: a table that is none, a category that
 *   nobody knows, a SNOMED CT id whose check digit is wrong
 */
export function buildLists(tables: readonly { readonly file: string; readonly content: string }[]): {
  readonly lists: ReadonlyMap<string, string>;
  readonly faults: readonly string[];
} {
  const faults: string[] = [];
  const rows = new Map<string, ListRow[]>();
  for (const { file, content } of tables) {
    for (const { path, found, expected } of readCodeList(content).faults)
      faults.push(`${file} ${path}: found ${found}, expected ${expected}`);
    cellsOf(content).forEach((cells, index) => {
      const { category = '', provenance = '' } = cells;
      if (isOfServices(category)) return;
      const list = listOfCategory[category];
      const row = rowOf(cells);
      if (list === undefined)
        faults.push(
          `${file} line ${index + 2}: found category ${JSON.stringify(category)}, expected one of ${Object.keys(listOfCategory).join(', ')}`,
        );
      else if (row !== undefined) {
        const known = rows.get(list) ?? [];
        rows.set(list, known);
        known.push({ ...row, ...markOf(provenance) });
      }
    });
  }
  return { lists: new Map([...rows].map(([list, some]) => [list, writeList(some)])), faults };
}
