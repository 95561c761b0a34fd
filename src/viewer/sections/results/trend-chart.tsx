import { styled, useTheme } from '@mui/material/styles';
import { ChartsClipPath } from '@mui/x-charts/ChartsClipPath';
import { ChartsDataProvider } from '@mui/x-charts/ChartsDataProvider';
import { ChartsSurface } from '@mui/x-charts/ChartsSurface';
import { ChartsGrid } from '@mui/x-charts/ChartsGrid';
import { useDrawingArea, useXScale, useYScale } from '@mui/x-charts/hooks';
import { lineClasses, LinePlot } from '@mui/x-charts/LineChart';
import { ChartsXAxis } from '@mui/x-charts/ChartsXAxis';
import { ChartsYAxis } from '@mui/x-charts/ChartsYAxis';
import { useId, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { formatDate, formatDateTime, dayOf } from '../../../fhir/date.ts';
import type { Setting } from '../../../fhir/status.ts';
import { ticksOf } from '../../../record/time-axis.ts';
import type { Span } from '../../../record/timeline.ts';
import type { RangeBand, Stay, TrendPoint } from '../../../record/trend.ts';
import { DrawnShape } from '../../parts/shape.tsx';
import { columns, results, spoken, spokenUnit } from '../../words.ts';
import { direction } from '../lines.tsx';
import { axisHeight, chartHeight, margin } from './chart-size.ts';
import { rangeWords } from './grid.tsx';

/** What of the time axis is not known: a source's data reach no further, ms since 1970. */
export type Unknown = { readonly from: number; readonly words: string };

type ChartProps = {
  readonly title: string;
  readonly unit: string | undefined;
  readonly points: readonly TrendPoint[];
  readonly bands: readonly RangeBand[];
  readonly stays: readonly Stay[];
  readonly unknown: readonly Unknown[];
  readonly span: Span;
  readonly now: number;
  readonly width: number;
  /** The last chart of a panel carries the axis that all share. */
  readonly axis: boolean;
  readonly settingOf: (sourceId: string) => Setting;
  readonly open: (point: TrendPoint) => void;
};

const Frame = styled('div')(({ theme }) => ({
  '& svg text': { ...theme.typography.caption, fill: theme.vars.palette.text.secondary },
  '& .MuiChartsAxis-line, & .MuiChartsAxis-tick': { stroke: theme.vars.palette.ohc.control },
  '& .MuiChartsGrid-line': { stroke: theme.vars.palette.divider, shapeRendering: 'crispEdges' },
  [`& .${lineClasses.line}`]: { strokeWidth: 1.5 },
  '& .layers': { position: 'relative' },
  '& .press': {
    position: 'absolute',
    width: 24,
    height: 24,
    padding: 0,
    border: 0,
    borderRadius: 12,
    background: 'none',
    cursor: 'pointer',
  },
}));

/** The values of the axis: of the points and of the ranges that hold, with room above and below. */
function heights(
  points: readonly TrendPoint[],
  bands: readonly RangeBand[],
): { readonly min: number; readonly max: number } {
  const all = [
    ...points.flatMap((point) => (point.lower === undefined ? [point.y] : [point.y, point.lower])),
    ...bands.flatMap((band) => [band.low, band.high].filter((one) => one !== undefined)),
  ];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high - low) * 0.12 || Math.abs(high) * 0.1 || 1;
  return { min: low >= 0 ? Math.max(0, low - room) : low - room, max: high + room };
}

/** How a point is read aloud: `Creatinine 168 micromoles per litre, above range, 19-Nov-2026 07:10, UHNM`. */
function spokenPoint(title: string, { value, group, chip }: TrendPoint): string {
  const out = direction(value.flag);
  const { date, dateText } = group.row;
  return [
    [title, value.text, spokenUnit(value.unit)].filter((one) => one !== '').join(' '),
    out === undefined ? undefined : spoken[out],
    date === undefined ? dateText : formatDateTime(date),
    chip?.label,
  ]
    .filter((one) => one !== undefined)
    .join(', ');
}

function useScales(): { readonly x: (at: number) => number; readonly y: (value: number) => number } {
  const [x, y] = [useXScale<'time'>(), useYScale<'linear'>()];
  return { x: (at) => x(at), y: (value) => y(value) };
}

