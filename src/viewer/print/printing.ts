import { useEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import type { SectionId } from '../../record/record.ts';
import { resourcesOf } from '../../record/member.ts';
import { concernsOf } from '../model/safeguarded.ts';
import { useViewer } from '../model/viewer.ts';

/** What the overview is printed as: the sections of its cards that are read at a bedside, each whole. */
const ofOverview: readonly SectionId[] = ['alerts', 'allergies', 'problems', 'medicines', 'care-plans', 'people'];

/** The sections that are printed where nothing else was chosen. */
export function printedFor(section: SectionId): readonly SectionId[] {
  return section === 'overview' || section === 'about' ? ofOverview : [section];
}

/** What goes on paper: which sections, and whether the details of safeguarding concerns go with them. */
export type Printed = { readonly sections: readonly SectionId[]; readonly safeguarding: boolean };

/**
 * The sections that are on paper now: those chosen, or, where the browser's own printing is used, what is open. Each
 * print is reported.
 */
export function usePrinting(): {
  readonly printed: Printed | undefined;
  readonly print: (chosen: Printed) => void;
} {
  const { section, look, refreshNow, record } = useViewer();
  const [printed, setPrinted] = useState<Printed>();
  useEffect(() => {
    const before = (): void => {
      const chosen = printed ?? { sections: printedFor(section), safeguarding: false };
      // The page is laid out as soon as this returns.
      flushSync(() => {
        refreshNow();
        setPrinted(chosen);
      });
      look('print', chosen.sections);
      const told = chosen.safeguarding ? concernsOf(record).filter((one) => chosen.sections.includes(one.section)) : [];
      if (told.length > 0) look('safeguarding', chosen.sections, told.flatMap(resourcesOf));
    };
    const after = (): void => setPrinted(undefined);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, [section, printed, look, refreshNow, record]);
  return {
    printed,
    print: (chosen) => {
      flushSync(() => setPrinted(chosen));
      window.print();
    },
  };
}
