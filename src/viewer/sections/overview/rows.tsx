import useMediaQuery from '@mui/material/useMediaQuery';
import { styled } from '@mui/material/styles';
import type { ReactElement } from 'react';
import { formatDate, formatDateTime } from '../../../fhir/date.ts';
import { recentChange } from '../../../record/medicine-change.ts';
import type { Group } from '../../../record/record.ts';
import { isFresh } from '../../model/filter.ts';
import { SubHead } from '../../parts/panel.tsx';
import { Row } from '../../parts/row.tsx';
import { RowList } from '../../parts/row-list.tsx';
import { StatusTag } from '../../parts/status-tag.tsx';
import { overview } from '../../words.ts';
import { allergySecond } from '../allergies/allergies.tsx';
import { changeWords, doseOf, Measure, Named } from '../lines.tsx';

const Even = styled('div')({ '& .row-chips': { minWidth: 64, justifyContent: 'flex-end' } });

const Result = styled('span')({
  display: 'grid',
  whiteSpace: 'nowrap',
  gridTemplateColumns: '83px minmax(0, 1fr) auto',
  columnGap: 8,
  alignItems: 'baseline',
});

const Phone = styled('bdi')({ whiteSpace: 'nowrap' });

const Dated = styled('span')({ display: 'grid', gridTemplateColumns: '84px 1fr', columnGap: 6 });

/** Name, dose, and only of what lately changed what that was. */
export function medicineRow(group: Group, now: number): ReactElement {
  const { row } = group;
  const changed = changeWords(recentChange(group, now));
  return (
    <Row
      key={group.id}
      group={group}
      first={<Named title={row.title} />}
      second={
        <>
          <strong>
            <bdi>{doseOf(row)}</bdi>
          </strong>
          {changed !== undefined && (
            <>
              <br />
              {changed}
            </>
          )}
        </>
      }
    />
  );
}

export function alertRow(group: Group): ReactElement {
  return (
    <Row
      key={group.id}
      group={group}
      first={
        <>
          <Named title={group.row.title} />
          {group.row.date !== undefined && `, ${formatDate(group.row.date)}`}
        </>
      }
    />
  );
}

export function allergyRow(group: Group): ReactElement {
  return (
    <Row
      key={group.id}
      group={group}
      first={<Named title={group.row.title} after={group.row.allergy?.reaction} />}
      second={allergySecond(group)}
    />
  );
}

export function problemRow(group: Group): ReactElement {
  return <Row key={group.id} group={group} inline first={<bdi>{group.row.title}</bdi>} />;
}

export function personRow(group: Group): ReactElement {
  const { person } = group.row;
  return (
    <Row
      key={group.id}
      group={group}
      first={
        <>
          <Named title={group.row.title} />
          {person?.role !== undefined && <bdi>, {person.role}</bdi>}
          {person?.phone !== undefined && (
            <>
              , <Phone>{person.phone}</Phone>
            </>
          )}
        </>
      }
    />
  );
}

/** @param wide there is room for the value before */
function resultLine(group: Group, wide: boolean): ReactElement {
  const { row, tags } = group;
  return (
    <Row
      key={group.id}
      group={group}
      inline
      first={
        <Result>
          <bdi>{row.title}</bdi>
          {row.value === undefined ? <span /> : <Measure value={row.value} />}
          {wide && tags.length === 0 && row.result?.previous !== undefined && <Was>was {row.result.previous.text}</Was>}
        </Result>
      }
    />
  );
}

export function Results({ groups }: { readonly groups: readonly Group[] }): ReactElement {
  const wide = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const byDate = [
    ...Map.groupBy(groups, (group) =>
      group.row.date === undefined ? overview.noDate : formatDateTime(group.row.date),
    ),
  ];
  return (
    <>
      {byDate.map(([date, ones]) => (
        <Even key={date}>
          <SubHead>
            {date}
            {ones.every(isFresh) && <StatusTag status="fresh" words={overview.isNew} />}
          </SubHead>
          <RowList
            groups={ones.every(isFresh) ? ones.map(withoutNew) : ones}
            render={wide ? wideResultRow : resultRow}
          />
        </Even>
      ))}
    </>
  );
}

const resultRow = (group: Group): ReactElement => resultLine(group, false);
const wideResultRow = (group: Group): ReactElement => resultLine(group, true);

const plainGroups = new WeakMap<Group, Group>();

/** Where it stands once above them all, it stands on no row: there is room for the value before. */
function withoutNew(group: Group): Group {
  const known = plainGroups.get(group) ?? { ...group, tags: group.tags.filter(({ kind }) => kind !== 'new') };
  plainGroups.set(group, known);
  return known;
}

const Was = styled('span')(({ theme }) => ({
  width: 62,
  ...theme.typography.body2,
  color: theme.vars.palette.text.secondary,
  whiteSpace: 'nowrap',
}));

export function datedRow(group: Group): ReactElement {
  return (
    <Row
      key={group.id}
      group={group}
      first={
        <Dated>
          <span>{group.row.date === undefined ? group.row.dateText : formatDate(group.row.date)}</span>
          <bdi>{group.row.title}</bdi>
        </Dated>
      }
    />
  );
}
