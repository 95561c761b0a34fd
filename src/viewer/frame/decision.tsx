import type { ReactElement, ReactNode } from 'react';
import { decisionConflict, decisionName } from '../../record/escalation.ts';
import { useViewer } from '../model/viewer.ts';
import { StatusTag } from '../parts/status-tag.tsx';
import { banner } from '../words.ts';

/**
 * The treatment-escalation or resuscitation decision in force, beside who this is, whoever shows the banner (H23): one press
 * opens the original. Nothing where none was given.
 */
export function Decision({
  button,
}: {
  readonly button: (onPress: () => void, children: ReactNode) => ReactElement;
}): ReactElement | null {
  const { record, goTo, openGroup } = useViewer();
  const { escalation } = record.banner;
  const first = escalation[0];
  if (first === undefined) return null;
  const differs = decisionConflict(first, escalation);
  return button(
    () => {
      goTo('care-plans');
      openGroup(first.members[0]?.id ?? first.id);
    },
    <>
      <strong>
        <bdi>{decisionName(first)}</bdi>
      </strong>{' '}
      <span className="value">
        {first.row.dateText}, {first.row.chips[0]?.label}
      </span>
      {differs !== undefined && <StatusTag status="conflict" words={differs} />}
      {escalation.length > 1 && <span className="value">{banner.andMore(escalation.length - 1)}</span>}
    </>,
  );
}
