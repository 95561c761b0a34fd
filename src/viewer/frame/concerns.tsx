import WarningIcon from '@mui/icons-material/WarningAmber';
import { styled } from '@mui/material/styles';
import type { ReactElement, ReactNode } from 'react';
import { concernsOf } from '../model/safeguarded.ts';
import { useViewer } from '../model/viewer.ts';
import { PressLink } from '../parts/press-link.tsx';
import { safeguarding, sectionWords } from '../words.ts';

const List = styled('ul')(({ theme }) => ({
  ...theme.typography.body1,
  listStyle: 'none',
  margin: 0,
  padding: theme.spacing(3),
  '& li': { minHeight: 26 },
}));

const Note = styled('section')(({ theme }) => ({
  ...theme.typography.body1,
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  gap: theme.spacing(1, 2),
  '& ul': { display: 'contents' },
}));

/** Where each safeguarding concern stands: pressing one opens it, and its details are still to be asked for. */
function ConcernList(): ReactElement {
  const { record, goTo, openGroup } = useViewer();
  return (
    <List aria-label={safeguarding.title}>
      {concernsOf(record).map((group) => (
        <li key={group.id}>
          <PressLink
            onPress={() => {
              goTo(group.section);
              openGroup(group.members[0]?.id ?? group.id);
            }}
          >
            {safeguarding.at(
              sectionWords[group.section].title,
              group.row.dateText,
              group.row.chips.map((chip) => chip.label).join(', '),
            )}
          </PressLink>
        </li>
      ))}
    </List>
  );
}

/** That safeguarding information exists: beside who this is, on every section (H29). Nothing where none has arrived. */
export function Concerns({
  button,
}: {
  readonly button: (panel: ReactNode, children: ReactNode) => ReactElement;
}): ReactElement | null {
  const { record } = useViewer();
  const count = concernsOf(record).length;
  if (count === 0) return null;
  return button(
    <ConcernList />,
    <>
      <WarningIcon style={{ fontSize: 17 }} aria-hidden />
      <strong>{safeguarding.title}</strong>
      <span className="value">{safeguarding.count(count)}</span>
    </>,
  );
}

/** The same where the host shows the banner and ours is not there. */
export function ConcernsNote(): ReactElement | null {
  const { record, needPatientBanner } = useViewer();
  if (needPatientBanner || concernsOf(record).length === 0) return null;
  return (
    <Note aria-label={safeguarding.title}>
      <WarningIcon style={{ fontSize: 17 }} aria-hidden />
      <strong>{safeguarding.title}</strong>
      <ConcernList />
    </Note>
  );
}
