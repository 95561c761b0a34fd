import type { KeyboardEvent } from 'react';

const cells = (row: Element): readonly HTMLElement[] => [...row.querySelectorAll<HTMLElement>('[data-cell]')];

/**
 * Arrows move through the cells of a grid, Home and End to the ends of a row. A cell carries its column in `data-cell`;
 * upwards and downwards the column is kept.
 */
export function onGridKeys(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLElement)) return;
  const cell = event.target.closest<HTMLElement>('[data-cell]');
  const row = cell?.closest('tr');
  if (cell === null || row === null || row === undefined) return;
  const to = target(event.key, cell, row, [...event.currentTarget.querySelectorAll('tr')]);
  if (to === undefined) return;
  event.preventDefault();
  to.focus();
}

function target(
  key: string,
  cell: HTMLElement,
  row: HTMLTableRowElement,
  rows: readonly HTMLTableRowElement[],
): HTMLElement | undefined {
  const inRow = cells(row);
  const at = inRow.indexOf(cell);
  const beside = (step: number): HTMLElement | undefined => {
    for (let index = rows.indexOf(row) + step; rows[index] !== undefined; index += step) {
      const next = cells(rows[index] ?? row);
      const same = next.find((one) => one.dataset['cell'] === cell.dataset['cell']);
      if (same !== undefined) return same;
    }
    return undefined;
  };
  switch (key) {
    case 'ArrowRight':
      return inRow[at + 1];
    case 'ArrowLeft':
      return inRow[at - 1];
    case 'ArrowDown':
      return beside(1);
    case 'ArrowUp':
      return beside(-1);
    case 'Home':
      return inRow[0];
    case 'End':
      return inRow.at(-1);
    default:
      return undefined;
  }
}
