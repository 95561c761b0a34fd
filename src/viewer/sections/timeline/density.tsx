import { styled } from '@mui/material/styles';
import { useRef, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import { dayOf, formatDate } from '../../../fhir/date.ts';
import { ticksOf } from '../../../record/time-axis.ts';
import { placeIn, type Quarter, type Span } from '../../../record/timeline.ts';
import { timeline } from '../../words.ts';

const height = 38;
/** What of a slider can be pressed, px; there is room for one at either end. */
const handle = 24;

const Strip = styled('div')(({ theme }) => ({
  position: 'relative',
  height: height + 18,
  '& svg': { display: 'block', position: 'absolute', inset: '0 auto auto 0' },
  '& .bar': { fill: theme.vars.palette.text.secondary },
  '& .tick': {
    ...theme.typography.caption,
    position: 'absolute',
    top: height + 2,
    color: theme.vars.palette.text.secondary,
    whiteSpace: 'nowrap',
  },
  '& .window': {
    position: 'absolute',
    top: 0,
    height,
    minWidth: 4,
    border: `2px solid ${theme.vars.palette.primary.main}`,
    borderRadius: 2,
    cursor: 'grab',
    touchAction: 'none',
  },
  '& [role="slider"]': {
    position: 'absolute',
    top: 0,
    width: handle,
    height,
    cursor: 'ew-resize',
    touchAction: 'none',
    '&::after': {
      content: '""',
      position: 'absolute',
      inset: '12px auto',
      width: 6,
      borderRadius: 2,
      backgroundColor: theme.vars.palette.primary.main,
    },
    // Each lies outside the window: of a narrow one too, both can be taken hold of.
    '&[data-edge="from"]': { marginLeft: -handle, '&::after': { right: 0 } },
    '&[data-edge="to"]::after': { left: 0 },
  },
}));

type Edge = 'from' | 'to' | 'both';

/** How much happened when, over all time; the window on it is what the lanes show. Dragged, or moved by two sliders. */
export function Density(props: {
  readonly quarters: readonly Quarter[];
  readonly whole: Span;
  readonly span: Span;
  readonly setSpan: (span: Span) => void;
  readonly width: number;
}): ReactElement {
  const { quarters, whole, span, setSpan, width } = props;
  const drag = useRef<{ readonly edge: Edge; readonly x: number; readonly span: Span }>(undefined);
  const room = Math.max(1, width - 2 * handle);
  const x = (at: number): number => handle + Math.min(room, Math.max(0, placeIn(whole, room, at)));
  const most = Math.max(1, ...quarters.map((one) => one.count));
  const shortest = (whole.to - whole.from) / Math.max(40, width / 8);
  const change = (edge: Edge, start: Span, by: number): void => {
    const from = edge === 'to' ? start.from : start.from + by;
    const to = edge === 'from' ? start.to : start.to + by;
    if (to - from < Math.min(shortest, start.to - start.from)) return;
    setSpan({ from, to });
  };
  const onDown = (edge: Edge) => (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { edge, x: event.clientX, span };
  };
  const onMove = (event: PointerEvent): void => {
    const { current } = drag;
    if (current === undefined) return;
    change(current.edge, current.span, ((event.clientX - current.x) / room) * (whole.to - whole.from));
  };
  const onUp = (): void => {
    drag.current = undefined;
  };
  const onKey = (edge: 'from' | 'to') => (event: KeyboardEvent) => {
    const step = (span.to - span.from) / 8;
    const by = { ArrowLeft: -step, ArrowRight: step, PageDown: -4 * step, PageUp: 4 * step }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    change(edge, span, by);
  };
  const slider = (edge: 'from' | 'to'): ReactElement => (
    <div
      role="slider"
      tabIndex={0}
      data-edge={edge}
      aria-label={edge === 'from' ? timeline.windowFrom : timeline.windowTo}
      aria-valuemin={Math.round(whole.from / 86_400_000)}
      aria-valuemax={Math.round(whole.to / 86_400_000)}
      aria-valuenow={Math.round(Math.min(whole.to, Math.max(whole.from, span[edge])) / 86_400_000)}
      aria-valuetext={formatDate(dayOf(span[edge]))}
      style={{ left: x(span[edge]) }}
      onPointerDown={onDown(edge)}
      onPointerMove={onMove}
      onPointerUp={onUp}
      onKeyDown={onKey(edge)}
    />
  );
  return (
    <Strip style={{ width }}>
      <svg width={width} height={height} aria-hidden>
        {quarters.map(({ from, to, count }) => {
          const tall = count === 0 ? 0 : Math.max(2, (count / most) * (height - 4));
          return (
            <rect
              key={from}
              className="bar"
              x={x(from)}
              y={height - tall}
              width={Math.max(1, x(to) - x(from) - 1)}
              height={tall}
            />
          );
        })}
      </svg>
      {ticksOf(whole, Math.max(2, Math.floor(width / 130))).map((tick) => (
        <span key={tick.at} className="tick" style={{ left: Math.min(x(tick.at), width - 30) }}>
          {tick.text}
        </span>
      ))}
      <div
        className="window"
        style={{ left: x(span.from), width: Math.max(4, x(span.to) - x(span.from)) }}
        onPointerDown={onDown('both')}
        onPointerMove={onMove}
        onPointerUp={onUp}
      />
      {slider('from')}
      {slider('to')}
    </Strip>
  );
}
