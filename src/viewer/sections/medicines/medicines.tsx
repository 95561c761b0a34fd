import useMediaQuery from '@mui/material/useMediaQuery';
import { Fragment, type ReactElement } from 'react';
import { formatDate, type FhirDate } from '../../../fhir/date.ts';
import type { Group } from '../../../record/record.ts';
import { useViewer } from '../../model/viewer.ts';
import { Row } from '../../parts/row.tsx';
import { onRowKeys, type Measured } from '../../parts/list.tsx';
import { RowList } from '../../parts/row-list.tsx';
import { SourceChips } from '../../parts/source-chip.tsx';
import { Tags } from '../../parts/status-tag.tsx';
import { columns } from '../../words.ts';
import { beyondDose, joined, Named } from '../lines.tsx';
import { SectionView } from '../section-view.tsx';
import { PressRow, Table } from '../table-parts.tsx';
import { axisOf, Prescribed, PrescribedHead, type Axis } from './prescribed.tsx';

const month = 30 * 86_400_000;
const most = 200;

function dateWords(date: FhirDate | undefined): string {
  return date === undefined ? '–' : formatDate(date);
}

/** The newest of a medicine's dates of change: when it began or ended. */
function changedAt(group: Group): number {
  const { medicine } = group.row;
  const ends = medicine?.spans.map((span) => span.to?.instant ?? 0) ?? [];
  return Math.max(medicine?.start?.instant ?? 0, medicine?.end?.instant ?? 0, ...ends);
}

function below(group: Group): ReactElement {
  const { row } = group;
  const extra = [row.medicine?.quantity, row.medicine?.kind, beyondDose(row), row.medicine?.reasonStopped];
  const rest = joined(...extra);
  return (
    <div className="dose">
      <bdi>{row.medicine?.dose ?? 'Dose not recorded'}</bdi>
      {rest !== undefined && <span className="second"> {rest}</span>}
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
  return (
    <PressRow
      group={group}
      name={<Named title={group.row.title} />}
      below={
        <>
          <span className="tags">
            <Tags tags={group.tags} all />
          </span>
          {below(group)}
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
  const changed = past
    ? []
    : groups.filter((group) => changedAt(group) > now - month).toSorted((a, b) => changedAt(b) - changedAt(a));
  const rest = groups.filter((group) => !changed.includes(group));
  const parts = [
    { title: columns.changed, groups: changed, note: 'newest first' },
    { title: columns.notChanged, groups: rest, note: '' },
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

function narrowRow(group: Group, measured?: Measured): ReactElement {
  const { medicine } = group.row;
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
            <bdi>{medicine?.dose ?? 'Dose not recorded'}</bdi>
          </strong>
          <br />
          {[
            medicine?.start === undefined ? undefined : `Started ${formatDate(medicine.start)}`,
            medicine?.lastIssued === undefined ? undefined : `last issued ${formatDate(medicine.lastIssued)}`,
            medicine?.end === undefined ? undefined : `ended ${formatDate(medicine.end)}`,
            medicine?.reasonStopped,
            beyondDose(group.row),
          ]
            .filter((part) => part !== undefined)
            .join(', ')}
        </>
      }
    />
  );
}

/** Medicines: a line for each real prescription, its dose in full, and by whom it is prescribed over time. */
export function Medicines(): ReactElement {
  const { open } = useViewer();
  const lg = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const table = lg && open === undefined;
  return (
    <SectionView
      id="medicines"
      parts={{
        body: (groups, subsection) =>
          table && groups.length <= most ? (
            <MedicineTable groups={groups} past={subsection === 'past'} />
          ) : (
            <RowList groups={groups} render={narrowRow} height={70} />
          ),
      }}
    />
  );
}
