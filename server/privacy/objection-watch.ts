import type { Logger } from '../log.ts';
import type { Notices } from '../store/notice.ts';
import { raiseAlarm } from '../metrics.ts';
import { objectionNotice, type Register } from './register.ts';

/** Why what is under way on a person has to end: they object, or it can no longer be known whether they do. */
export type Ended = 'objection' | 'undecided';

/**
 * Hears of every objection as it takes effect, whichever server it was raised at. The register itself says so as it
 * commits; in case that is not heard, it is asked about everybody on whom something is under way or held here.
 */
export type ObjectionWatch = {
  /**
   * From now on this server heeds the person's objections, for as long as anything gathered may be held. To be called before
   * the register is asked, so that nothing is missed between the two.
   * @param launchedAs the number that the launch has, where that one was followed to this
   */
  readonly heed: (nhsNumber: string, launchedAs?: string) => void;
  /** Whether an objection hides this person's record now, of the register, anew; it is heeded from before it is asked. */
  readonly hides: (nhsNumber: string) => Promise<boolean>;
  /**
   * Tells at most once, and synchronously with the news, that what is under way on a person ends.
   * @returns ends the watching
   */
  readonly watch: (nhsNumber: string, tell: (why: Ended) => void) => () => void;
  readonly close: () => Promise<void>;
};

/** How often the register is asked, and after how many askings without an answer nothing goes on. */
const askEveryMs = 500;
const unansweredAtMost = 10;
/** Longer than a gathering takes and is held. */
const heedMs = 10 * 60_000;

type Tell = (why: Ended) => void;
/** A person under one hash: the numbers that this server knows them by, and until when they are heeded unwatched. */
type Heeded = { readonly numbers: Set<string>; until: number };

/** Begins to watch. `onObjection` drops what is held of a person, by each number that they are known by here. */
export async function watchObjections(deps: {
  readonly register: Pick<Register, 'hides' | 'hashOf' | 'hidden'>;
  readonly notices: Notices;
  readonly onObjection: (nhsNumber: string) => void;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}): Promise<ObjectionWatch> {
  const { register, onObjection, log } = deps;
  const people = new Map<string, Heeded>();
  const watching = new Map<string, Set<Tell>>();
  let isAsking = false;
  let unanswered = 0;

  const heed = (nhsNumber: string, also: string = nhsNumber): void => {
    const hash = register.hashOf(nhsNumber);
    const heeded = people.get(hash) ?? { numbers: new Set(), until: 0 };
    heeded.numbers.add(nhsNumber).add(also);
    heeded.until = Date.now() + heedMs;
    people.set(hash, heeded);
  };

  const tellAll = (nhsNumber: string, why: Ended): number => {
    const all = watching.get(nhsNumber);
    watching.delete(nhsNumber);
    for (const tell of all ?? []) tell(why);
    return all?.size ?? 0;
  };

  const heard = (hash: string): void => {
    const numbers = people.get(hash)?.numbers;
    if (numbers === undefined) return;
    people.delete(hash);
    let ended = 0;
    for (const nhsNumber of numbers) {
      onObjection(nhsNumber);
      ended += tellAll(nhsNumber, 'objection');
    }
    log.info({ ended }, 'an objection took effect');
  };

  const ask = async (): Promise<void> => {
    const now = Date.now();
    for (const [hash, { numbers, until }] of people)
      if (until < now && ![...numbers].some((number) => watching.has(number))) people.delete(hash);
    if (people.size === 0) {
      unanswered = 0;
      return;
    }
    // Counted in askings and not by the clock, so that a process that was held up does not take that for silence.
    unanswered += 1;
    if (unanswered > unansweredAtMost) {
      if (unanswered === unansweredAtMost + 1) raiseAlarm(log, 'objections-unread');
      for (const nhsNumber of [...watching.keys()]) tellAll(nhsNumber, 'undecided');
    }
    if (isAsking) return;
    isAsking = true;
    try {
      for (const hash of await register.hidden([...people.keys()])) heard(hash);
      unanswered = 0;
    } catch (error) {
      log.warn({ err: error }, 'the objections register could not be asked');
    } finally {
      isAsking = false;
    }
  };

  const listening = await deps.notices.listen(objectionNotice, {
    heard,
    // What was told while nobody listened.
    connected: () => void ask(),
    lost: (error) =>
      log.warn({ err: error }, 'the database’s notices are not heard: objections are asked for twice a second'),
  });
  const asking = setInterval(() => void ask(), askEveryMs);

  return {
    heed,
    hides: (nhsNumber) => {
      heed(nhsNumber);
      return register.hides(nhsNumber);
    },
    watch: (nhsNumber, tell) => {
      heed(nhsNumber);
      const all = watching.get(nhsNumber) ?? new Set<Tell>();
      watching.set(nhsNumber, all.add(tell));
      return () => {
        all.delete(tell);
        if (all.size === 0 && watching.get(nhsNumber) === all) watching.delete(nhsNumber);
      };
    },
    close: async () => {
      clearInterval(asking);
      await listening.close();
    },
  };
}
