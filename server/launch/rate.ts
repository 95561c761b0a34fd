import { sql } from 'drizzle-orm';
import type { Audit } from '../audit/entry.ts';
import type { Host } from '../config/schema.ts';
import { Fault } from '../fault.ts';
import { keyedHash } from '../keyed-hash.ts';
import type { Logger } from '../log.ts';
import { rateCounter } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { causeOf } from './cause.ts';
import { refusalOf } from './page/refusal.ts';

const windowMs = 60_000;

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

/**
 * How many launches come in a minute, counted for all server processes at once. Only what a host has proved counts
 * against the host, so that nobody else can use up what it may have; what is refused before that counts apart.
 */
export type LaunchRate = {
  /**
   * Counts a launch that its host has proved.
   * @throws {TooMany} where the host has had its `launchesPerMinute`
   */
  readonly admit: (host: Pick<Host, 'id' | 'launchesPerMinute'>) => Promise<void>;
  /**
   * Counts a way that is begun to a host's authorization server or provider: anyone may begin one, so that it counts
   * apart from what the host has proved.
   * @throws {TooMany} where there were twice as many as the host may launch
   */
  readonly begin: (host: Pick<Host, 'id' | 'launchesPerMinute'>) => Promise<void>;
  /**
   * Counts a refusal of which nothing is proved, under the host that it claims to come from (twice what that host may
   * launch) or with all that claim none.
   * @returns the refusal to give instead, where there were so many that they are counted and no longer told one by one
   */
  readonly refusal: (claimed: Pick<Host, 'id' | 'launchesPerMinute'> | undefined) => Promise<TooMany | undefined>;
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

  async function increment(bucket: string, window: number): Promise<number> {
    const [row] = await db
      .insert(rateCounter)
      .values({
        keyHash: keyedHash(idKey, 'launch-rate', bucket, String(window)),
        count: 1,
        expiresAt: new Date((window + 2) * windowMs),
      })
      .onConflictDoUpdate({ target: rateCounter.keyHash, set: { count: sql`${rateCounter.count} + 1` } })
      .returning({ count: rateCounter.count });
    return row?.count ?? 0;
  }

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

  async function take(bucket: string, limit: number, what: string, host?: string): Promise<TooMany | undefined> {
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
    const count = await increment(bucket, window);
    if (count <= limit) return undefined;
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

  return {
    admit: async ({ id, launchesPerMinute }) => {
      const tooMany = await take(`launches ${id}`, launchesPerMinute, 'launches of the host', id);
      if (tooMany !== undefined) throw tooMany;
    },
    begin: async ({ id, launchesPerMinute }) => {
      const tooMany = await take(`begun ${id}`, launchesPerMinute * 2, 'sign-ins begun for the host', id);
      if (tooMany !== undefined) throw tooMany;
    },
    refusal: (claimed) =>
      claimed === undefined
        ? take('refusals', namelessPerMinute, 'refusals without a host')
        : take(`refusals ${claimed.id}`, claimed.launchesPerMinute * 2, 'refusals in the name of the host', claimed.id),
    close: async () => {
      clearTimeout(timer);
      await settle(true);
    },
  };
}
