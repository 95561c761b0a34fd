import type { SourceAnswer } from '../federation/answer.ts';
import { isSame, type HeldFor } from './held.ts';

/** What an early gathering is for, and what it brings: known once the gate has been asked. `launchId` is its key. */
export type Begun = { readonly what: HeldFor; readonly answers: AsyncIterable<SourceAnswer> };

/** Who reads an early gathering. */
export type Reader = {
  readonly signal: AbortSignal;
  /** What was begun before this instant (ms) is not used. */
  readonly notBefore: number;
  /** True for one who only listens: the gathering stays for whoever asks for the record. */
  readonly listens: boolean;
};

/**
 * Gatherings that a launch has begun before its app asks for the record, in this process's memory alone. They answer
 * nothing by themselves: what they bring goes the same way as what a request has gathered, from the gate that was just
 * asked anew, and nothing of it has been withheld yet.
 */
export type Early = {
  /**
   * Begins one. `key` is known to the launch alone. Does nothing where the server, or this user, has as many waiting as may
   * wait: a storm of launches that nobody follows up asks the sources no more than so often a minute.
   */
  readonly begin: (
    launch: { readonly key: string; readonly user: string },
    gather: (signal: AbortSignal) => Promise<Begun>,
  ) => void;
  /**
   * What one has brought, and what it still brings as it comes. It is taken over: the next one finds nothing, and it ends
   * with its reader. Undefined where there is none, or none that may be used for this: then it is dropped.
   */
  readonly answers: (what: HeldFor, reader: Reader) => AsyncIterable<SourceAnswer> | undefined;
  /** Gives up what was begun for a launch. */
  readonly drop: (key: string) => void;
  /** Gives up what was begun on a person: their record is not shown any more. */
  readonly dropPerson: (nhsNumber: string) => void;
  /** Gives up all of them. */
  readonly close: () => void;
};

/** How much may wait to be taken over, and how long. A resource is one to two kB. */
export type EarlyLimits = {
  readonly waitMs: number;
  readonly launches: number;
  readonly launchesOfUser: number;
  readonly resources: number;
};

const limitsOfDesign: EarlyLimits = { waitMs: 60_000, launches: 32, launchesOfUser: 2, resources: 60_000 };

/** An answer and the way to the next one: who has read it lets it go, however many are still to come. */
type Link = { readonly answer: SourceAnswer; readonly next: Promise<Link | undefined> };

const none: Promise<Link | undefined> = Promise.resolve(undefined);

type Entry = {
  readonly key: string;
  readonly user: string;
  readonly begunAt: number;
  readonly giveUp: AbortController;
  readonly timer: NodeJS.Timeout;
  what: HeldFor | undefined;
  first: Promise<Link | undefined>;
  resources: number;
};

/** Makes an empty holding of early gatherings. */
export function createEarly(limits: EarlyLimits = limitsOfDesign): Early {
  const entries = new Map<string, Entry>();

  /** From here on it is its reader's alone, or nobody's. */
  const release = (entry: Entry): void => {
    clearTimeout(entry.timer);
    // Else what has been read would stay for as long as the rest of it comes.
    entry.first = none;
    if (entries.get(entry.key) === entry) entries.delete(entry.key);
  };
  const drop = (entry: Entry): void => {
    release(entry);
    entry.giveUp.abort('dropped');
  };

  const pull = async (entry: Entry, answers: AsyncIterator<SourceAnswer>): Promise<Link | undefined> => {
    const come = await answers.next();
    if (come.done === true) return undefined;
    const answer = come.value;
    entry.resources += answer.resources.length;
    const waiting = [...entries.values()].reduce((sum, one) => sum + one.resources, 0);
    if (entries.get(entry.key) === entry && waiting > limits.resources) drop(entry);
    const next = pull(entry, answers);
    // Whoever reads as far as that hears of it.
    next.catch(() => undefined);
    return { answer, next };
  };

  return {
    begin: ({ key, user }, gather) => {
      const ofUser = [...entries.values()].filter((one) => one.user === user);
      if (entries.size >= limits.launches || ofUser.length >= limits.launchesOfUser) return;
      const giveUp = new AbortController();
      const entry: Entry = {
        key,
        user,
        begunAt: Date.now(),
        giveUp,
        timer: setTimeout(() => drop(entry), limits.waitMs).unref(),
        what: undefined,
        first: none,
        resources: 0,
      };
      entries.set(key, entry);
      const first = gather(giveUp.signal).then(({ what, answers }) => {
        entry.what = what;
        return pull(entry, answers[Symbol.asyncIterator]());
      });
      entry.first = first;
      // Refused, or it cannot be decided: whoever asks for the record hears of it from the gate.
      first.catch(() => drop(entry));
    },
    answers: (what, { signal, notBefore, listens }) => {
      const entry = entries.get(what.launchId);
      if (entry === undefined) return undefined;
      if (entry.what === undefined || !isSame(entry.what, what) || entry.begunAt < notBefore) {
        if (!listens) drop(entry);
        return undefined;
      }
      const { first, giveUp } = entry;
      if (listens) return read(first, signal);
      release(entry);
      return read(first, signal, () => giveUp.abort('gone'));
    },
    drop: (key) => {
      const entry = entries.get(key);
      if (entry !== undefined) drop(entry);
    },
    dropPerson: (nhsNumber) => {
      // Of one for which the gate is still being asked nobody knows yet whom it is on: rather one too many.
      for (const entry of entries.values())
        if (entry.what === undefined || entry.what.nhsNumber === nhsNumber) drop(entry);
    },
    close: () => {
      for (const entry of entries.values()) drop(entry);
    },
  };
}

/** Yields what has come, then what comes; ends where its reader goes. `ended` is called in any case. */
async function* read(
  next: Promise<Link | undefined>,
  signal: AbortSignal,
  ended: () => void = () => undefined,
): AsyncGenerator<SourceAnswer, void, undefined> {
  let leave = (): void => undefined;
  const left = new Promise<undefined>((done) => {
    leave = () => done(undefined);
  });
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  try {
    for (;;) {
      const link: Link | undefined = await Promise.race([next, left]);
      if (link === undefined) return;
      next = link.next;
      yield link.answer;
    }
  } finally {
    signal.removeEventListener('abort', leave);
    ended();
  }
}
