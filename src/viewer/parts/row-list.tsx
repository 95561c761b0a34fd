import { useVirtualizer } from '@tanstack/react-virtual';
import { styled } from '@mui/material/styles';
import { createContext, use, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode, type RefObject } from 'react';
import type { Group } from '../../record/record.ts';

/** The element that scrolls around the lists. */
export const ScrollContext = createContext<RefObject<HTMLElement | null> | undefined>(undefined);

const many = 200;
const List = styled('ul')({ margin: 0, padding: 0, listStyle: 'none' });

/** ↑ and ↓ move between the rows of a list or table; Home and End to its ends. */
export function onRowKeys(event: KeyboardEvent<HTMLElement>): void {
  if (!['ArrowDown', 'ArrowUp', 'Home', 'End'].includes(event.key) || event.altKey || event.ctrlKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const at = rows.findIndex((row) => row === document.activeElement);
  if (at < 0) return;
  const to = event.key === 'Home' ? 0 : event.key === 'End' ? rows.length - 1 : at + (event.key === 'ArrowDown' ? 1 : -1);
  const row = rows[to];
  if (row === undefined) return;
  event.preventDefault();
  row.focus();
}

/** Where rows are windowed: what each row's element takes so that its height is known. */
export type Measured = { readonly ref: (element: Element | null) => void; readonly 'data-index': number };
export type RenderRow = (group: Group, measured?: Measured) => ReactNode;

function LongList(props: { readonly groups: readonly Group[]; readonly render: RenderRow; readonly height: number }): ReactElement {
  const scroll = use(ScrollContext);
  const list = useRef<HTMLUListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => setScrollMargin(list.current?.offsetTop ?? 0), []);
  const virtual = useVirtualizer({
    count: props.groups.length,
    getScrollElement: () => scroll?.current ?? null,
    estimateSize: () => props.height,
    overscan: 12,
    scrollMargin,
    initialRect: { width: 800, height: 600 },
    getItemKey: (index) => props.groups[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const before = (items[0]?.start ?? scrollMargin) - scrollMargin;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? scrollMargin) - scrollMargin);
  return (
    <List ref={list} onKeyDown={onRowKeys} style={{ paddingTop: Math.max(0, before), paddingBottom: Math.max(0, after) }}>
      {items.map((item) => {
        const group = props.groups[item.index];
        return group === undefined
          ? null
          : props.render(group, { ref: virtual.measureElement, 'data-index': item.index });
      })}
    </List>
  );
}

/** The rows of a list, in their order; over 200 of them only those near the view are made. */
export function RowList(props: {
  readonly groups: readonly Group[];
  readonly render: RenderRow;
  /** What a row is likely to be high, px. */
  readonly height?: number;
}): ReactElement {
  if (props.groups.length > many)
    return <LongList groups={props.groups} render={props.render} height={props.height ?? 49} />;
  return <List onKeyDown={onRowKeys}>{props.groups.map((group) => props.render(group))}</List>;
}
