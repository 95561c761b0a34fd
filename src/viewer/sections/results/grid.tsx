import { useState, type ReactElement, type ReactNode } from 'react';
import { formatDateTime } from '../../../fhir/date.ts';
import { isAhead } from '../../../record/ahead.ts';
import { rangeNotes, type Column, type Grid, type ResultSet } from '../../../record/cumulative-grid.ts';
import type { Group, Tag } from '../../../record/record.ts';
import { stayAt, type Stay } from '../../../record/trend.ts';
import { unitKey } from '../../../record/unit.ts';
import { words as recordWords } from '../../../record/words.ts';
import { useViewer } from '../../model/viewer.ts';
import { PressLink } from '../../parts/press-link.tsx';
import { PlainChip, SourceChips } from '../../parts/source-chip.tsx';
import { Tags } from '../../parts/status-tag.tsx';
import { columns as heads, results, spoken } from '../../words.ts';
import { direction, hidden } from '../lines.tsx';
import { onGridKeys } from './grid-keys.ts';
import { Foot, GridTable, Key, Scroller } from './grid-look.ts';

const [first, more] = [6, 100];
const long = 24;

/** `≥60` as the head of a column says it: `60 or more`. */
export function rangeWords(range: string): string {
  const [, sign, bound = ''] = /^([≥≤])\s*([\d.,]+)$/.exec(range) ?? [];
  return sign === undefined ? range : sign === '≥' ? results.orMore(bound) : results.orLess(bound);
}

/** The tags of a result that its row does not already carry. */
function ownTags(group: Group, set: ResultSet): readonly Tag[] {
  return group.tags.filter((tag) => !set.tags.some((one) => one.kind === tag.kind && one.words === tag.words));
}

function Figure({ group, column }: { readonly group: Group; readonly column: Column }): ReactElement {
  const { row } = group;
  const { value } = row;
  const words = value?.text ?? row.detail ?? row.result?.status ?? row.status ?? results.notMeasured;
  const out = direction(value?.flag);
  const otherUnit = value?.unit !== undefined && unitKey(value.unit) !== unitKey(column.unit);
  return (
    <span className={`value${words.length > long ? ' long' : ''}${value?.flag === undefined ? '' : ' out'}`}>
      {out !== undefined && (
        <>
          <span className="mark" aria-hidden>
            {out === 'high' ? '▲' : '▼'}
          </span>
          <span style={hidden}>{spoken[out]} </span>
        </>
      )}
      <bdi>{words}</bdi>
      {otherUnit && <bdi className="unit"> {value.unit}</bdi>}
      {value?.flag === 'abnormal' && ' (marked abnormal)'}
      {value === undefined &&
        row.result?.components.map((one) => (
          <span key={one.name} style={{ display: 'block' }}>
            <bdi className="unit">{one.name}</bdi> <bdi>{one.value?.text}</bdi>{' '}
            <bdi className="unit">{one.value?.unit}</bdi>
          </span>
        ))}
    </span>
  );
}

type Stop = { readonly at: string; readonly set: (at: string) => void };

function Result(props: {
  readonly group: Group;
  readonly column: Column;
  readonly set: ResultSet;
  readonly mark: string | undefined;
  readonly stop: Stop;
}): ReactElement {
  const { group, column, set, mark, stop } = props;
  const { open, openGroup } = useViewer();
  const id = group.members[0]?.id ?? group.id;
  const isOpen = open !== undefined && group.members.some((member) => member.id === open);
  const tags = ownTags(group, set);
  const said = group.row.result?.status;
  // What has no value says its status in the value's place.
  const status = group.row.value === undefined && group.row.detail === undefined ? undefined : said;
  return (
    <div>
      <button
        type="button"
        data-row=""
        data-id={id}
        data-cell={column.test}
        data-open={isOpen}
        aria-current={isOpen ? 'true' : undefined}
        tabIndex={stop.at === group.id ? 0 : -1}
        onFocus={() => stop.set(group.id)}
        onClick={() => openGroup(id)}
      >
        <Figure group={group} column={column} />
        {mark !== undefined && <sup>{mark}</sup>}
      </button>
      {group.row.value !== undefined && group.row.detail !== undefined && (
        <span className="unit" style={{ display: 'block' }}>
          {results.comment}
        </span>
      )}
      {(tags.length > 0 || status !== undefined) && (
        <span className="tags">
          {status !== undefined && <PlainChip>{status}</PlainChip>}
          <Tags tags={tags} all />
        </span>
      )}
    </div>
  );
}

function Head(props: {
  readonly column: Column;
  readonly chosen: boolean;
  readonly choose: (test: string) => void;
  readonly stop: Stop;
}): ReactElement {
  const { column, chosen, choose, stop } = props;
  const key = `head ${column.test}`;
  return (
    <th scope="col" data-chosen={chosen}>
      <button
        type="button"
        data-cell={column.test}
        aria-pressed={chosen}
        tabIndex={stop.at === key ? 0 : -1}
        onFocus={() => stop.set(key)}
        onClick={() => choose(column.test)}
      >
        <span className="name">
          <bdi>{column.title}</bdi>
          {column.specimen !== undefined && `, ${column.specimen}`}
        </span>
        <bdi className="unit">{column.unit ?? '\u00a0'}</bdi>
        <bdi className="unit">{column.range === undefined ? '\u00a0' : rangeWords(column.range)}</bdi>
      </button>
    </th>
  );
}

