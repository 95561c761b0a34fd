import { and, eq, gt } from 'drizzle-orm';
import type { CookieOptions } from 'express';
import { parseCookie } from 'cookie';
import { hkdfSync } from 'node:crypto';
import { keyedHash } from '../../keyed-hash.ts';
import { sealText, unsealText } from '../../sealed.ts';
import { pendingAuthorization } from '../../store/schema.ts';
import type { Database } from '../../store/store.ts';
import type { DoorCookie } from '../door.ts';
import { newSecret } from '../once.ts';
import { refuse } from '../page/refusal.ts';

/** How long a user may take at another authorization server. */
const pendingMs = 10 * 60_000;

/** What is remembered of a user's way through another authorization server, besides what the door itself keeps. */
export type Pending<Kept> = { readonly state: string; readonly nonce: string; readonly codeVerifier: string } & {
  readonly kept: Kept;
};

/** The ways through other authorization servers that are under way. */
export type PendingAuthorizations = {
  /** Remembers one, and gives the cookie that ties it to this browser. */
  readonly begin: <Kept>(pending: Pending<Kept>) => Promise<DoorCookie>;
  /**
   * Takes the one under a `state`, once, and only in the browser that began it.
   * @param cookieHeader the request's `Cookie`
   * @throws {Fault} `sign-in-elsewhere` where it is unknown, used, late or another browser's
   */
  readonly take: (
    state: string,
    cookieHeader: string | undefined,
  ) => Promise<{ readonly pending: Pending<unknown>; readonly spent: DoorCookie }>;
};

/**
 * Partitioned: sent in the frame of the site that it was set in, also where third-party cookies are blocked, and in no
 * other. `Secure` holds on loopback, too.
 */
export const frameCookie: CookieOptions = {
  httpOnly: true,
  secure: true,
  sameSite: 'none',
  partitioned: true,
  path: '/',
};

/** Kept in the database, sealed, under the keyed hash of their `state`. */
export function createPendingAuthorizations({
  db,
  idKey,
}: {
  readonly db: Database;
  readonly idKey: Buffer;
}): PendingAuthorizations {
  const sealKey = Buffer.from(hkdfSync('sha256', idKey, '', 'pending-authorization', 32));
  const stateHashOf = (state: string): string => keyedHash(idKey, 'pending-state', state);
  const browserHashOf = (secret: string): string => keyedHash(idKey, 'pending-browser', secret);
  // One cookie for each: two tabs may be under way at once.
  const cookieName = (stateHash: string): string => `__Host-ohc-${stateHash.slice(0, 16)}`;

  return {
    begin: async (pending) => {
      const stateHash = stateHashOf(pending.state);
      const secret = newSecret();
      await db.insert(pendingAuthorization).values({
        stateHash,
        browserHash: browserHashOf(secret),
        sealed: sealText(sealKey, stateHash, JSON.stringify(pending)),
        expiresAt: new Date(Date.now() + pendingMs),
      });
      return { name: cookieName(stateHash), value: secret, options: { ...frameCookie, maxAge: pendingMs } };
    },
    take: async (state, cookieHeader) => {
      const stateHash = stateHashOf(state);
      const name = cookieName(stateHash);
      const secret = parseCookie(cookieHeader ?? '')[name];
      if (secret === undefined) throw refuse('sign-in-elsewhere', 'no cookie of this state');
      const [row] = await db
        .delete(pendingAuthorization)
        .where(
          and(
            eq(pendingAuthorization.stateHash, stateHash),
            eq(pendingAuthorization.browserHash, browserHashOf(secret)),
            gt(pendingAuthorization.expiresAt, new Date()),
          ),
        )
        .returning();
      if (row === undefined) throw refuse('sign-in-elsewhere', 'state unknown, used, late or another browser’s');
      // Only `begin` writes this column.
      const pending = JSON.parse(unsealText(sealKey, stateHash, row.sealed)) as Pending<unknown>;
      return { pending, spent: { name, value: '', options: { ...frameCookie, maxAge: 0 } } };
    },
  };
}
