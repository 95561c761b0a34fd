import { useTheme } from '@mui/material/styles';
import type { ReactElement } from 'react';
import { dayOf, formatDate, type FhirDate } from '../../../fhir/date.ts';
import type { Group, MedicineSpan } from '../../../record/record.ts';
import { useViewer } from '../../model/viewer.ts';
import { columns } from '../../words.ts';

/** One time axis for all bars of a list, ms since 1970; Today stands near its right end. */
export type Axis = {
  readonly from: number;
  readonly to: number;
  readonly today: number;
  readonly ticks: readonly number[];
};

const width = 356;
const year = 365.25 * 86_400_000;
const barHeight = 10;

/** The last twelve months, or less where all began later; a tick each quarter. */
export function axisOf(groups: readonly Group[], now: number): Axis {
  const starts = groups.flatMap(
    (group) => group.row.medicine?.spans.map((span) => span.from?.instant ?? now - year) ?? [],
  );
  const from = Math.max(now - year, Math.min(now - year / 4, ...starts));
  const to = now + (now - from) / 8;
  const today = dayOf(now);
  const ticks = [3, 6, 9]
    .map((months) => Date.UTC(today.year, today.month - 1 - months, 1))
    .filter((tick) => tick > from);
  return { from, to, today: now, ticks };
}

function at(axis: Axis, instant: number): number {
  return Math.min(width, Math.max(0, ((instant - axis.from) / (axis.to - axis.from)) * width));
}

const monthYear = (instant: number): string => formatDate({ ...dayOf(instant), precision: 'month' });

/** The axis in the head of the column. */
export function PrescribedHead({ axis }: { readonly axis: Axis }): ReactElement {
  const theme = useTheme();
  const fill = theme.vars.palette.text.secondary;
  return (
    <svg
      width={width}
      height={30}
      aria-label={columns.prescribed}
      role="img"
      style={{ display: 'block', font: 'inherit' }}
    >
      <text x={0} y={20} fontWeight={700} fill={theme.vars.palette.text.primary} fontSize={13}>
        {columns.prescribed}
      </text>
      {axis.ticks.map((tick) => {
        const x = at(axis, tick);
        return x < 110 || x > at(axis, axis.today) - 50 ? null : (
          <g key={tick}>
            <text x={x} y={20} textAnchor="middle" fill={fill} fontSize={12} fontWeight={400}>
              {monthYear(tick)}
            </text>
            <path d={`M${x} 24V30`} stroke={theme.vars.palette.ohc.control} />
          </g>
        );
      })}
      <text
        x={at(axis, axis.today)}
        y={20}
        textAnchor="middle"
        fontSize={12}
        fontWeight={700}
        fill={theme.vars.palette.text.primary}
      >
        {columns.today}
      </text>
      <path d={`M${at(axis, axis.today)} 24V30`} stroke={theme.vars.palette.text.primary} strokeWidth={1.5} />
    </svg>
  );
}

function words(span: MedicineSpan): string {
  const say = (date: FhirDate | undefined): string => (date === undefined ? 'date not recorded' : formatDate(date));
  return `${span.chip.label}: from ${say(span.from)}${span.to === undefined ? '' : ` to ${say(span.to)}`}`;
}

/** A bar for each organisation's record, in its kind's hue; ‹ where it began earlier, ending where it was stopped. */
export function Prescribed({ group, axis }: { readonly group: Group; readonly axis: Axis }): ReactElement {
  const theme = useTheme();
  const { record } = useViewer();
  const spans = group.row.medicine?.spans ?? [];
  const height = Math.max(42, spans.length * 14 + 8);
  const top = (height - spans.length * 14 + 4) / 2;
  const today = at(axis, axis.today);
  return (
    <svg width={width} height={height} role="img" aria-label={spans.map(words).join('; ')} style={{ display: 'block' }}>
      {axis.ticks.map((tick) => (
        <path key={tick} d={`M${at(axis, tick)} 0V${height}`} stroke={theme.vars.palette.divider} />
      ))}
      {spans.map((span, index) => {
        const setting =
          record.sources.find((one) => one.source.id === span.chip.sourceId)?.source.setting ?? 'shared-record';
        const hue = theme.vars.palette.ohc.setting[setting];
        const from = span.from === undefined ? 0 : at(axis, span.from.instant);
        const to = span.to === undefined ? today : at(axis, span.to.instant);
        const earlier = span.from === undefined || span.from.instant < axis.from;
        const y = top + index * 14;
        return (
          <g key={`${span.chip.sourceId} ${words(span)}`}>
            <rect
              x={from + 0.6}
              y={y}
              width={Math.max(6, to - from)}
              height={barHeight}
              fill={hue}
              fillOpacity={0.2}
              stroke={hue}
              strokeWidth={1.2}
            />
            {earlier && (
              <path
                d={`M6 ${y + 2.5}L2.5 ${y + 5}L6 ${y + 7.5}`}
                fill="none"
                stroke={theme.vars.palette.text.primary}
              />
            )}
          </g>
        );
      })}
      <path d={`M${today} 0V${height}`} stroke={theme.vars.palette.text.primary} strokeWidth={1.5} />
    </svg>
  );
}
