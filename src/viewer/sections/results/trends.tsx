import useMediaQuery from '@mui/material/useMediaQuery';
import { styled } from '@mui/material/styles';
import { lazy, startTransition, Suspense, useEffect, useMemo, useState, type ReactElement } from 'react';
import { formatDate, formatDateTime } from '../../../fhir/date.ts';
import type { Setting } from '../../../fhir/status.ts';
import type { Column } from '../../../record/cumulative-grid.ts';
import { extentOf } from '../../../record/extent.ts';
import { rememberingEach } from '../../../record/memory.ts';
import { sectionClasses, type ClinicalRecord, type SectionId } from '../../../record/record.ts';
import type { Span } from '../../../record/timeline.ts';
import { trendOf, type Stay, type Trend, type TrendPoint } from '../../../record/trend.ts';
import { useViewer } from '../../model/viewer.ts';
import { SectionBoundary } from '../../parts/error-boundary.tsx';
import { Panel } from '../../parts/panel.tsx';
import { OutlinedButton } from '../../parts/press.tsx';
import { PressLink } from '../../parts/press-link.tsx';
import { Segments } from '../../parts/segments.tsx';
import { SourceShape } from '../../parts/shape.tsx';
import { SourceChip } from '../../parts/source-chip.tsx';
import { useWidth } from '../../parts/width.ts';
import { columns as heads, results, settingWords } from '../../words.ts';
import { Measure } from '../lines.tsx';
import { PressRow, Table } from '../table-parts.tsx';
import { chartHeight } from './chart-size.ts';
import { rangeWords } from './grid.tsx';
import type { Unknown } from './trend-chart.tsx';

const TrendChart = lazy(() => import('./trend-chart.tsx'));

const trendOfColumn = rememberingEach(({ groups }: Column): Trend => trendOf(groups));

const day = 86_400_000;
const year = 365.25 * day;
type SpanId = keyof typeof results.spans;
const lengths: Readonly<Record<SpanId, number>> = {
  quarter: year / 4,
  year,
  'two-years': 2 * year,
  all: Infinity,
};

/** The narrowest time from two years on that shows a history; what lies before it is said. */
function spanFor(trends: readonly Trend[], now: number): SpanId {
  const enough = trends.some((one) => (one.points.at(-2)?.at ?? -Infinity) >= now - 2 * year);
  return enough ? 'two-years' : 'all';
}

function spanOf(id: SpanId, trends: readonly Trend[], now: number): Span {
  let [first, last] = [now - year / 4, now];
  for (const { points } of trends)
    for (const { at, span } of points) {
      first = Math.min(first, span?.from ?? at, at);
      last = Math.max(last, span?.from ?? at, at);
    }
  const from = id === 'all' ? first : now - lengths[id];
  // A little room on both sides, so that no mark stands on an edge.
  return { from: from - (last - from) * 0.02, to: last + (last - from) * 0.02 };
}

const kinds = {
  '& .kinds': { display: 'inline-flex', flexWrap: 'wrap', gap: '2px 12px', marginInline: 8 },
  '& .kinds span': { display: 'inline-flex', alignItems: 'center', gap: 6 },
} as const;

const Counted = styled('span')(kinds);

const Controls = styled('div')(({ theme }) => ({
  ...kinds,
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  justifyContent: 'flex-end',
  gap: theme.spacing(2),
  '& select': {
    ...theme.typography.body1,
    height: 32,
    width: 140,
    maxWidth: '100%',
    color: theme.vars.palette.text.primary,
    backgroundColor: theme.vars.palette.background.paper,
    border: `1px solid ${theme.vars.palette.ohc.control}`,
    borderRadius: theme.shape.borderRadius,
    paddingInline: theme.spacing(2),
    [theme.breakpoints.down('md')]: { height: 40 },
  },
  [theme.breakpoints.down('md')]: { justifyContent: 'flex-start', padding: theme.spacing(1, 3) },
}));

