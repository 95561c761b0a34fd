import { and, eq, gt } from 'drizzle-orm';
import { keyedHash } from '../../keyed-hash.ts';
import { registrationTicket } from '../../store/schema.ts';
import type { Database } from '../../store/store.ts';
import type { ProvedContext } from '../attempt.ts';
import { newSecret } from '../once.ts';
import { refuse } from '../page/refusal.ts';

/** A launch that waits for the name-and-role page, and until when. */
export type Waiting = { readonly context: ProvedContext; readonly until: Date };

/** One-time tickets, which the page carries in a hidden field in place of a cookie. */
export type Tickets = {
  readonly issue: (waiting: Waiting) => Promise<string>;
  /**
   * Takes what waits under a ticket; a second taker gets nothing.
   * @throws {Fault} `ticket-unknown` where it was used, is late or was never issued
   */
  readonly take: (ticket: string) => Promise<Waiting>;
};

/** How long the page may be filled in, its errors mended included. */
export const ticketMs = 10 * 60_000;

/** Tickets kept in the database under their keyed hash. */
export function createTickets({ db, idKey }: { readonly db: Database; readonly idKey: Buffer }): Tickets {
  const hashOf = (ticket: string): string => keyedHash(idKey, 'registration-ticket', ticket);
  return {
    issue: async ({ context, until }) => {
      const ticket = newSecret();
      await db.insert(registrationTicket).values({ ticketHash: hashOf(ticket), context, expiresAt: until });
      return ticket;
    },
    take: async (ticket) => {
      const [row] = await db
        .delete(registrationTicket)
        .where(and(eq(registrationTicket.ticketHash, hashOf(ticket)), gt(registrationTicket.expiresAt, new Date())))
        .returning();
      if (row === undefined) throw refuse('ticket-unknown', 'used, late or never issued');
      // Only `issue` writes this column.
      return { context: row.context as ProvedContext, until: row.expiresAt };
    },
  };
}
