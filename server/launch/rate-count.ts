import { sql } from 'drizzle-orm';
import { keyedHash } from '../keyed-hash.ts';
import { rateCounter } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { onceInsert, onceValues, type Once } from './once.ts';

/** What is counted is counted by the minute. */
export const windowMs = 60_000;

/** How much of a kind came in a window of time, by its number, for all server processes at once. */
export type RateCounts = {
  /** Counts one more, and gives how many there are. */
  readonly count: (bucket: string, window: number) => Promise<number>;
  /**
   * Marks something as used, and counts it with that, in one statement.
   * @returns how many there are; undefined where it was used before, and is not counted again
   */
  readonly countOnce: (bucket: string, window: number, once: Once) => Promise<number | undefined>;
};

/** Counts kept in the database. */
export function createRateCounts({ db, idKey }: { readonly db: Database; readonly idKey: Buffer }): RateCounts {
  const valuesOf = (bucket: string, window: number) => ({
    keyHash: keyedHash(idKey, 'launch-rate', bucket, String(window)),
    expiresAt: new Date((window + 2) * windowMs),
  });
  const { keyHash, count, expiresAt } = rateCounter;
  const oneMore = { target: keyHash, set: { count: sql`${count} + 1` } };
  const insert = db
    .insert(rateCounter)
    .values({ keyHash: sql.placeholder('keyHash'), count: 1, expiresAt: sql.placeholder('expiresAt') })
    .onConflictDoUpdate(oneMore)
    .returning({ count })
    .prepare('rate_count');
  const taken = db.$with('taken').as(onceInsert(db));
  // A parameter has no type of its own in the list of a SELECT.
  const one = db
    .select({
      keyHash: sql`${sql.param(sql.placeholder('keyHash'), keyHash)}::text`.as('key_hash'),
      count: sql`1`.as('count'),
      expiresAt: sql`${sql.param(sql.placeholder('expiresAt'), expiresAt)}::timestamptz`.as('expires_at'),
    })
    .from(taken);
  const insertOnce = db
    .with(taken)
    .insert(rateCounter)
    .select(one)
    .onConflictDoUpdate(oneMore)
    .returning({ count })
    .prepare('rate_count_once');

  return {
    count: async (bucket, window) => {
      const [row] = await insert.execute(valuesOf(bucket, window));
      return row?.count ?? 0;
    },
    countOnce: async (bucket, window, once) => {
      const [row] = await insertOnce.execute({ ...valuesOf(bucket, window), ...onceValues(idKey, once) });
      return row?.count;
    },
  };
}
