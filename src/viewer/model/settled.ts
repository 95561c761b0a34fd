import { useState } from 'react';
import type { Group, SectionId } from '../../record/record.ts';

type Late = { readonly label: string; readonly count: number };

/** True while someone reads here: the section was scrolled, or focus stands in its rows. */
function isBeingRead(): boolean {
  const area = document.querySelector('[data-scroll]');
  if (area === null) return false;
  return area.scrollTop > 0 || (document.activeElement !== null && area.contains(document.activeElement));
}

/** Who brought what is not yet shown. */
function lateOf(shown: readonly Group[], all: readonly Group[]): readonly Late[] {
  const known = new Set(shown.flatMap((group) => group.members.map((member) => member.id)));
  const fresh = all.filter((group) => !group.members.some((member) => known.has(member.id)));
  const byLabel = Map.groupBy(fresh, (group) => group.row.chips[0]?.label ?? '');
  return [...byLabel].map(([label, groups]) => ({ label, count: groups.length }));
}

/**
 * The groups to show. They follow the record while the section is untouched; once it is being read, what arrives waits
 * until it is asked for, so that nothing moves under the pointer.
 */
export function useSettled(
  groups: readonly Group[],
  id: SectionId,
): { readonly groups: readonly Group[]; readonly waiting: readonly Late[]; readonly show: () => void } {
  const [shown, setShown] = useState({ id, groups });
  // Decided while rendering, so that late rows are never painted first and taken away after.
  if (shown.id !== id || (shown.groups !== groups && (shown.groups.length === 0 || !isBeingRead())))
    setShown({ id, groups });
  const waiting = shown.id === id && shown.groups !== groups ? lateOf(shown.groups, groups) : [];
  return {
    groups: waiting.length === 0 ? groups : shown.groups,
    waiting,
    show: () => setShown({ id, groups }),
  };
}
