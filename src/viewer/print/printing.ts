import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import type { SectionId } from '../../record/record.ts';
import { useViewer } from '../model/viewer.ts';

/** What the overview is printed as: the sections of its cards that are read at a bedside, each whole. */
const ofOverview: readonly SectionId[] = ['alerts', 'allergies', 'problems', 'medicines', 'care-plans', 'people'];

/** The sections that are printed where nothing else was chosen. */
export function printedFor(section: SectionId): readonly SectionId[] {
  return section === 'overview' || section === 'about' ? ofOverview : [section];
}

/**
 * The sections that are on paper now: those chosen, or, where the browser's own printing is used, what is open. Each
 * print is reported.
 */
export function usePrinting(): {
  readonly sections: readonly SectionId[] | undefined;
  readonly print: (sections: readonly SectionId[]) => void;
} {
  const { section, look, refreshNow } = useViewer();
  const [sections, setSections] = useState<readonly SectionId[]>();
  useEffect(() => {
    const before = (): void => {
      const chosen = sections ?? printedFor(section);
      // The page is laid out as soon as this returns.
      flushSync(() => {
        refreshNow();
        setSections(chosen);
      });
      look('print', chosen);
    };
    const after = (): void => setSections(undefined);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, [section, sections, look, refreshNow]);
  return {
    sections,
    print: (chosen) => {
      flushSync(() => setSections(chosen));
      window.print();
    },
  };
}