function Bands({
  bands,
  unit,
}: {
  readonly bands: readonly RangeBand[];
  readonly unit: string | undefined;
}): ReactElement {
  const theme = useTheme();
  const area = useDrawingArea();
  const { x, y } = useScales();
  const within = (px: number): number => Math.min(area.left + area.width, Math.max(area.left, px));
  const { band, control } = theme.vars.palette.ohc;
  return (
    <g>
      {bands.map((one) => {
        const left = one.from === -Infinity ? area.left : within(x(one.from));
        const right = one.to === Infinity ? area.left + area.width : within(x(one.to));
        const top = one.high === undefined ? area.top : Math.max(area.top, y(one.high));
        const bottom = one.low === undefined ? area.top + area.height : Math.min(area.top + area.height, y(one.low));
        if (right - left < 1 || bottom <= top) return null;
        const edge = (at: number): ReactElement => (
          <path d={`M${left} ${at}H${right}`} stroke={control} strokeDasharray="3 3" />
        );
        const words = results.reference(rangeWords(one.text), unit);
        return (
          <g key={`${one.from} ${one.text}`}>
            <rect x={left} y={top} width={right - left} height={bottom - top} fill={band} />
            {one.high !== undefined && edge(top)}
            {one.low !== undefined && edge(bottom)}
            {right - left > words.length * 6.2 && (
              <text x={left + 6} y={Math.max(top + 12, bottom - 5)}>
                {words}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

/** Stays in hospital as stripes, named once where there is room. */
function Stays(props: {
  readonly stays: readonly Stay[];
  readonly named: boolean;
  readonly settingOf: (sourceId: string) => Setting;
}): ReactElement {
  const theme = useTheme();
  const area = useDrawingArea();
  const { x } = useScales();
  const right = area.left + area.width;
  const stripes = props.stays
    .map((stay) => ({
      stay,
      from: Math.max(area.left, x(stay.from)),
      to: Math.min(right, x(stay.to)),
      words: stayWords(stay),
    }))
    .filter((one) => one.to >= area.left && one.from <= right)
    .toSorted((a, b) => a.from - b.from);
  return (
    <g>
      {stripes.map(({ stay, from, to, words }, index) => {
        const hue = theme.vars.palette.ohc.setting[props.settingOf(stay.group.row.chips[0]?.sourceId ?? '')];
        const free = from - 6 - (stripes[index - 1]?.to ?? area.left) > words.length * 6.2;
        return (
          <g key={stay.group.id}>
            <rect
              x={from}
              y={area.top}
              width={Math.max(2, to - from)}
              height={area.height}
              fill={hue}
              fillOpacity={0.2}
            >
              <title>{words}</title>
            </rect>
            {props.named && free && (
              <text
                x={from - 6}
                y={area.top + area.height - 4}
                textAnchor="end"
                style={{ fill: theme.vars.palette.text.primary }}
              >
                {words}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

function stayWords(stay: Stay): string {
  const { event, chips } = stay.group.row;
  const label = chips[0]?.label ?? '';
  const from = event?.start === undefined ? '' : formatDate(event.start);
  return results.stay(label, from, event?.end === undefined ? undefined : formatDate(event.end));
}

function NotKnown({ unknown, now }: { readonly unknown: readonly Unknown[]; readonly now: number }): ReactElement {
  const theme = useTheme();
  const id = useId();
  const area = useDrawingArea();
  const { x } = useScales();
  return (
    <g>
      <pattern id={id} width={7} height={7} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0V7" stroke={theme.vars.palette.ohc.control} strokeWidth={1.25} />
      </pattern>
      {unknown.map((one) => {
        const [from, to] = [Math.max(area.left, x(one.from)), Math.min(area.left + area.width, x(now))];
        return to - from < 1 ? null : (
          <rect key={one.words} x={from} y={area.top} width={to - from} height={area.height} fill={`url(#${id})`}>
            <title>{one.words}</title>
          </rect>
        );
      })}
    </g>
  );
}

function Today({ now }: { readonly now: number }): ReactElement {
  const theme = useTheme();
  const area = useDrawingArea();
  const at = useScales().x(now);
  return (
    <path d={`M${at} ${area.top}V${area.top + area.height}`} stroke={theme.vars.palette.text.primary} strokeWidth={2} />
  );
}

function Point(props: {
  readonly point: TrendPoint;
  readonly latest: boolean;
  readonly setting: Setting;
}): ReactElement {
  const { point, latest, setting } = props;
  const theme = useTheme();
  const scales = useScales();
  const [x, y] = [scales.x(point.at), scales.y(point.y)];
  const fill =
    point.value.flag === undefined ? theme.vars.palette.text.primary : theme.vars.palette.ohc.status.danger.text;
  const size = latest ? 13 : 10;
  return (
    <g>
      {point.span !== undefined && (
        <path d={`M${scales.x(point.span.from)} ${y}H${scales.x(point.span.to)}`} stroke={fill} strokeWidth={1.5} />
      )}
      {point.lower !== undefined && (
        <path
          d={`M${x} ${y}V${scales.y(point.lower)}M${x - 4} ${scales.y(point.lower)}H${x + 4}`}
          stroke={fill}
          strokeWidth={3}
        />
      )}
      {point.beyond === undefined ? (
        <DrawnShape setting={setting} x={x} y={y} size={size} fill={fill} />
      ) : (
        <>
          <circle
            cx={x}
            cy={y}
            r={size / 2 - 1}
            fill={theme.vars.palette.background.paper}
            stroke={fill}
            strokeWidth={1.5}
          />
          <path
            d={point.beyond === 'below' ? `M${x} ${y + 5}v6m-3-3l3 3l3-3` : `M${x} ${y - 5}v-6m-3 3l3-3l3 3`}
            stroke={fill}
            fill="none"
            strokeWidth={1.5}
          />
        </>
      )}
    </g>
  );
}

/** What is pressed and read aloud lies over the drawing, which is for the eye alone: a button a point, one tab stop. */
function Presses(props: {
  readonly title: string;
  readonly points: readonly TrendPoint[];
  readonly tabStop: number;
  readonly onFocus: (point: TrendPoint) => void;
  readonly open: (point: TrendPoint) => void;
}): ReactElement {
  const { title, points, tabStop, onFocus, open } = props;
  const { x, y } = useScales();
  return (
    <>
      {points.map((point, index) => (
        <button
          key={point.group.id}
          type="button"
          className="press"
          aria-label={spokenPoint(title, point)}
          title={`${point.value.text} ${point.value.unit ?? ''}`}
          tabIndex={index === tabStop ? 0 : -1}
          data-point={index}
          style={{ left: x(point.at) - 12, top: y(point.y) - 12 }}
          onFocus={() => onFocus(point)}
          onClick={() => open(point)}
        />
      ))}
    </>
  );
}

/** One test over time: band, stays, what is not known, the line, and a mark for each result that can be pressed. */
export default function TrendChart(props: ChartProps): ReactElement {
  const { title, unit, points, stays, unknown, span, now, width, axis, settingOf } = props;
  const bands = props.bands.filter((one) => one.to >= span.from && one.from <= span.to);
  const theme = useTheme();
  const clip = useId();
  const frame = useRef<HTMLDivElement>(null);
  const [stop, setStop] = useState<string>();
  const at = Math.max(
    0,
    points.findIndex((one) => one.group.id === stop),
  );
  const tabStop = stop === undefined ? points.length - 1 : at;
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: tabStop - 1, ArrowRight: tabStop + 1, Home: 0, End: points.length - 1 }[event.key];
    if (to === undefined || points[to] === undefined) return;
    event.preventDefault();
    frame.current?.querySelector<HTMLElement>(`[data-point="${to}"]`)?.focus();
  };
  const ticks = ticksOf(span, Math.max(2, Math.floor(width / 96)));
  const height = chartHeight(axis);
  const text = new Map(ticks.map((one) => [one.at, one.text]));
  return (
    <Frame ref={frame} role="group" aria-label={results.chartOf(title, points.length)} onKeyDown={onKeyDown}>
      <ChartsDataProvider
        width={width}
        height={height}
        margin={margin}
        skipAnimation
        disableKeyboardNavigation
        series={[
          {
            id: 'result',
            type: 'line',
            curve: 'linear',
            color: theme.vars.palette.text.secondary,
            // No line leads to a value that is only known to lie beyond a bound; a pressure is a bar and no line.
            data: points.map((one) => (one.beyond === undefined && one.lower === undefined ? one.y : null)),
          },
        ]}
        xAxis={[
          {
            id: 'time',
            scaleType: 'time',
            data: points.map((one) => new Date(one.at)),
            min: new Date(span.from),
            max: new Date(span.to),
            height: axis ? axisHeight : 0,
            position: axis ? 'bottom' : 'none',
            tickInterval: ticks.map((one) => new Date(one.at)),
            valueFormatter: (value: Date) => text.get(value.getTime()) ?? formatDate(dayOf(value.getTime())),
          },
        ]}
        yAxis={[{ id: 'value', ...heights(points, bands), width: 56, tickNumber: 4 }]}
      >
        <div className="layers">
          <ChartsSurface>
            <ChartsClipPath id={clip} />
            <Bands bands={bands} unit={unit} />
            <NotKnown unknown={unknown} now={now} />
            <Stays stays={stays} named={axis && width > 520} settingOf={settingOf} />
            <ChartsGrid vertical />
            <g clipPath={`url(#${clip})`}>
              <LinePlot skipAnimation />
            </g>
            <Today now={now} />
            {points.map((point, index) => (
              <Point
                key={point.group.id}
                point={point}
                latest={index === points.length - 1}
                setting={settingOf(point.chip?.sourceId ?? '')}
              />
            ))}
            {axis && <ChartsXAxis axisId="time" />}
            <ChartsYAxis axisId="value" />
            {axis && <TodayWord now={now} />}
          </ChartsSurface>
          <Presses
            title={title}
            points={points}
            tabStop={tabStop}
            onFocus={(point) => setStop(point.group.id)}
            open={props.open}
          />
        </div>
      </ChartsDataProvider>
    </Frame>
  );
}

function TodayWord({ now }: { readonly now: number }): ReactElement {
  const theme = useTheme();
  const area = useDrawingArea();
  const at = useScales().x(now);
  return (
    <g>
      <rect
        x={at - 20}
        y={area.top + area.height + 5}
        width={42}
        height={18}
        fill={theme.vars.palette.background.paper}
      />
      <text
        x={at}
        y={area.top + area.height + 18}
        textAnchor="middle"
        style={{ fill: theme.vars.palette.text.primary, fontWeight: 700 }}
      >
        {columns.today}
      </text>
    </g>
  );
}
