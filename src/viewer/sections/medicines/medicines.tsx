import useMediaQuery from '@mui/material/useMediaQuery';
import { Fragment, type ReactElement } from 'react';
import { formatDate, type FhirDate } from '../../../fhir/date.ts';
import type { Group } from '../../../record/record.ts';
import { byChange } from '../../../record/medicine-change.ts';
import { useViewer } from '../../model/viewer.ts';
import { Row } from '../../parts/row.tsx';
import { onRowKeys, type Measured } from '../../parts/list.tsx';
import { RowList } from '../../parts/row-list.tsx';
import { SourceChips } from '../../parts/source-chip.tsx';
import { Tags } from '../../parts/status-tag.tsx';
import { columns } from '../../words.ts';
import { doseOf, Named } from '../lines.tsx';
import { SectionView } from '../section-view.tsx';
import { PressRow, Table } from '../table-parts.tsx';
import { beyondDose } from './beyond.ts';
import { DosingLine } from './dosing-line.tsx';
import { axisOf, Prescribed, PrescribedHead, type Axis } from './prescribed.tsx';

const most = 200;

function dateWords(date: FhirDate | undefined): string {
  return date === undefined ? '–' : formatDate(date);
}

function below(group: Group, now: number): ReactElement {
  const rest = beyondDose(group, now);
  return (
    <div className="dose">
      <bdi>{doseOf(group.row)}</bdi>
      {rest.map((part) => (
        <Fragment key={part}>
          . <bdi className="second">{part}</bdi>
        </Fragment>
      ))}
    </div>
  );
}

function Line({
  group,
  past,
  axis,
}: {
  readonly group: Group;
  readonly past: boolean;
  readonly axis: Axis | undefined;
}): ReactElement {
  const { medicine } = group.row;
  const { now } = useViewer();
  return (
    <PressRow
      group={group}
      name={<Named title={group.row.title} />}
      below={
        <>
          <span className="tags">
            <Tags tags={group.tags} all />
          </span>
          {below(group, now)}
        </>
      }
    >
      <td className="date">{dateWords(medicine?.start ?? group.row.date)}</td>
      <td className="date">{dateWords(past ? medicine?.end : medicine?.lastIssued)}</td>
      <td>
        <div className="chips">
          <SourceChips chips={group.row.chips} />
        </div>
      </td>
      {axis !== undefined && (
        <td style={{ padding: 0 }}>
          <Prescribed group={group} axis={axis} />
        </td>
      )}
    </PressRow>
  );
}

function MedicineTable({ groups, past }: { readonly groups: readonly Group[]; readonly past: boolean }): ReactElement {
  const { now } = useViewer();
  const axis = past ? undefined : axisOf(groups, now);
  const { changed, others } = past ? { changed: [], others: groups } : byChange(groups, now);
  const parts = [
    { title: columns.changed, groups: changed, note: 'newest first' },
    { title: columns.notChanged, groups: others, note: '' },
  ].filter((part) => part.groups.length > 0);
  const width = axis === undefined ? 4 : 5;
  return (
    <Table onKeyDown={onRowKeys} aria-rowcount={groups.length}>
      <thead>
        <tr>
          <th scope="col">{columns.medicine}</th>
          <th scope="col">{columns.start}</th>
          <th scope="col">{past ? columns.end : columns.issued}</th>
          <th scope="col">{columns.source}</th>
          {axis !== undefined && (
            <th scope="col" style={{ padding: 0, width: 356 }}>
              <PrescribedHead axis={axis} />
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <Fragment key={part.title}>
            {changed.length > 0 && (
              <tr className="grouphead">
                <td colSpan={width}>
                  <strong>{part.title}</strong> {part.groups.length}
                  {part.note === '' ? '' : `, ${part.note}`}
                </td>
              </tr>
            )}
            {part.groups.map((group) => (
              <Line key={group.id} group={group} past={past} axis={axis} />
            ))}
          </Fragment>
        ))}
      </tbody>
    </Table>
  );
}

function inOrder(groups: readonly Group[], now: number): readonly Group[] {
  const { changed, others } = byChange(groups, now);
  return [...changed, ...others];
}

function narrowRow(group: Group, now: number, measured?: Measured): ReactElement {
  const { medicine } = group.row;
  const said = [
    medicine?.start === undefined ? undefined : `Started ${formatDate(medicine.start)}`,
    medicine?.lastIssued === undefined ? undefined : `last issued ${formatDate(medicine.lastIssued)}`,
    medicine?.end === undefined ? undefined : `ended ${formatDate(medicine.end)}`,
  ].filter((part) => part !== undefined);
  return (
    <Row
      key={group.id}
      group={group}
      allTags
      measured={measured}
      first={<Named title={group.row.title} />}
      second={
        <>
          <strong>
            <bdi>{doseOf(group.row)}</bdi>
          </strong>
          <br />
          {[said.join(', '), ...beyondDose(group, now)].filter((part) => part !== '').join('. ')}
        </>
      }
    />
  );
}

/** Medicines: a line for each real prescription, its dose in full, and by whom it is prescribed over time. */
export function Medicines(): ReactElement {
  const { open, now } = useViewer();
  const lg = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const table = lg && open === undefined;
  return (
    <SectionView
      id="medicines"
      parts={{
        head: () => <DosingLine />,
        body: (groups, subsection) =>
          table && groups.length <= most ? (
            <MedicineTable groups={groups} past={subsection === 'past'} />
          ) : (
            <RowList
              groups={subsection === 'current' ? inOrder(groups, now) : groups}
              render={(group, measured) => narrowRow(group, now, measured)}
              height={70}
            />
          ),
      }}
    />
  );
}
