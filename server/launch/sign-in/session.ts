import { and, eq, gt } from 'drizzle-orm';
import { parseCookie } from 'cookie';
import type { CookieOptions } from 'express';
import type { Config } from '../../config/config.ts';
import { keyedHash, userHash } from '../../keyed-hash.ts';
import { signInSession } from '../../store/schema.ts';
import type { Database } from '../../store/store.ts';
import type { DoorCookie } from '../door.ts';
import { newSecret } from '../once.ts';
import type { AssertedRole } from './claims.ts';

/** Who has signed in, as the provider asserted it then. Which of the roles still count is asked at each use. */
export type SignedIn = {
  /** Id of the host in `hosts.json`. */
  readonly host: string;
  readonly id: string;
  readonly name: string;
  readonly sdsUserId?: string;
  readonly roles: readonly AssertedRole[];
  /** Id of the role in which they look, where they or the provider chose one. */
  readonly role?: string;
};

/** The sessions of those who signed in, by a cookie of ours. */
export type Sessions = {
  /** Begins one under a new secret, and ends the one that this browser had. */
  readonly begin: (user: SignedIn, cookieHeader: string | undefined) => Promise<DoorCookie>;
  /** The user of this browser, where the session stands; to ask is to use it. */
  readonly find: (cookieHeader: string | undefined) => Promise<SignedIn | undefined>;
  /** Remembers in which role the user of this browser looks. */
  readonly choose: (cookieHeader: string | undefined, user: SignedIn, role: string) => Promise<void>;
  /** Ends this browser's session. */
  readonly end: (
    cookieHeader: string | undefined,
  ) => Promise<{ readonly user: SignedIn | undefined; readonly cookie: DoorCookie }>;
};

/** The longest that anybody stays signed in: a shift. */
const shiftMs = 8 * 60 * 60_000;

export const sessionCookieName = '__Host-ohc-user';

/**
 * Lax: it comes along when the user opens a link to us from elsewhere, and with no request that another site makes in
 * their name. Nothing of this door stands in a frame, so it needs no more. It goes when the browser is closed.
 */
const cookieOptions: CookieOptions = { httpOnly: true, secure: true, sameSite: 'lax', path: '/' };

/** Sessions kept in the database under the keyed hash of the cookie, so that any server knows whom another let in. */
export function createSessions({
  db,
  idKey,
  config,
}: {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly config: Config;
}): Sessions {
  const idleMs = config.region.idleLockMinutes * 60_000;
  const hashOf = (cookieHeader: string | undefined): string | undefined => {
    const secret = parseCookie(cookieHeader ?? '')[sessionCookieName];
    return secret === undefined ? undefined : keyedHash(idKey, 'sign-in-session', secret);
  };
  const standing = (sessionHash: string, now: Date) =>
    and(eq(signInSession.sessionHash, sessionHash), gt(signInSession.idleAt, now), gt(signInSession.expiresAt, now));

  const end = async (cookieHeader: string | undefined): Promise<SignedIn | undefined> => {
    const sessionHash = hashOf(cookieHeader);
    if (sessionHash === undefined) return undefined;
    const [row] = await db.delete(signInSession).where(eq(signInSession.sessionHash, sessionHash)).returning();
    // Only this file writes this column.
    return row?.user as SignedIn | undefined;
  };

  return {
    begin: async (user, cookieHeader) => {
      await end(cookieHeader);
      const secret = newSecret();
      const now = Date.now();
      await db.insert(signInSession).values({
        sessionHash: keyedHash(idKey, 'sign-in-session', secret),
        userHash: userHash(idKey, user.host, user.id),
        user,
        idleAt: new Date(now + idleMs),
        expiresAt: new Date(now + shiftMs),
      });
      return { name: sessionCookieName, value: secret, options: cookieOptions };
    },
    find: async (cookieHeader) => {
      const sessionHash = hashOf(cookieHeader);
      if (sessionHash === undefined) return undefined;
      const now = new Date();
      const [row] = await db
        .update(signInSession)
        .set({ idleAt: new Date(now.getTime() + idleMs) })
        .where(standing(sessionHash, now))
        .returning({ user: signInSession.user });
      // Only this file writes this column.
      return row?.user as SignedIn | undefined;
    },
    choose: async (cookieHeader, user, role) => {
      const sessionHash = hashOf(cookieHeader);
      if (sessionHash === undefined) return;
      await db
        .update(signInSession)
        .set({ user: { ...user, role } })
        .where(standing(sessionHash, new Date()));
    },
    end: async (cookieHeader) => ({
      user: await end(cookieHeader),
      cookie: { name: sessionCookieName, value: '', options: { ...cookieOptions, maxAge: 0 } },
    }),
  };
}
