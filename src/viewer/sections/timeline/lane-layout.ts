import { clustersOf, placeIn, type Cluster, type Span, type TimelineEvent } from '../../../record/timeline.ts';

/** Marks closer than this (px) become one count. */
export const gapPx = 14;
/** Half of what a mark takes. */
const half = 12;
/** What a letter of the labels is wide at most, on average, px. */
const letter = 6.6;

/** Where a mark and its words stand in a lane, px from its left. */
export type Laid = {
  readonly cluster: Cluster;
  /** A span wide enough to be drawn as a bar from `left` to `right`; else a mark around `left + 12`. */
  readonly isBar: boolean;
  readonly left: number;
  readonly right: number;
  /** Absent where the words would lie on another mark: they are in the button's name. */
  readonly words:
    { readonly text: string; readonly side: 'within' | 'right' | 'left'; readonly at: number } | undefined;
};

/**
 * Places the events of a lane that are in view: no words lie on another mark or on other words, nor on the line of
 * today where there is room on the other side.
 */
export function layOut(
  events: readonly TimelineEvent[],
  span: Span,
  width: number,
  labelOf: (event: TimelineEvent) => string,
  now: number,
): readonly Laid[] {
  const clusters = clustersOf(events, span, width, gapPx);
  const x = (at: number): number => Math.min(width, Math.max(0, placeIn(span, width, at)));
  const today = placeIn(span, width, now);
  return clusters.reduce<readonly Laid[]>((laid, cluster, index) => {
    const { first, events: within, x: at } = cluster;
    const lone = within.length === 1;
    const end = lone ? x(first.goesOn ? span.to : first.to) : at;
    const isBar = lone && end - at > 2 * half;
    const [left, right] = isBar ? [at, end] : [at - half, at + half];
    const next = (clusters[index + 1]?.x ?? width + half) - half;
    const before = laid.at(-1);
    const taken = before === undefined ? 0 : Math.max(before.right, wordsEnd(before));
    const text = lone ? labelOf(first) : '';
    const wide = text.length * letter + 4;
    const place = (): Laid['words'] => {
      if (text === '') return undefined;
      if (isBar && Math.min(right, next) - left > wide + 2 * half) return { text, side: 'within', at: left + 2 * half };
      const [after, ahead] = [next - right > wide, left - taken > wide];
      const crosses = right < today && right + wide > today;
      if (after && !(crosses && ahead)) return { text, side: 'right', at: right + 2 };
      return ahead ? { text, side: 'left', at: left - 2 } : undefined;
    };
    return [...laid, { cluster, isBar, left, right, words: place() }];
  }, []);
}

function wordsEnd({ words }: Laid): number {
  return words === undefined || words.side === 'left' ? 0 : words.at + words.text.length * letter;
}
