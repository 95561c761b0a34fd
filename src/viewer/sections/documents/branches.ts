import type { Group } from '../../../record/record.ts';
import { documentTree } from './words.ts';

/** What the documents are put together by. */
export type Grouping = keyof typeof documentTree.by;

/** Documents that belong together, and what they have in common. */
export type Branch = { readonly key: string; readonly title: string; readonly groups: readonly Group[] };

const unsaid = '';

/** What a document stands under: under each organisation that holds it, else under one thing. Unsaid is empty. */
function placesOf(group: Group, by: Grouping): readonly string[] {
  const { row } = group;
  switch (by) {
    case 'organisation':
      return [...new Set(row.chips.map((chip) => chip.organisation.name ?? chip.label))];
    case 'type':
      return [row.title];
    case 'date':
      return [row.date === undefined ? unsaid : String(row.date.year)];
    case 'specialty':
      return [row.event?.specialty ?? unsaid];
  }
}

/**
 * Documents as a tree of two levels. Branches by date stand newest first, others by name; within one the order is that of
 * the record, newest first. What says nothing of it comes last, under words that say so. None is left out.
 */
export function branchesOf(groups: readonly Group[], by: Grouping): readonly Branch[] {
  const byPlace = new Map<string, Group[]>();
  for (const group of groups)
    for (const place of placesOf(group, by)) {
      const key = place.toLocaleLowerCase('en-GB');
      const known = byPlace.get(key);
      if (known === undefined) byPlace.set(key, [group]);
      else known.push(group);
    }
  const newestFirst = by === 'date' ? -1 : 1;
  return [...byPlace]
    .map(([key, all]): Branch => {
      const [first] = all;
      const title =
        first === undefined ? key : (placesOf(first, by).find((one) => one.toLocaleLowerCase('en-GB') === key) ?? key);
      return { key, title: key === unsaid ? documentTree.unsaid[by] : title, groups: all };
    })
    .toSorted(
      (a, b) =>
        Number(a.key === unsaid) - Number(b.key === unsaid) ||
        newestFirst * a.key.localeCompare(b.key, 'en-GB', { numeric: true }),
    );
}

/** The documents whose titles, their own and that of their type, hold all the words. */
export function titled(groups: readonly Group[], words: string): readonly Group[] {
  const wanted = words.trim().toLocaleLowerCase('en-GB').split(/\s+/);
  if (wanted.join('') === '') return groups;
  return groups.filter(({ row }) => {
    const titles = [row.title, row.detail, ...(row.attachments ?? []).map((one) => one.title)]
      .filter((one) => one !== undefined)
      .join(' ')
      .toLocaleLowerCase('en-GB');
    return wanted.every((word) => titles.includes(word));
  });
}
