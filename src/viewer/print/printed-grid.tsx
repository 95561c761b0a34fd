import type { ReactElement } from 'react';
import { formatDateTime } from '../../fhir/date.ts';
import type { Column, ResultSet } from '../../record/cumulative-grid.ts';
import type { Group } from '../../record/record.ts';
import { direction } from '../sections/lines.tsx';
import { panelGrid, sortedResults } from '../sections/results/panels.ts';
import { print, results } from '../words.ts';

/** Columns that stand side by side on A4; the others follow below, with the dates again. */
const across = 6;

function parts(columns: readonly Column[]): readonly (readonly Column[])[] {
  return Array.from({ length: Math.ceil(columns.length / across) }, (_, at) =>
    columns.slice(at * across, (at + 1) * across),
  );
}

/** One result: its mark, value as recorded, status, and what was noted of it. */
function Cell({ group }: { readonly group: Group }): ReactElement {
  const { value, detail, result, status } = group.row;
  const out = direction(value?.flag);
  const words = value?.text ?? detail ?? result?.status ?? status ?? results.notMeasured;
  return (
    <div>
      {out !== undefined && (out === 'high' ? '▲ ' : '▼ ')}
      <bdi style={out === undefined ? {} : { fontWeight: 700 }}>{words}</bdi>
      {value?.flag === 'abnormal' && ` (${results.markedAbnormal})`}
      {value !== undefined && result?.status !== undefined && <span className="tag">{result.status}</span>}
      {value === undefined &&
        result?.components.map((one) => (
          <div key={one.name}>
            <bdi>{[one.name, one.value?.text, one.value?.unit].filter((part) => part !== undefined).join(' ')}</bdi>
          </div>
        ))}
      {value !== undefined && detail !== undefined && (
        <div style={{ fontSize: '8pt' }}>
          <bdi>{detail}</bdi>
        </div>
      )}
    </div>
  );
}

function Rows({
  columns,
  sets,
}: {
  readonly columns: readonly Column[];
  readonly sets: readonly ResultSet[];
}): ReactElement {
  const held = sets.filter((set) => columns.some((column) => (set.cells.get(column.test)?.length ?? 0) > 0));
  return (
    <table className="rows">
      <thead>
        <tr>
          <th scope="col">{results.taken}</th>
          <th scope="col">{print.source}</th>
          {columns.map((column) => (
            <th key={column.test} scope="col">
              <bdi>{column.title}</bdi>
              {column.specimen !== undefined && `, ${column.specimen}`}
              <div style={{ fontWeight: 400 }}>
                <bdi>{[column.unit, column.range].filter((part) => part !== undefined).join(', ')}</bdi>
              </div>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {held.map((set) => (
          <tr key={set.key}>
            <td className="when">{set.date === undefined ? set.recorded : formatDateTime(set.date)}</td>
            <td>
              <bdi>{set.chips.map((chip) => chip.label).join(', ')}</bdi>
            </td>
            {columns.map((column) => (
              <td key={column.test}>
                {(set.cells.get(column.test) ?? []).map((group) => (
                  <Cell key={group.id} group={group} />
                ))}
                {(set.cells.get(column.test)?.length ?? 0) === 0 && '–'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The panels of results as cumulative grids on paper; what is no measurement (reports, radiology) is left to rows. */
export function PrintedGrid({ groups }: { readonly groups: readonly Group[] }): ReactElement {
  const { panels } = sortedResults(groups);
  return (
    <>
      {[...panels].map(([id, items]) => {
        if (id === 'radiology') return null;
        const { columns, sets } = panelGrid(items);
        return (
          <section key={id}>
            <h2>
              {results.panelTitles[id]} {results.sets(sets.length)}
            </h2>
            {parts(columns).map((some) => (
              <Rows key={some[0]?.test} columns={some} sets={sets} />
            ))}
          </section>
        );
      })}
      <p>
        {results.oneUnit} – {results.legend.notMeasured}
      </p>
    </>
  );
}

/** What a grid does not show of these results: it stands in rows below. */
export function besideGrid(groups: readonly Group[]): readonly Group[] {
  const { panels, reports, inError } = sortedResults(groups);
  return [...(panels.get('radiology') ?? []), ...reports, ...inError];
}
