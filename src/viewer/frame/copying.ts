import { useEffect } from 'react';
import { resourcesOf } from '../../record/member.ts';
import type { Group } from '../../record/record.ts';
import { copiedText } from '../model/copied.ts';
import { useViewer } from '../model/viewer.ts';

/** The ids of the rows that a selection touches; without one, of the row that has focus. */
function rowsChosen(selection: Selection | null): readonly string[] {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  const touched =
    selection === null || selection.isCollapsed
      ? rows.filter((row) => row === document.activeElement)
      : rows.filter((row) => selection.containsNode(row.closest('li, tr') ?? row, true));
  return touched.map((row) => row.dataset['id'] ?? '');
}

/**
 * Whatever is copied out of the record brings along whose it is, from where and of when; each copy is reported. Banner and
 * fields are left alone: a number copied there is wanted as it stands.
 */
export function useCopying(): void {
  const { record, section, now, look, open } = useViewer();
  useEffect(() => {
    const onCopy = (event: ClipboardEvent): void => {
      const { target } = event;
      if (event.defaultPrevented || target instanceof HTMLInputElement) return;
      const selection = document.getSelection();
      const marked = selection !== null && !selection.isCollapsed;
      const from = marked ? selection.anchorNode?.parentElement : document.activeElement;
      const drawer = from?.closest('[data-drawer]') ?? null;
      if (drawer === null && from?.closest('main') == null) return;
      const ids = drawer !== null && open !== undefined ? [open] : rowsChosen(selection);
      const groups = [...new Set(ids)].flatMap((id): readonly Group[] => {
        const found = Object.values(record.sections)
          .flatMap((one) => one.groups)
          .find((group) => group.id === id || group.members.some((member) => member.id === id));
        return found === undefined ? [] : [found];
      });
      if (!marked && groups.length === 0) return;
      event.preventDefault();
      event.clipboardData?.setData(
        'text/plain',
        copiedText(marked ? selection.toString() : undefined, groups, record, now),
      );
      look('copy', [section], [...new Set(groups.flatMap(resourcesOf))]);
    };
    document.addEventListener('copy', onCopy);
    return () => document.removeEventListener('copy', onCopy);
  }, [record, section, now, look, open]);
}