const One = styled('div')(({ theme }) => ({
  display: 'grid',
  gridTemplateColumns: 'minmax(0, 1fr) 170px',
  padding: theme.spacing(1, 3, 0),
  '& h3': { ...theme.typography.h3, gridColumn: '1 / -1', margin: 0 },
  '& h3 .unit': {
    ...theme.typography.caption,
    color: theme.vars.palette.text.secondary,
    fontWeight: 400,
    marginLeft: 6,
  },
  '& h3 .link': { ...theme.typography.body2, fontWeight: 400, marginLeft: 12 },
  '& .legend': {
    ...theme.typography.caption,
    color: theme.vars.palette.text.secondary,
    padding: theme.spacing(1, 0, 1, 3),
  },
  '& .legend .date': { whiteSpace: 'nowrap' },
  '& .legend .big bdi:not(.figure)': { fontSize: '0.75rem', fontWeight: 400 },
  '& .legend .big': { fontSize: '1.25rem', lineHeight: 1.2, fontWeight: 700, color: theme.vars.palette.text.primary },
  '& .said': { ...theme.typography.caption, color: theme.vars.palette.text.secondary, gridColumn: '1 / -1' },
  [theme.breakpoints.down('md')]: { gridTemplateColumns: 'minmax(0, 1fr)', '& .legend': { paddingLeft: 0 } },
}));

const dateOf = ({ group }: TrendPoint): string =>
  group.row.date === undefined ? group.row.dateText : formatDate(group.row.date);

/** Beside the chart: the latest value in full, and the one before it. */
function Legend({ trend }: { readonly trend: Trend }): ReactElement {
  const [previous, latest] = [trend.points.at(-2), trend.points.at(-1)];
  return (
    <div className="legend">
      {latest !== undefined && (
        <>
          <div>{results.latestOn(dateOf(latest))}</div>
          <div className="big">
            <Measure value={latest.value} />
          </div>
        </>
      )}
      {previous !== undefined && (
        <div>
          <bdi>
            {results.previousOn(
              [previous.value.text, previous.value.unit].filter((one) => one !== undefined).join('\u00a0'),
            )}
          </bdi>{' '}
          <span className="date">{dateOf(previous)}</span>
        </div>
      )}
    </div>
  );
}

/** The points of a chart as a table, newest first: all that the chart says, in words. */
function PointTable({ points }: { readonly points: readonly TrendPoint[] }): ReactElement {
  return (
    <Table>
      <thead>
        <tr>
          <th scope="col">{results.taken}</th>
          <th scope="col">{heads.value}</th>
          <th scope="col">{heads.range}</th>
          <th scope="col">{heads.source}</th>
        </tr>
      </thead>
      <tbody>
        {points.toReversed().map(({ group, value, chip }) => (
          <PressRow
            key={group.id}
            group={group}
            name={<bdi>{group.row.date === undefined ? group.row.dateText : formatDateTime(group.row.date)}</bdi>}
          >
            <td>
              <Measure value={value} />
            </td>
            <td>
              <bdi>{value.range === undefined ? '' : rangeWords(value.range)}</bdi>
            </td>
            <td>{chip !== undefined && <SourceChip chip={chip} />}</td>
          </PressRow>
        ))}
      </tbody>
    </Table>
  );
}

function said(trend: Trend, shown: readonly TrendPoint[]): readonly string[] {
  const earlier = trend.points.length - shown.length;
  return [
    shown.length === 0 ? results.noneInTime : '',
    earlier > 0 ? results.outside(earlier) : '',
    trend.undated > 0 ? results.undated(trend.undated) : '',
    trend.wordsOnly > 0 ? results.wordsOnly(trend.wordsOnly) : '',
    shown.some((one) => one.beyond !== undefined) ? results.beyond : '',
    shown.some((one) => one.span !== undefined) ? results.vague : '',
  ].filter((one) => one !== '');
}

/** True once what stands around was painted: the figures of the grid do not wait for a drawing of them. */
function usePainted(): boolean {
  const [painted, setPainted] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setPainted(true)), 0);
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, []);
  return painted;
}

