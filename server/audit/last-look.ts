import { eq, sql } from 'drizzle-orm';
import { keyedHash } from '../keyed-hash.ts';
import { lastLook, rateCounter } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { personOf } from './audit.ts';
import type { AuditEntry } from './entry.ts';

/** Who looks at whom. */
export type Pair = Pick<AuditEntry, 'nhsNumber' | 'hostPatient'> & {
  readonly user: { readonly host: string; readonly id: string };
};

/** When each user last looked at each person, and how many looks a launch reports. Nothing of what was seen is kept. */
export type LastLooks = {
  /** When this user last looked at this person before now; undefined where never, or too long ago to be remembered. */
  readonly before: (pair: Pair) => Promise<Date | undefined>;
  /** They look now. */
  readonly now: (pair: Pair) => Promise<void>;
  /**
   * Counts looks that a launch reports in this minute, for all server processes at once.
   * @returns how many it has reported in this minute, these among them
   */
  readonly count: (launchId: string, looks: number) => Promise<number>;
};

const minuteMs = 60_000;
/** Looks closer together than this are one sitting: opening a record again does not take the marks from what was new. */
const sittingMs = 60 * minuteMs;
const keptMs = 365 * 24 * 60 * minuteMs;

/** Keeps when was looked, under keyed hashes of user and person together. */
export function createLastLooks(deps: {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly clock?: () => number;
}): LastLooks {
  const { db, idKey, clock = Date.now } = deps;
  const keyOf = ({ user, ...person }: Pair): string | undefined => {
    const whom = personOf(person, idKey);
    return whom === null ? undefined : keyedHash(idKey, 'last-look', user.host, user.id, whom);
  };

  return {
    before: async (pair) => {
      const key = keyOf(pair);
      if (key === undefined) return undefined;
      const [row] = await db.select().from(lastLook).where(eq(lastLook.keyHash, key));
      if (row === undefined || row.expiresAt.getTime() <= clock()) return undefined;
      return clock() - row.latestAt.getTime() < sittingMs ? (row.beforeAt ?? undefined) : row.latestAt;
    },
    now: async (pair) => {
      const key = keyOf(pair);
      if (key === undefined) return;
      const latestAt = new Date(clock());
      const expiresAt = new Date(clock() + keptMs);
      const sitting = new Date(clock() - sittingMs);
      await db
        .insert(lastLook)
        .values({ keyHash: key, latestAt, beforeAt: null, expiresAt })
        .onConflictDoUpdate({
          target: lastLook.keyHash,
          set: {
            latestAt,
            beforeAt: sql`case when ${lastLook.latestAt} > ${sitting.toISOString()} then ${lastLook.beforeAt} else ${lastLook.latestAt} end`,
            expiresAt,
          },
        });
    },
    count: async (launchId, looks) => {
      const window = Math.floor(clock() / minuteMs);
      const [row] = await db
        .insert(rateCounter)
        .values({
          keyHash: keyedHash(idKey, 'look-rate', launchId, String(window)),
          count: looks,
          expiresAt: new Date((window + 2) * minuteMs),
        })
        .onConflictDoUpdate({ target: rateCounter.keyHash, set: { count: sql`${rateCounter.count} + ${looks}` } })
        .returning({ count: rateCounter.count });
      return row?.count ?? looks;
    },
  };
}
