import { styled, useTheme } from '@mui/material/styles';
import { type KeyboardEvent, type ReactElement, type Ref } from 'react';
import { formatDate, type FhirDate } from '../../../fhir/date.ts';
import { extentOf } from '../../../record/extent.ts';
import type { SourceState } from '../../../record/record.ts';
import { ticksOf } from '../../../record/time-axis.ts';
import { lanesOf, placeIn, type Cluster, type Lane, type Span, type TimelineEvent } from '../../../record/timeline.ts';
import { SourceShape } from '../../parts/shape.tsx';
import { hatching } from '../../theme.ts';
import { columns, timeline } from '../../words.ts';
import { labelOf, nameOf } from './event-name.ts';
import { layOut } from './lane-layout.ts';

const labelWidth = 176;

const Frame = styled('div')(({ theme }) => ({
  position: 'relative',
  overflow: 'hidden',
  '& .axis': { position: 'relative', height: 30, marginLeft: labelWidth },
  '& .tick': {
    ...theme.typography.caption,
    position: 'absolute',
    top: 8,
    transform: 'translateX(-50%)',
    whiteSpace: 'nowrap',
    color: theme.vars.palette.text.secondary,
  },
  '& .tick.now': { fontWeight: 700, color: theme.vars.palette.text.primary },
  '& .lane': {
    display: 'grid',
    gridTemplateColumns: `${labelWidth}px minmax(0, 1fr)`,
    borderTop: `1px solid ${theme.vars.palette.divider}`,
  },
  '& .lane > .label': {
    ...theme.typography.body2,
    fontWeight: 700,
    alignSelf: 'center',
    padding: theme.spacing(0, 3),
    '& span': {
      ...theme.typography.caption,
      display: 'block',
      fontWeight: 400,
      color: theme.vars.palette.text.secondary,
      whiteSpace: 'nowrap',
    },
  },
  '& .track': { position: 'relative', height: 42, borderLeft: `1px solid ${theme.vars.palette.ohc.control}` },
  '& .future': { position: 'absolute', inset: 0, backgroundColor: theme.vars.palette.ohc.sunken },
  '& .line': { position: 'absolute', top: 0, bottom: 0, width: 1, backgroundColor: theme.vars.palette.divider },
  '& .now': { zIndex: 1 },
  '& .line.now': { width: 2, backgroundColor: theme.vars.palette.text.primary },
  '& .unknown': {
    position: 'absolute',
    top: 2,
    bottom: 2,
    ...hatching('transparent', theme.vars.palette.ohc.control),
  },
  '& .event': {
    font: 'inherit',
    position: 'absolute',
    top: 5,
    height: 32,
    minWidth: 24,
    padding: 0,
    border: 0,
    background: 'none',
    color: theme.vars.palette.text.primary,
    cursor: 'pointer',
    display: 'flex',
    alignItems: 'center',
    borderRadius: 3,
    zIndex: 2,
    '&:focus-visible': { zIndex: 4 },
    '&[aria-pressed="true"]': { backgroundColor: theme.vars.palette.ohc.selected },
  },
  '& .span': {
    position: 'absolute',
    inset: '8px 0',
    border: '1.2px solid currentColor',
    borderRadius: 2,
    '&::before': { content: '""', position: 'absolute', inset: 0, backgroundColor: 'currentColor', opacity: 0.2 },
    '&[data-vague="true"]': { borderStyle: 'dashed' },
  },
  '& .shape': { position: 'relative', width: 24, height: 24, display: 'grid', placeItems: 'center', flex: 'none' },
  '& .many': {
    ...theme.typography.caption,
    fontWeight: 700,
    minWidth: 20,
    padding: '1px 4px',
    textAlign: 'center',
    border: `1px solid ${theme.vars.palette.ohc.control}`,
    borderRadius: 10,
    backgroundColor: theme.vars.palette.background.paper,
  },
  '& .words': {
    ...theme.typography.body2,
    position: 'absolute',
    top: 12,
    whiteSpace: 'nowrap',
    pointerEvents: 'none',
    zIndex: 2,
  },
  [theme.breakpoints.down('md')]: {
    '& .axis': { marginLeft: 0 },
    '& .lane': { gridTemplateColumns: 'minmax(0, 1fr)' },
    '& .lane > .label': { paddingTop: theme.spacing(1) },
  },
}));

/** What of the lanes is not known: from when on, and in which. */
type Unknown = { readonly date: FhirDate; readonly from: number; readonly lanes: readonly Lane[] };

function unknownOf(sources: readonly SourceState[]): readonly Unknown[] {
  return sources.flatMap(({ stale, dataAsOf, source }) =>
    stale && dataAsOf !== undefined
      ? [{ date: dataAsOf, from: extentOf(dataAsOf).to, lanes: lanesOf(source.setting) }]
      : [],
  );
}

