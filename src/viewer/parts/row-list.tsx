import { styled } from '@mui/material/styles';
import {
  createContext,
  lazy,
  Suspense,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
} from 'react';
import type { Group } from '../../record/record.ts';

/** The element that scrolls around the lists. */
export const ScrollContext = createContext<RefObject<HTMLElement | null> | undefined>(undefined);

const many = 200;
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

const LongList = lazy(async () => ({ default: (await import('./long-list.tsx')).LongList }));

/** The rows of a list, in their order; over 200 of them only those near the view are made. */
export function RowList(props: {
  readonly groups: readonly Group[];
  readonly render: RenderRow;
  /** What a row is likely to be high, px. */
  readonly height?: number;
}): ReactElement {
  const { groups, render, height = 48 } = props;
  const plain = (
    <List onKeyDown={onRowKeys} data-after={Math.max(0, groups.length - many)}>
      {groups.slice(0, many).map((group) => render(group))}
    </List>
  );
  if (groups.length <= many) return plain;
  return (
    <Suspense fallback={plain}>
      <LongList groups={groups} render={render} height={height} />
    </Suspense>
  );
}
