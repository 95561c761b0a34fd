import { Drafting, type Case } from './case.ts';
import { channels, type Channel } from './channel.ts';
import { seeded } from './random.ts';
import type { CategoryWords } from './vocabulary.ts';

/** Makes cases: the same for the same seed and vocabulary, each without the others. */
export type Generator = {
  /** A canary, and its twin: the same but for what tells. */
  readonly of: (index: number) => { readonly canary: Case; readonly twin: Case };
};

/**
 * @param options.base the base URL of the source that the cases are put into
 * @param options.only the channels to draw from; absent: all
 */
export function createGenerator(
  vocabulary: readonly CategoryWords[],
  options: { readonly seed: string; readonly base: string; readonly only?: (channel: Channel) => boolean },
): Generator {
  const { seed, base, only = () => true } = options;
  const pairs = vocabulary.flatMap((words) =>
    channels.filter((channel) => only(channel) && channel.isKnownBy(words)).map((channel) => ({ words, channel })),
  );
  const draft = (index: number, isTwin: boolean): Case => {
    // In turn, so that every category is tried in every channel however few the cases are.
    const pair = pairs[index % pairs.length];
    if (pair === undefined) throw new Error('no category and channel to draw from');
    const { words, channel } = pair;
    const drafting = new Drafting(seeded(`${seed} ${index}`), words, { index, isTwin, base });
    const [place, how] = channel.draft(drafting);
    return drafting.done({ channel: channel.name, place, how });
  };
  return { of: (index) => ({ canary: draft(index, false), twin: draft(index, true) }) };
}
