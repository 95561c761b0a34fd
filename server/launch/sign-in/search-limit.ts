import { and, count, eq, gt, inArray, lte } from 'drizzle-orm';
import { keyedHash } from '../../keyed-hash.ts';
import { rateCounter } from '../../store/schema.ts';
import type { Database } from '../../store/store.ts';
import { refuse } from '../page/refusal.ts';

/** How many searches that open nothing stop a user, within what time, and for how long. */
export const refusedSearches = 5;
export const stopMs = 10 * 60_000;

/** A search under way holds its place for no longer, should its server die. */
const underWayMs = 60_000;
const [underWay, refused] = [0, 1];

/** One search of a user, before it is known what comes of it. */
export type CountedSearch = {
  /** It found somebody, or could not be decided: it does not count. */
  readonly forget: () => Promise<void>;
  /** It opened nothing. The fifth in ten minutes stops the user for ten more. */
  readonly refuse: () => Promise<void>;
};

/** Keeps a user from finding out by trying who has a record here. */
export type SearchLimit = {
  /** @throws {Fault} `user-stopped` while the user is stopped */
  readonly check: (who: readonly [issuer: string, userId: string]) => Promise<void>;
  /**
   * Counts a search before anything is asked, so that searches made at once are not five times as many.
   * @throws {Fault} `user-stopped` while the user is stopped, or has as many under way as would stop them
   */
  readonly begin: (who: readonly [issuer: string, userId: string]) => Promise<CountedSearch>;
};

/**
 * A place for each refused search, five a user, each free again ten minutes after its search: when all five are taken
 * the user is stopped. So the ten minutes slide, and every server process counts in the same places.
 */
export function createSearchLimit({ db, idKey }: { readonly db: Database; readonly idKey: Buffer }): SearchLimit {
  const placesOf = (who: readonly string[]): readonly string[] =>
    Array.from({ length: refusedSearches }, (_, place) => keyedHash(idKey, 'refused-search', ...who, String(place)));
  const stopOf = (who: readonly string[]): string => keyedHash(idKey, 'stopped-user', ...who);
  const inTime = (ms: number): Date => new Date(Date.now() + ms);

  async function check(who: readonly string[]): Promise<void> {
    const [stop] = await db
      .select({ count: rateCounter.count })
      .from(rateCounter)
      .where(and(eq(rateCounter.keyHash, stopOf(who)), gt(rateCounter.expiresAt, new Date())));
    if (stop !== undefined) throw refuse('user-stopped', 'five searches that opened nothing in ten minutes');
  }

  /** Takes the place where it is free: one statement, so that of two at once one has it. */
  async function take(keyHash: string): Promise<boolean> {
    const values = { count: underWay, expiresAt: inTime(underWayMs) };
    const rows = await db
      .insert(rateCounter)
      .values({ keyHash, ...values })
      .onConflictDoUpdate({
        target: rateCounter.keyHash,
        set: values,
        setWhere: lte(rateCounter.expiresAt, new Date()),
      })
      .returning({ keyHash: rateCounter.keyHash });
    return rows.length === 1;
  }

  async function markRefused(who: readonly string[], keyHash: string): Promise<void> {
    const values = { count: refused, expiresAt: inTime(stopMs) };
    await db
      .insert(rateCounter)
      .values({ keyHash, ...values })
      .onConflictDoUpdate({ target: rateCounter.keyHash, set: values });
    const [all] = await db
      .select({ places: count() })
      .from(rateCounter)
      .where(
        and(
          inArray(rateCounter.keyHash, [...placesOf(who)]),
          eq(rateCounter.count, refused),
          gt(rateCounter.expiresAt, new Date()),
        ),
      );
    if ((all?.places ?? 0) < refusedSearches) return;
    const stop = { count: 1, expiresAt: inTime(stopMs) };
    await db
      .insert(rateCounter)
      .values({ keyHash: stopOf(who), ...stop })
      .onConflictDoUpdate({ target: rateCounter.keyHash, set: stop });
  }

  return {
    check,
    begin: async (who) => {
      await check(who);
      for (const keyHash of placesOf(who)) {
        if (!(await take(keyHash))) continue;
        return {
          forget: async () => {
            await db.delete(rateCounter).where(and(eq(rateCounter.keyHash, keyHash), eq(rateCounter.count, underWay)));
          },
          refuse: () => markRefused(who, keyHash),
        };
      }
      throw refuse('user-stopped', 'as many searches under way or refused as stop a user');
    },
  };
}