type LaneProps = {
  readonly events: readonly TimelineEvent[];
  readonly span: Span;
  readonly now: number;
  readonly width: number;
  readonly chosen: string | undefined;
  readonly tabStop: string | undefined;
  readonly choose: (event: TimelineEvent) => void;
  readonly open: (cluster: Cluster) => void;
};

function Events(props: LaneProps): ReactElement {
  const theme = useTheme();
  const { events, span, width, chosen, tabStop, choose, open } = props;
  return (
    <>
      {layOut(events, span, width, labelOf, props.now).map(({ cluster, isBar, left, right, words }) => {
        const { first, events: within } = cluster;
        const hue = theme.vars.palette.ohc.setting[first.setting];
        const lone = within.length === 1;
        const isChosen = within.some((one) => one.group.id === chosen);
        const holdsStop = within.some((one) => one.group.id === tabStop);
        return (
          <span key={first.group.id}>
            <button
              type="button"
              className="event"
              aria-pressed={isChosen}
              aria-label={lone ? nameOf(first) : `${timeline.several(within.length)}: ${within.map(nameOf).join('; ')}`}
              tabIndex={holdsStop ? 0 : -1}
              data-event={first.group.id}
              data-row={lone ? '' : undefined}
              data-id={first.group.members[0]?.id ?? first.group.id}
              style={{ left: Math.max(0, Math.min(width - 24, left)), width: isBar ? right - left : 24 }}
              onFocus={() => !isChosen && choose(first)}
              onClick={() => open(cluster)}
            >
              {(isBar || first.vague) && lone && (
                <span className="span" data-vague={first.vague} style={{ color: hue }} />
              )}
              {lone ? (
                <span className="shape">
                  <SourceShape setting={first.setting} size={13} />
                </span>
              ) : (
                <span className="many">{within.length}</span>
              )}
            </button>
            {words !== undefined && (
              <bdi
                className="words"
                aria-hidden
                style={words.side === 'left' ? { right: width - words.at } : { left: words.at }}
              >
                {words.text}
              </bdi>
            )}
          </span>
        );
      })}
    </>
  );
}

/** The lanes of the timeline under one axis; time runs left to right, what is to come stands on another ground. */
export function Lanes(
  props: Omit<LaneProps, 'events'> & {
    readonly lanes: readonly { readonly lane: Lane; readonly events: readonly TimelineEvent[] }[];
    readonly sources: readonly SourceState[];
    readonly ref: Ref<HTMLDivElement>;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  },
): ReactElement {
  const { lanes, sources, span, now, width, ref, onKeyDown } = props;
  const x = (at: number): number => placeIn(span, width, at);
  const today = x(now);
  const ticks = ticksOf(span, Math.max(2, Math.floor(width / 120)));
  const unknown = unknownOf(sources);
  return (
    <Frame ref={ref} role="group" aria-label={timeline.lanesLabel} onKeyDown={onKeyDown}>
      <div className="axis" aria-hidden>
        {ticks.map((tick) =>
          Math.abs(x(tick.at) - today) < 60 || x(tick.at) < 36 || x(tick.at) > width - 36 ? null : (
            <span key={tick.at} className="tick" style={{ left: x(tick.at) }}>
              {tick.text}
            </span>
          ),
        )}
        {today > 0 && today < width && (
          <span className="tick now" style={{ left: Math.min(width - 22, Math.max(22, today)) }}>
            {columns.today}
          </span>
        )}
      </div>
      {lanes.map(({ lane, events }) => {
        const gaps = unknown.filter((one) => one.lanes.includes(lane) && x(one.from) < width && one.from < now);
        const earliest = gaps.toSorted((a, b) => a.from - b.from)[0];
        return (
          <div key={lane} className="lane" role="group" aria-label={timeline.lanes[lane]}>
            <div className="label">
              {timeline.lanes[lane]}
              {earliest !== undefined && <span>{timeline.notKnownAfter(formatDate(earliest.date))}</span>}
            </div>
            <div className="track">
              {today < width && <div className="future" style={{ left: Math.max(0, today) }} />}
              {ticks.map((tick) => (
                <div key={tick.at} className="line" style={{ left: x(tick.at) }} />
              ))}
              {earliest !== undefined && (
                <div
                  className="unknown"
                  style={{
                    left: Math.max(0, x(earliest.from)),
                    width: Math.max(4, Math.min(width, today) - Math.max(0, x(earliest.from))),
                  }}
                />
              )}
              {today > 0 && today < width && <div className="line now" style={{ left: today - 1 }} />}
              <Events {...props} events={events} />
            </div>
          </div>
        );
      })}
    </Frame>
  );
}
