import type { Group } from '../../record/record.ts';
import { order } from '../words.ts';

/** What a list is sorted by. `given`: as the record has it, newest first, or what matters most before that. */
export type Order = keyof typeof order.by;
export const orders = Object.keys(order.by) as readonly Order[];

const byWords = (a: string, b: string): number => a.localeCompare(b, 'en-GB', { sensitivity: 'base', numeric: true });

/** Groups in the order asked for; those that are alike in it stay as the record has them. */
export function ordered(groups: readonly Group[], by: Order): readonly Group[] {
  switch (by) {
    case 'given':
      return groups;
    case 'name':
      return groups.toSorted((a, b) => byWords(a.row.title, b.row.title));
    case 'organisation':
      return groups.toSorted((a, b) => byWords(a.row.chips[0]?.label ?? '', b.row.chips[0]?.label ?? ''));
  }
}
