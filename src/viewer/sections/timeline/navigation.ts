import type { Lane, TimelineEvent } from '../../../record/timeline.ts';

export type LaneEvents = readonly { readonly lane: Lane; readonly events: readonly TimelineEvent[] }[];

/**
 * Which event a key leads to: ← and → within the lane, ↑ and ↓ to the nearest in time of the next lane that has any, Home
 * and End to the first and last of all. Undefined where it leads nowhere.
 * @param within the events that stand as one mark with the chosen one: → goes past them all
 */
export function eventFor(
  key: string,
  chosen: TimelineEvent,
  lanes: LaneEvents,
  within: readonly TimelineEvent[],
): TimelineEvent | undefined {
  const at = lanes.findIndex((one) => one.lane === chosen.lane);
  const events = lanes[at]?.events ?? [];
  const all = lanes.flatMap((one) => one.events);
  switch (key) {
    case 'ArrowRight':
      return events[events.indexOf(within.at(-1) ?? chosen) + 1];
    case 'ArrowLeft':
      return events[events.indexOf(within[0] ?? chosen) - 1];
    case 'ArrowDown':
    case 'ArrowUp': {
      const rest = key === 'ArrowDown' ? lanes.slice(at + 1) : lanes.slice(0, Math.max(0, at)).toReversed();
      const next = rest.find((one) => one.events.length > 0)?.events ?? [];
      return nearest(next, chosen.from);
    }
    case 'Home':
      return all.reduce<TimelineEvent | undefined>((a, b) => (a === undefined || b.from < a.from ? b : a), undefined);
    case 'End':
      return all.reduce<TimelineEvent | undefined>((a, b) => (a === undefined || b.from > a.from ? b : a), undefined);
    default:
      return undefined;
  }
}

function nearest(events: readonly TimelineEvent[], at: number): TimelineEvent | undefined {
  return events.reduce<TimelineEvent | undefined>(
    (best, one) => (best === undefined || Math.abs(one.from - at) < Math.abs(best.from - at) ? one : best),
    undefined,
  );
}
