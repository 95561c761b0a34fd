import { hkdfSync } from 'node:crypto';
import { and, eq, gt } from 'drizzle-orm';
import { keyedHash, userHash } from '../../keyed-hash.ts';
import { sealText, unsealText } from '../../sealed.ts';
import { pendingAuthorization } from '../../store/schema.ts';
import type { Database } from '../../store/store.ts';
import type { AskedLink } from '../encrypted-link/link.ts';
import { newSecret } from '../once.ts';
import type { SignedIn } from './session.ts';

/** What a user came with: nothing, an app's authorization request, or the link of an EPR. */
export type Way = {
  readonly resume?: Readonly<Record<string, string>>;
  readonly link?: AskedLink;
};

/** One tab of a signed-in user, from the sign-in to the record: two tabs never mix what they came with. */
export type Visit = Way & {
  /** Id of the role in which the user looks in this tab. */
  readonly role?: string;
};

/**
 * The visits, and the one-time tickets of their forms. Each is tied to the user who signed in: the id alone, read from
 * a history or guessed, opens nothing, and another user of the same browser does not come upon it.
 */
export type Visits = {
  readonly open: (user: SignedIn, visit: Visit) => Promise<string>;
  readonly find: (user: SignedIn, id: string) => Promise<Visit | undefined>;
  readonly change: (user: SignedIn, id: string, visit: Visit) => Promise<void>;
  /** Takes the visit out; true for the first to do so. */
  readonly end: (user: SignedIn, id: string) => Promise<boolean>;
  /** A ticket for one form of this visit. */
  readonly ticket: (user: SignedIn, id: string, form: string) => Promise<string>;
  /** True where the ticket is one for this form of this visit that was not used yet. */
  readonly takeTicket: (user: SignedIn, id: string, form: string, ticket: string) => Promise<boolean>;
};

const visitMs = 60 * 60_000;
const ticketMs = 30 * 60_000;

/**
 * Kept where the ways through other authorization servers are kept, since they are of the same kind: sealed, under a
 * keyed hash, tied to who began them, swept when late.
 */
export function createVisits({ db, idKey }: { readonly db: Database; readonly idKey: Buffer }): Visits {
  const sealKey = Buffer.from(hkdfSync('sha256', idKey, '', 'sign-in-visit', 32));
  const visitHash = (id: string): string => keyedHash(idKey, 'sign-in-visit', id);
  const ticketHash = (...parts: readonly string[]): string => keyedHash(idKey, 'sign-in-ticket', ...parts);
  const tieOf = ({ host, id }: SignedIn): string => userHash(idKey, host, id);
  const row = (stateHash: string, user: SignedIn) =>
    and(
      eq(pendingAuthorization.stateHash, stateHash),
      eq(pendingAuthorization.browserHash, tieOf(user)),
      gt(pendingAuthorization.expiresAt, new Date()),
    );
  const seal = (stateHash: string, visit: Visit): Buffer => sealText(sealKey, stateHash, JSON.stringify(visit));
  const taken = async (stateHash: string, user: SignedIn): Promise<boolean> => {
    const rows = await db
      .delete(pendingAuthorization)
      .where(row(stateHash, user))
      .returning({ stateHash: pendingAuthorization.stateHash });
    return rows.length === 1;
  };

  return {
    open: async (user, visit) => {
      const id = newSecret();
      const stateHash = visitHash(id);
      await db.insert(pendingAuthorization).values({
        stateHash,
        browserHash: tieOf(user),
        sealed: seal(stateHash, visit),
        expiresAt: new Date(Date.now() + visitMs),
      });
      return id;
    },
    find: async (user, id) => {
      const stateHash = visitHash(id);
      const [found] = await db.select().from(pendingAuthorization).where(row(stateHash, user));
      // Only this file seals with this key.
      return found === undefined ? undefined : (JSON.parse(unsealText(sealKey, stateHash, found.sealed)) as Visit);
    },
    change: async (user, id, visit) => {
      const stateHash = visitHash(id);
      await db
        .update(pendingAuthorization)
        .set({ sealed: seal(stateHash, visit) })
        .where(row(stateHash, user));
    },
    end: (user, id) => taken(visitHash(id), user),
    ticket: async (user, id, form) => {
      const ticket = newSecret();
      await db.insert(pendingAuthorization).values({
        stateHash: ticketHash(id, form, ticket),
        browserHash: tieOf(user),
        sealed: Buffer.alloc(0),
        expiresAt: new Date(Date.now() + ticketMs),
      });
      return ticket;
    },
    takeTicket: (user, id, form, ticket) => taken(ticketHash(id, form, ticket), user),
  };
}
