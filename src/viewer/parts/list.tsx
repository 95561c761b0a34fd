import { styled } from '@mui/material/styles';
import { createContext, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
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
