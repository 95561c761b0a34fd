import type { Group, SectionId } from '../../record/record.ts';
import { otherSubsections, subsectionWords } from '../words.ts';

/** Groups of a section under the title of their subsection, in the order of the words; none is left out. */
export function itemsBySubsection(
  id: SectionId,
  groups: readonly Group[],
): readonly { readonly subsection: string; readonly title: string; readonly items: readonly Group[] }[] {
  const named = subsectionWords[id] ?? otherSubsections;
  const titles = new Map(named);
  for (const group of groups) if (!titles.has(group.subsection)) titles.set(group.subsection, 'Other');
  const byTitle = Map.groupBy(groups, (group) => titles.get(group.subsection) ?? 'Other');
  return [...new Set(titles.values())].flatMap((title) => {
    const items = byTitle.get(title);
    const first = items?.[0];
    return items === undefined || first === undefined ? [] : [{ subsection: first.subsection, title, items }];
  });
}