function Taken({
  set,
  word,
  stay,
}: {
  readonly set: ResultSet;
  readonly word?: string;
  readonly stay: Stay | undefined;
}): ReactElement {
  return (
    <th scope="row" className="taken">
      <bdi className="when">{set.date === undefined ? set.recorded : formatDateTime(set.date)}</bdi>
      {word !== undefined && <span className="word">{word}</span>}
      {stay !== undefined && (
        <span className="word">
          <bdi>{results.inHospital(stay.group.row.chips[0]?.label ?? '')}</bdi>
        </span>
      )}
      {set.tags.length > 0 && (
        <span className="tags">
          <Tags tags={set.tags} all />
        </span>
      )}
    </th>
  );
}

/** What the marks mean, at the right of the card's head. */
export function GridLegend(): ReactElement {
  return (
    <>
      <Key>
        <span>▲</span> {results.legend.above}
      </Key>
      <Key>
        <span>▼</span> {results.legend.below}
      </Key>
      <Key>– {results.legend.notMeasured}</Key>
    </>
  );
}

/** @param latest the place of the newest that is not dated in the future */
function rowWord(index: number, latest: number, set: ResultSet): string | undefined {
  if (set.date === undefined) return undefined;
  if (index < latest || latest < 0) return recordWords.datedAhead;
  return index === latest ? results.latest : index === latest + 1 ? results.previousSet : undefined;
}

/** The cumulative grid: a row a set of results, newest first, a column a test in one unit. Nothing is converted (H5). */
export function CumulativeGrid(props: {
  readonly label: string;
  readonly grid: Grid;
  readonly stays: readonly Stay[];
  readonly chosen: string | undefined;
  readonly choose: (test: string) => void;
}): ReactElement {
  const { label, grid, stays, chosen, choose } = props;
  const [limit, setLimit] = useState(first);
  const [focused, setFocused] = useState('');
  const { now } = useViewer();
  const sets = grid.sets.slice(0, limit);
  const latest = grid.sets.findIndex((set) => set.date !== undefined && !isAhead(set.date, now));
  const { notes, markOf } = rangeNotes(grid.columns, sets);
  const here = grid.columns.some(
    (one) => focused === `head ${one.test}` || one.groups.some(({ id }) => id === focused),
  );
  const emptyHere = sets.some((set) => focused.startsWith(`${set.key}|`));
  const stop: Stop = { at: here || emptyHere ? focused : `head ${grid.columns[0]?.test ?? ''}`, set: setFocused };
  const cell = (set: ResultSet, column: Column): ReactNode => {
    const groups = set.cells.get(column.test);
    const tinted = column.test === chosen;
    if (groups !== undefined)
      return (
        <td key={column.test} data-chosen={tinted}>
          {groups.map((group) => (
            <Result key={group.id} group={group} column={column} set={set} mark={markOf.get(group.id)} stop={stop} />
          ))}
        </td>
      );
    const key = `${set.key}|${column.test}`;
    return (
      <td key={column.test} data-chosen={tinted}>
        <button
          type="button"
          className="none"
          aria-disabled
          data-cell={column.test}
          tabIndex={stop.at === key ? 0 : -1}
          onFocus={() => setFocused(key)}
        >
          <span aria-hidden>–</span>
          <span style={hidden}>{results.notMeasured}</span>
        </button>
      </td>
    );
  };
  const older = grid.sets.length - sets.length;
  return (
    <>
      <Scroller>
        <GridTable role="grid" aria-label={label} aria-rowcount={grid.sets.length + 1} onKeyDown={onGridKeys}>
          <thead>
            <tr>
              <th scope="col" className="taken">
                {results.taken}
              </th>
              <th scope="col" className="source">
                {heads.source}
              </th>
              {grid.columns.map((column) => (
                <Head key={column.test} column={column} chosen={column.test === chosen} choose={choose} stop={stop} />
              ))}
            </tr>
          </thead>
          <tbody>
            {sets.map((set, index) => {
              const stay = stayAt(stays, set.date);
              const word = rowWord(index, latest, set);
              return (
                <tr
                  key={set.key}
                  aria-rowindex={index + 2}
                  className={index === latest ? 'latest' : undefined}
                  data-stay={stay !== undefined}
                >
                  <Taken set={set} stay={stay} {...(word === undefined ? {} : { word })} />
                  <td className="source">
                    <div className="chips">
                      <SourceChips chips={set.chips} />
                    </div>
                  </td>
                  {grid.columns.map((column) => cell(set, column))}
                </tr>
              );
            })}
          </tbody>
        </GridTable>
      </Scroller>
      <Foot as="div">
        {older > 0 && (
          <span data-after={older}>
            <PressLink onPress={() => setLimit(limit + more)}>{results.olderSets(older)}</PressLink>
          </span>
        )}
        <span>{results.oneUnit}</span>
        {notes.map(({ mark, column, range }) => (
          <span key={`${mark} ${column.test}`}>
            {mark}{' '}
            {new Set(notes.map((one) => one.column)).size > 1 && (
              <>
                <bdi>{column.title}</bdi>.{' '}
              </>
            )}
            {range === undefined ? results.noRange : <bdi>{results.rangeOfLaboratory(range, column.unit)}</bdi>}
          </span>
        ))}
      </Foot>
    </>
  );
}
