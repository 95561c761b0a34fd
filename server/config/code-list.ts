/** The code systems that a list may name. `Read v2` and `CTV3` codes are case-sensitive and padded with dots. */
export const listedSystems = ['SNOMED CT', 'Read v2', 'CTV3', 'ICD-10', 'OPCS-4', 'dm+d'] as const;
export type ListedSystem = (typeof listedSystems)[number];

/** One row of a code list. */
export type ListedCode = { readonly system: ListedSystem; readonly code: string; readonly term: string };

const multiply: readonly (readonly number[])[] = Array.from({ length: 10 }, (_, a) =>
  Array.from({ length: 10 }, (_unused, b) => {
    if (a < 5 && b < 5) return (a + b) % 5;
    if (a < 5) return ((a + b) % 5) + 5;
    if (b < 5) return ((a - b + 5) % 5) + 5;
    return (a - b + 5) % 5;
  }),
);
const permuteOnce = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4] as const;

function permute(digit: number, times: number): number {
  let result = digit;
  for (let i = 0; i < times; i += 1) result = permuteOnce[result] ?? 0;
  return result;
}

/** True for a SNOMED CT identifier with a right Verhoeff check digit. Always a text: it may have 18 digits. */
export function isSnomedId(code: string): boolean {
  if (!/^\d{6,18}$/.test(code)) return false;
  const check = [...code]
    .toReversed()
    .reduce((sum, digit, index) => multiply[sum]?.[permute(Number(digit), index % 8)] ?? 0, 0);
  return check === 0;
}

/** Reads a tab-separated code list: a head line `system code term …`, then a row a code. Every fault is told. */
export function readCodeList(content: string): {
  readonly codes: readonly ListedCode[];
  readonly faults: readonly { readonly path: string; readonly found: string; readonly expected: string }[];
} {
  const [head = '', ...rows] = content.split(/\r?\n/);
  const columns = head.split('\t');
  const [systemAt, codeAt, termAt] = ['system', 'code', 'term'].map((name) => columns.indexOf(name));
  if (
    systemAt === undefined ||
    codeAt === undefined ||
    termAt === undefined ||
    Math.min(systemAt, codeAt, termAt) < 0
  ) {
    return {
      codes: [],
      faults: [{ path: 'line 1', found: JSON.stringify(head.slice(0, 60)), expected: 'columns system, code and term' }],
    };
  }
  const codes: ListedCode[] = [];
  const faults: { path: string; found: string; expected: string }[] = [];
  rows.forEach((row, index) => {
    if (row.trim() === '') return;
    const cells = row.split('\t');
    const system = listedSystems.find((one) => one === cells[systemAt]);
    const code = cells[codeAt]?.trim() ?? '';
    const path = `line ${index + 2}`;
    if (system === undefined)
      faults.push({
        path,
        found: JSON.stringify(cells[systemAt] ?? ''),
        expected: `one of ${listedSystems.join(', ')}`,
      });
    else if (code === '') faults.push({ path, found: 'no code', expected: 'a code' });
    else if (system === 'SNOMED CT' && !isSnomedId(code))
      faults.push({ path, found: code, expected: 'a SNOMED CT id with a right check digit' });
    else codes.push({ system, code, term: cells[termAt]?.trim() ?? '' });
  });
  if (codes.length === 0 && faults.length === 0)
    faults.push({ path: '', found: 'no rows', expected: 'at least one code' });
  return { codes, faults };
}
