import useMediaQuery from '@mui/material/useMediaQuery';
import { useState, type ReactElement } from 'react';
import { formatDateTime } from '../../../fhir/date.ts';
import type { Group } from '../../../record/record.ts';
import { useViewer } from '../../model/viewer.ts';
import { onRowKeys, type Measured } from '../../parts/list.tsx';
import { PressLink } from '../../parts/press-link.tsx';
import { Row } from '../../parts/row.tsx';
import { RowList } from '../../parts/row-list.tsx';
import { PlainChip, SourceChips } from '../../parts/source-chip.tsx';
import { Tags } from '../../parts/status-tag.tsx';
import { columns, overview } from '../../words.ts';
import { joined, Measure, Named } from '../lines.tsx';
import { PressRow, Table } from '../table-parts.tsx';

const step = 200;

function ValueCell({ group }: { readonly group: Group }): ReactElement {
  const { row } = group;
  return (
    <>
      {row.value === undefined ? <bdi>{row.detail ?? row.status ?? ''}</bdi> : <Measure value={row.value} />}
      {row.result?.components.map((one) => (
        <div key={one.name}>
          <span className="second">
            <bdi>{one.name}</bdi>{' '}
          </span>
          {one.value !== undefined && <Measure value={one.value} />}
        </div>
      ))}
    </>
  );
}

/** Under the day and time at which each was taken: for many tests that were each taken once or twice. */
function ResultTable({ groups }: { readonly groups: readonly Group[] }): ReactElement {
  const [limit, setLimit] = useState(step);
  const wide = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const byDate = [
    ...Map.groupBy(groups.slice(0, limit), (group) =>
      group.row.date === undefined ? overview.noDate : formatDateTime(group.row.date),
    ),
  ];
  return (
    <>
      <Table onKeyDown={onRowKeys} aria-rowcount={groups.length}>
        <thead>
          <tr>
            <th scope="col">{columns.test}</th>
            <th scope="col">{columns.value}</th>
            <th scope="col">{columns.range}</th>
            {wide && <th scope="col">{columns.previous}</th>}
            <th scope="col">{columns.source}</th>
          </tr>
        </thead>
        {byDate.map(([date, ones]) => (
          <tbody key={date}>
            <tr className="grouphead">
              <td colSpan={wide ? 5 : 4}>
                <strong>{date}</strong>
              </td>
            </tr>
            {ones.map((group) => (
              <PressRow
                key={group.id}
                group={group}
                name={<bdi>{group.row.title}</bdi>}
                below={
                  <span className="tags">
                    {group.row.result?.status !== undefined && <PlainChip>{group.row.result.status}</PlainChip>}
                    <Tags tags={group.tags} all />
                  </span>
                }
              >
                <td>
                  <ValueCell group={group} />
                </td>
                <td className="second">
                  <bdi>{group.row.value?.range}</bdi>
                </td>
                {wide && (
                  <td className="second">
                    {group.row.result?.previous !== undefined && (
                      <bdi>
                        {group.row.result.previous.text} {group.row.result.previous.unit}
                      </bdi>
                    )}
                  </td>
                )}
                <td>
                  <div className="chips">
                    <SourceChips chips={group.row.chips} />
                  </div>
                </td>
              </PressRow>
            ))}
          </tbody>
        ))}
      </Table>
      {groups.length > limit && (
        <p style={{ padding: '6px 12px' }} data-after={groups.length - limit}>
          <PressLink onPress={() => setLimit(limit + step)}>{overview.older(groups.length - limit)}</PressLink>
        </p>
      )}
    </>
  );
}

/** A result on two lines, where there is no room for a table, or where it is no measurement. */
export function resultRow(group: Group, measured?: Measured): ReactElement {
  const { row } = group;
  return (
    <Row
      key={group.id}
      group={group}
      allTags
      measured={measured}
      first={
        <>
          <Named title={row.title} /> {row.value !== undefined && <Measure value={row.value} />}
        </>
      }
      second={joined(
        row.value?.range === undefined ? undefined : `${columns.range} ${row.value.range}`,
        row.status ?? row.result?.status,
        row.detail,
        row.date === undefined ? row.dateText : formatDateTime(row.date),
      )}
    />
  );
}

/** Results by the time taken, newest first: value, range, the one before, and whose it is. */
export function ResultList({ groups }: { readonly groups: readonly Group[] }): ReactElement {
  const { open } = useViewer();
  const lg = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const md = useMediaQuery((theme) => theme.breakpoints.up('md'));
  // A docked drawer leaves room for two-line rows; below `lg` it stands over the table.
  const table = md && !(lg && open !== undefined);
  return table ? <ResultTable groups={groups} /> : <RowList groups={groups} render={resultRow} />;
}
