import { hkdfSync } from 'node:crypto';
import { and, eq, gt } from 'drizzle-orm';
import { keyedHash } from '../keyed-hash.ts';
import { sealText, unsealText } from '../sealed.ts';
import { pendingAuthorization } from '../store/schema.ts';
import type { Database } from '../store/store.ts';
import { newSecret } from './once.ts';
import { refuse } from './page/refusal.ts';

/** The authorization requests of apps that launch by themselves, while their user signs in. */
export type StandaloneLaunches = {
  /**
   * Keeps an app's authorization request and gives the address at which its user signs in. After that the browser comes
   * back to `/auth/auth` with the same parameters and a `launch` handle. Works once, for ten minutes. The request is not
   * tied to a browser: whoever follows the address signs in as themselves, and the app knows its own `state`.
   */
  readonly begin: (params: Readonly<Record<string, string>>) => Promise<string>;
  /** @throws {Fault} `ticket-unknown` where it was used, is late or was never issued */
  readonly take: (ticket: string) => Promise<Readonly<Record<string, string>>>;
};

const requestMs = 10 * 60_000;
/** Stands where a way through another server has the browser that it is tied to. */
const anyBrowser = '-';

/** Kept sealed in the database: an app's request may hold a hint of who its user is. */
export function createStandaloneLaunches({
  db,
  idKey,
  baseUrl,
}: {
  readonly db: Database;
  readonly idKey: Buffer;
  readonly baseUrl: string;
}): StandaloneLaunches {
  const sealKey = Buffer.from(hkdfSync('sha256', idKey, '', 'standalone-launch', 32));
  const hashOf = (ticket: string): string => keyedHash(idKey, 'standalone-launch', ticket);
  return {
    begin: async (params) => {
      const ticket = newSecret();
      const stateHash = hashOf(ticket);
      await db.insert(pendingAuthorization).values({
        stateHash,
        browserHash: anyBrowser,
        sealed: sealText(sealKey, stateHash, JSON.stringify(params)),
        expiresAt: new Date(Date.now() + requestMs),
      });
      return `${baseUrl}/launch?app=${ticket}`;
    },
    take: async (ticket) => {
      const stateHash = hashOf(ticket);
      const [row] = await db
        .delete(pendingAuthorization)
        .where(and(eq(pendingAuthorization.stateHash, stateHash), gt(pendingAuthorization.expiresAt, new Date())))
        .returning();
      if (row === undefined) throw refuse('ticket-unknown', 'an app’s request: used, late or never made');
      // Only `begin` seals with this key.
      return JSON.parse(unsealText(sealKey, stateHash, row.sealed)) as Readonly<Record<string, string>>;
    },
  };
}
