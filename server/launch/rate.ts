import type { Audit } from '../audit/entry.ts';
import type { Host } from '../config/schema.ts';
import { Fault } from '../fault.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../store/store.ts';
import { causeOf } from './cause.ts';
import type { Once } from './once.ts';
import { refusalOf } from './page/refusal.ts';
import { createRateCounts, windowMs } from './rate-count.ts';

/** How many refusals a minute of which nothing is proved, not even a host, get a row of their own. */
const namelessPerMinute = 120;

/** More came in this minute than may. */
export class TooMany extends Fault {
  /** Until the next minute begins. */
  readonly retryAfterSeconds: number;
  /** True where it has no row of its own on the audit trail: it is in the count that is written when the minute is over. */
  readonly counted: boolean;

  constructor(detail: string, retryAfterSeconds: number, counted: boolean) {
    super('too-many', refusalOf('too-many').text, { detail });
    this.retryAfterSeconds = retryAfterSeconds;
    this.counted = counted;
  }
}

/** A host, and how many launches of it may come in a minute. */
type Counted = Pick<Host, 'id' | 'launchesPerMinute'>;

/** What is counted together, how much of it may come in a minute, and what it is called. */
type Bucket = { readonly bucket: string; readonly limit: number; readonly what: string; readonly host?: string };

/**
 * How many launches come in a minute, counted for all server processes at once. Only what a host has proved counts
 * against the host, so that nobody else can use up what it may have; what is refused before that counts apart.
 */
export type LaunchRate = {
  /**
   * Counts a launch that its host has proved.
   * @throws {TooMany} where the host has had its `launchesPerMinute`
   */
  readonly admit: (host: Counted) => Promise<void>;
  /**
   * Takes what proves the launch, which may be used once, and counts the launch with it.
   * Where the host has had its launches already it is not taken: it is good for another try in a minute.
   * @returns false where it was used before: then nothing is counted
   * @throws {TooMany} as {@link LaunchRate.admit}
   */
  readonly admitOnce: (host: Counted, once: Once) => Promise<boolean>;
  /**
   * Counts a way that is begun to a host's authorization server or provider: anyone may begin one, so that it counts
   * apart from what the host has proved.
   * @throws {TooMany} where there were twice as many as the host may launch
   */
  readonly begin: (host: Counted) => Promise<void>;
  /**
   * Counts a refusal of which nothing is proved, under the host that it claims to come from (twice what that host may
   * launch) or with all that claim none.
   * @returns the refusal to give instead, where there were so many that they are counted and no longer told one by one
   */
  readonly refusal: (claimed: Counted | undefined) => Promise<TooMany | undefined>;
  /** Writes what was counted without a row of its own to the audit trail. */
  readonly close: () => Promise<void>;
};

/** A bucket that is full in this minute, and what came since. */
type Full = { readonly window: number; readonly what: string; readonly host: string | undefined; counted: number };

/** Counts in fixed windows of a minute, in the database. What this process knows to be full it counts in memory. */
export function createLaunchRate(deps: {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly audit: Audit;
  readonly log: Logger;
  readonly now?: () => number;
}): LaunchRate {
  const { db, idKey, audit, log, now = Date.now } = deps;
  const full = new Map<string, Full>();
  let owed: Full[] = [];
  let timer: NodeJS.Timeout | undefined;

  const { count, countOnce } = createRateCounts({ db, idKey });

  /** Writes the counts of minutes that are over; what cannot be written is tried again with the next. */
  async function settle(all: boolean): Promise<void> {
    const window = Math.floor(now() / windowMs);
    for (const [bucket, one] of full) {
      if (!all && one.window >= window) continue;
      full.delete(bucket);
      if (one.counted > 0) owed.push(one);
    }
    const writing = owed;
    owed = [];
    for (const one of writing) {
      try {
        await audit.record({
          type: 'launch',
          action: 'E',
          outcome: 'refused',
          reason: 'too-many',
          detail: {
            ...(one.host === undefined ? {} : { claimedHost: one.host }),
            why: one.what,
            counted: one.counted,
            minute: new Date(one.window * windowMs).toISOString(),
          },
        });
      } catch (error) {
        owed.push(one);
        log.error({ cause: causeOf(error), host: one.host, counted: one.counted }, 'a count could not be audited');
      }
    }
  }

  function settleLater(): void {
    if (timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        void settle(false).finally(() => {
          if (full.size > 0 || owed.length > 0) settleLater();
        });
      },
      windowMs - (now() % windowMs) + 1_000,
    );
    timer.unref();
  }

  /** Counts one more of a kind, by `counted`, where it is not known yet that there were as many as may be. */
  async function take(
    { bucket, limit, what, host }: Bucket,
    counted = (window: number) => count(bucket, window),
  ): Promise<TooMany | undefined> {
    const at = now();
    const window = Math.floor(at / windowMs);
    const retryAfterSeconds = Math.ceil(((window + 1) * windowMs - at) / 1000);
    const more = (): TooMany | undefined => {
      const known = full.get(bucket);
      if (known?.window !== window) return undefined;
      known.counted += 1;
      return new TooMany(what, retryAfterSeconds, true);
    };
    const known = more();
    if (known !== undefined) return known;
    if ((await counted(window)) <= limit) return undefined;
    // Others may have found it full while this one asked.
    const meanwhile = more();
    if (meanwhile !== undefined) return meanwhile;
    const before = full.get(bucket);
    if (before !== undefined && before.counted > 0) owed.push(before);
    full.set(bucket, { window, what, host, counted: 0 });
    log.warn({ host, limit, what }, 'more than may come in a minute: the rest is refused and counted');
    settleLater();
    return new TooMany(what, retryAfterSeconds, false);
  }

  const launchesOf = ({ id, launchesPerMinute }: Counted): Bucket => ({
    bucket: `launches ${id}`,
    limit: launchesPerMinute,
    what: 'launches of the host',
    host: id,
  });

  return {
    admit: async (host) => {
      const tooMany = await take(launchesOf(host));
      if (tooMany !== undefined) throw tooMany;
    },
    admitOnce: async (host, once) => {
      const launches = launchesOf(host);
      let first = true;
      const tooMany = await take(launches, async (window) => {
        const launched = await countOnce(launches.bucket, window, once);
        first = launched !== undefined;
        return launched ?? 0;
      });
      if (tooMany !== undefined) throw tooMany;
      return first;
    },
    begin: async ({ id, launchesPerMinute }) => {
      const limit = launchesPerMinute * 2;
      const tooMany = await take({ bucket: `begun ${id}`, limit, what: 'sign-ins begun for the host', host: id });
      if (tooMany !== undefined) throw tooMany;
    },
    refusal: (claimed) =>
      claimed === undefined
        ? take({ bucket: 'refusals', limit: namelessPerMinute, what: 'refusals without a host' })
        : take({
            bucket: `refusals ${claimed.id}`,
            limit: claimed.launchesPerMinute * 2,
            what: 'refusals in the name of the host',
            host: claimed.id,
          }),
    close: async () => {
      clearTimeout(timer);
      await settle(true);
    },
  };
}