/** The tests chosen, each in a chart of its own on one time axis, or as tables. */
export function Trends(props: {
  /** Every test that can be drawn. */
  readonly columns: readonly Column[];
  readonly chosen: readonly string[];
  readonly setChosen: (tests: readonly string[]) => void;
  readonly stays: readonly Stay[];
  /** Whose sources may be behind: results or vital signs. */
  readonly section: SectionId;
}): ReactElement | null {
  const { record, now, openGroup } = useViewer();
  const { columns, chosen, setChosen, stays, section } = props;
  const [ref, width] = useWidth<HTMLDivElement>(900);
  const beside = useMediaQuery((theme) => theme.breakpoints.up('md'));
  const painted = usePainted();
  const [asTable, setAsTable] = useState(false);
  const [picked, setPicked] = useState<SpanId>();
  const shown = useMemo(
    () =>
      chosen
        .map((test) => columns.find((one) => one.test === test))
        .filter((one) => one !== undefined)
        .map((column) => ({ column, trend: trendOfColumn(column) })),
    [chosen, columns],
  );
  const drawable = shown.filter(({ trend }) => trend.points.length > 0);
  if (shown.length === 0) return null;
  const trends = shown.map((one) => one.trend);
  const id = picked ?? spanFor(trends, now);
  const span = spanOf(id, trends, now);
  const settings = new Map(record.sources.map(({ source }) => [source.id, source.setting]));
  const settingOf = (sourceId: string): Setting => settings.get(sourceId) ?? 'shared-record';
  const sourceIds = new Set<string>();
  for (const { points } of trends) for (const { chip } of points) sourceIds.add(chip?.sourceId ?? '');
  const settingsShown = new Set([...sourceIds].map(settingOf));
  const unknown = unknownOf(record, section);
  const rest = columns.filter((one) => !chosen.includes(one.test));
  const open = ({ group }: TrendPoint): void => openGroup(group.members[0]?.id ?? group.id);
  const legend = (
    <span className="kinds">
      {[...settingsShown].map((setting) => (
        <span key={setting}>
          <SourceShape setting={setting} />
          {settingWords[setting]}
        </span>
      ))}
    </span>
  );
  const controls = (
    <Controls>
      {!beside && legend}
      <Segments label={results.spanLabel} options={results.spans} value={id} onChange={setPicked} />
      {rest.length > 0 && (
        <select
          aria-label={results.addTest}
          value=""
          onChange={(event) => setChosen([...chosen, event.currentTarget.value])}
        >
          <option value="">{results.addTest}</option>
          {rest.map((one) => (
            <option key={one.test} value={one.test}>
              {[one.title, one.specimen, one.unit].filter((part) => part !== undefined).join(', ')}
            </option>
          ))}
        </select>
      )}
      <OutlinedButton style={{ paddingInline: 10 }} onClick={() => setAsTable(!asTable)}>
        {asTable ? results.asChart : results.asTable}
      </OutlinedButton>
    </Controls>
  );
  return (
    <Panel
      title={results.trend}
      count={
        <Counted>
          {results.leftToRight} {beside && legend}
        </Counted>
      }
      link={beside ? controls : undefined}
      below={results.trend}
    >
      {!beside && controls}
      <div ref={ref}>
        {shown.map(({ column, trend }) => {
          const points = trend.points.filter((one) => one.at >= span.from && one.at <= span.to);
          return (
            <One key={column.test}>
              <h3>
                <bdi>{column.title}</bdi>
                {column.specimen !== undefined && `, ${column.specimen}`}
                <bdi className="unit">{column.unit}</bdi>
                {shown.length > 1 && (
                  <span className="link">
                    <PressLink onPress={() => setChosen(chosen.filter((test) => test !== column.test))}>
                      {results.remove(column.title)}
                    </PressLink>
                  </span>
                )}
              </h3>
              {asTable ? (
                <div style={{ overflowX: 'auto' }}>
                  <PointTable points={points} />
                </div>
              ) : (
                <SectionBoundary words={results.chartFailed}>
                  <Suspense
                    fallback={
                      <p role="status" style={{ height: chartHeight(column === drawable.at(-1)?.column) }}>
                        {results.loadingChart}
                      </p>
                    }
                  >
                    {points.length > 0 && !painted && (
                      <div style={{ height: chartHeight(column === drawable.at(-1)?.column) }} />
                    )}
                    {points.length > 0 && painted && (
                      <TrendChart
                        title={column.title}
                        unit={column.unit}
                        points={points}
                        bands={trend.bands}
                        stays={stays}
                        unknown={unknown}
                        span={span}
                        now={now}
                        width={Math.max(220, width - 24 - (beside ? 170 : 0))}
                        axis={column === drawable.at(-1)?.column}
                        settingOf={settingOf}
                        open={open}
                      />
                    )}
                  </Suspense>
                </SectionBoundary>
              )}
              <Legend trend={trend} />
              {said(trend, points).map((words) => (
                <p key={words} className="said">
                  {words}
                </p>
              ))}
            </One>
          );
        })}
      </div>
      {unknown.map((one) => (
        <p key={one.words} style={{ padding: '2px 12px 6px' }}>
          {one.words}
        </p>
      ))}
    </Panel>
  );
}

/** From where on a source of this section is not known: what it last gave is older than usual. */
function unknownOf(record: ClinicalRecord, section: SectionId): readonly Unknown[] {
  return record.sources.flatMap(({ source, stale, dataAsOf }): readonly Unknown[] =>
    !stale || dataAsOf === undefined || !sectionClasses[section].some((kind) => source.contributes.includes(kind))
      ? []
      : [{ from: extentOf(dataAsOf).to, words: results.notKnownAfter(source.label, formatDate(dataAsOf)) }],
  );
}
