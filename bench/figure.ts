/** One row of the table: what was measured, how it stands to the machine's floor, and what it should be. */
export type Figure = {
  readonly what: string;
  /** `undefined` where it was not measured, and then `note` says why. */
  readonly measured:
    { readonly value: number; readonly unit: 'ms' | 'µs' | 'kB' | 'MB' | '/s' | 'records/s' | '' } | undefined;
  /** As a multiple: of the JSON floor, or of what `note` names. */
  readonly ratio?: number | undefined;
  readonly target?: string | undefined;
  /** Whether the target is met; absent where there is no target or nothing was measured. */
  readonly met?: boolean | undefined;
  readonly note?: string | undefined;
};

/** The middle of the values at a share of 0 to 1 (nearest rank); 0 for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** A number with as many digits as it carries: `0.84`, `43.1`, `1,204`. */
function readable(value: number): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export const ms = (value: number): string => `${readable(value)} ms`;

const columns = ['what', 'measured', 'ratio', 'target', ''] as const;

/** A row without a figure is one whose measure is still to be built, or one that failed and says why in its note. */
function shown({ measured, note }: Figure): string {
  if (measured !== undefined) return `${readable(measured.value)} ${measured.unit}`.trimEnd();
  return note === undefined ? 'not yet' : 'not measured';
}

function cells(figure: Figure): readonly string[] {
  const verdict = figure.met === undefined ? '' : figure.met ? 'met' : 'not met';
  return [
    figure.what,
    shown(figure),
    figure.ratio === undefined ? '' : `${figure.ratio.toFixed(2)} x`,
    figure.target ?? '',
    verdict,
  ];
}

/** The table as it is printed, the notes below it. */
export function table(figures: readonly Figure[]): string {
  const rows = [columns, ...figures.map(cells)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' | ')
      .trimEnd();
  const [head = [], ...body] = rows;
  const notes = figures.flatMap(({ what, note }) => (note === undefined ? [] : [`${what}: ${note}`]));
  return [line(head), widths.map((width) => '-'.repeat(width)).join('-|-'), ...body.map(line), '', ...notes].join('\n');
}
