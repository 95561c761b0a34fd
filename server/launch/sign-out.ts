import { and, eq, sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { userHash } from '../keyed-hash.ts';
import { launchHandle, registrationTicket, signInSession } from '../store/schema.ts';
import type { Database } from '../store/store.ts';

/** Ends all that a user has open here, because they signed out at their host. */
export type EndUser = (host: string, userId: string) => Promise<void>;

/** A context of this user, as a handle or a ticket keeps it. */
function ofUser(context: PgColumn, host: string, userId: string): SQL | undefined {
  return and(sql`${context} ->> 'host' = ${host}`, sql`${context} -> 'user' ->> 'id' = ${userId}`);
}

/**
 * Ends what waits in this room, in the order of the way in, so that nothing slips on to the next step behind it: the
 * sign-in, the launch that waits for name and role, the handle that no app has taken yet; then, by `endLaunches`, the
 * launches themselves.
 */
export function createEndUser(deps: {
  readonly db: Database;
  readonly idKey: Buffer;
  /** Ends a user's launches but offline ones: `Authorization.endLaunchesOfUser`. */
  readonly endLaunches: (userHash: string) => Promise<void>;
}): EndUser {
  const { db, idKey, endLaunches } = deps;
  return async (host, userId) => {
    const hash = userHash(idKey, host, userId);
    await db.delete(signInSession).where(eq(signInSession.userHash, hash));
    await db.delete(registrationTicket).where(ofUser(registrationTicket.context, host, userId));
    await db.delete(launchHandle).where(ofUser(launchHandle.context, host, userId));
    await endLaunches(hash);
  };
}
