import type { ReactElement } from 'react';
import { completenessOf } from '../../model/section-facts.ts';
import { useViewer } from '../../model/viewer.ts';
import { GapNote } from '../../parts/gap-note.tsx';
import { states } from '../../words.ts';
import { SectionView } from '../section-view.tsx';

/** Care plans. Where no decision on treatment escalation came, that is said: its absence decides nothing. */
export function CarePlans(): ReactElement {
  const { record } = useViewer();
  const { asking } = completenessOf(record, 'care-plans');
  return (
    <SectionView
      id="care-plans"
      parts={{
        head: () =>
          record.banner.escalation.length === 0 && asking.length === 0 ? (
            <GapNote quiet>{states.noEscalation}</GapNote>
          ) : null,
      }}
    />
  );
}
