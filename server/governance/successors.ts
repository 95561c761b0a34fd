import { keyedHash } from '../keyed-hash.ts';
import type { Logger } from '../log.ts';
import type { Register } from '../privacy/register.ts';
import { usedOnce } from '../store/schema.ts';
import type { Database } from '../store/store.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * Once a day, on one of all servers, asks the demographics service whether an objector has a new NHS number: two records
 * of one person may be merged, and the objection follows to the number that the launches then have.
 * @returns what it did; undefined where another server has done it today
 */
export async function followSuccessors(deps: {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly register: Pick<Register, 'follow'>;
  readonly now: Date;
}): Promise<{ readonly followed: number; readonly unasked: number } | undefined> {
  const { db, idKey, register, now } = deps;
  const keyHash = keyedHash(idKey, 'successors', now.toISOString().slice(0, 10));
  const taken = await db
    .insert(usedOnce)
    .values({ keyHash, expiresAt: new Date(now.getTime() + 2 * dayMs) })
    .onConflictDoNothing()
    .returning({ keyHash: usedOnce.keyHash });
  return taken.length === 0 ? undefined : register.follow();
}

/** Follows from now on, until stopped. What fails is logged and tried again the next day. */
export function startFollowing(
  deps: Pick<Parameters<typeof followSuccessors>[0], 'db' | 'idKey' | 'register'> & { readonly log: Logger },
): { readonly stop: () => void } {
  const { log } = deps;
  const follow = async (): Promise<void> => {
    try {
      const done = await followSuccessors({ ...deps, now: new Date() });
      if (done !== undefined) log.info(done, 'objections follow their people’s NHS numbers');
    } catch (error) {
      log.warn({ err: error }, 'objections could not follow their people’s NHS numbers');
    }
  };
  const timer = setInterval(() => void follow(), hourMs);
  timer.unref();
  void follow();
  return { stop: () => clearInterval(timer) };
}
