import WarningIcon from '@mui/icons-material/Warning';
import { styled } from '@mui/material/styles';
import type { ReactElement, ReactNode } from 'react';
import type { Group } from '../../../record/record.ts';
import { allergyExtra } from '../../model/person.ts';
import { useViewer } from '../../model/viewer.ts';
import type { Measured } from '../../parts/list.tsx';
import { Row } from '../../parts/row.tsx';
import { Named, joined } from '../lines.tsx';
import { SectionView } from '../section-view.tsx';

const Danger = styled('span')(({ theme }) => ({
  display: 'inline-flex',
  alignItems: 'center',
  gap: 8,
  color: theme.vars.palette.ohc.status.danger.text,
}));

/** Risk, certainty and date: `High risk, confirmed, 22-Jun-2014`; the status only of one that is not live. */
export function allergySecond(group: Group): ReactNode {
  const { row } = group;
  return joined(row.status, row.allergy?.said, row.dateText);
}

function row(group: Group, measured?: Measured): ReactElement {
  return (
    <Row
      key={group.id}
      group={group}
      allTags
      measured={measured}
      first={<Named title={group.row.title} after={group.row.allergy?.reaction} />}
      second={allergySecond(group)}
    />
  );
}

/** Allergies: the title of the banner, then what each organisation lists, then what is past or ruled out. */
export function Allergies(): ReactElement {
  const { record } = useViewer();
  const { kind, text } = record.banner.allergies;
  const extra = allergyExtra(record.banner.allergies);
  return (
    <SectionView
      id="allergies"
      parts={{
        row,
        title: (subsection, words) =>
          subsection !== 'active' ? (
            words
          ) : kind === 'known' ? (
            <Danger>
              <WarningIcon style={{ fontSize: 18 }} aria-hidden />
              {text}
            </Danger>
          ) : (
            text
          ),
        head: (groups) =>
          groups.some((group) => group.subsection === 'active') ? null : (
            <p>
              <strong>{text}</strong>
              {extra !== undefined && `, ${extra}`}
            </p>
          ),
      }}
    />
  );
}
