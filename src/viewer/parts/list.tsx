import { styled } from '@mui/material/styles';
import { createContext, memo, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import type { Group } from '../../record/record.ts';

/** The element that scrolls around the lists. */
export const ScrollContext = createContext<RefObject<HTMLElement | null> | undefined>(undefined);

export const List = styled('ul')({ margin: 0, padding: 0, listStyle: 'none' });

/** ↑ and ↓ move between the rows of a list or table; Home and End to its ends. */
export function onRowKeys(event: KeyboardEvent<HTMLElement>): void {
  if (!['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key) || event.altKey || event.ctrlKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex((row) => row === document.activeElement);
  if (at < 0) return;
  const to =
    event.key === 'Home' ? 0 : event.key === 'End' ? rows.length - 1 : at + (event.key === 'ArrowDown' ? 1 : -1);
  const row = rows[to];
  if (row === undefined) return;
  event.preventDefault();
  row.focus();
}

/** Where rows are windowed: what each row's element takes so that its height is known. */
export type Measured = { readonly ref: (element: Element | null) => void; readonly 'data-index': number };
export type RenderRow = (group: Group, measured?: Measured) => ReactNode;

/** A row of a list: drawn anew only where its group, its place or the way of drawing is another. */
export const ListRow = memo(function ListRow(props: {
  readonly group: Group;
  /** Best a function that stays the same: else the row is drawn whenever its list is. */
  readonly render: RenderRow;
  readonly measure?: Measured['ref'];
  readonly index?: number;
}): ReactNode {
  const { group, render, measure, index } = props;
  return render(
    group,
    measure === undefined || index === undefined ? undefined : { ref: measure, 'data-index': index },
  );
});
