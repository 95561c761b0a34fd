import type { Group, SectionId } from '../../record/record.ts';
import { otherSubsections, subsectionWords } from '../words.ts';

/** The title of the card under which a group stands at home. */
export function titleOf({ section, subsection }: Pick<Group, 'section' | 'subsection'>): string {
  return titleIn(section, subsection);
}

const other = 'Other';

function titleIn(id: SectionId, subsection: string): string {
  return (subsectionWords[id] ?? otherSubsections).find(([name]) => name === subsection)?.[1] ?? other;
}

type Items = readonly { readonly subsection: string; readonly title: string; readonly items: readonly Group[] }[];

const known = new WeakMap<readonly Group[], { readonly id: SectionId; readonly items: Items }>();

/**
 * Groups of a section under the title of their subsection, in the order of the words; none is left out. Of a list that
 * is the same as before the items are the same lists too.
 */
export function itemsBySubsection(id: SectionId, groups: readonly Group[]): Items {
  const before = known.get(groups);
  if (before?.id === id) return before.items;
  const items = sorted(id, groups);
  known.set(groups, { id, items });
  return items;
}

function sorted(id: SectionId, groups: readonly Group[]): Items {
  const titles = (subsectionWords[id] ?? otherSubsections).map(([, title]) => title);
  const byTitle = Map.groupBy(groups, (group) => titleIn(id, group.subsection));
  return [...new Set([...titles, other])].flatMap((title) => {
    const items = byTitle.get(title);
    const first = items?.[0];
    return items === undefined || first === undefined ? [] : [{ subsection: first.subsection, title, items }];
  });
}
