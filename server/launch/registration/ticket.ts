import { and, eq, gt } from 'drizzle-orm';
import { keyedHash } from '../../keyed-hash.ts';
import { registrationTicket } from '../../store/schema.ts';
import type { Database } from '../../store/store.ts';
import type { ProvedContext } from '../attempt.ts';
import { newSecret, takeOnce } from '../once.ts';
import { refuse } from '../page/refusal.ts';

/** A launch that waits for the name-and-role page, and until when. */
export type Waiting = { readonly context: ProvedContext; readonly until: Date };

/** Tickets, which the page carries in a hidden field in place of a cookie. */
export type Tickets = {
  readonly issue: (waiting: Waiting) => Promise<string>;
  /**
   * What waits under a ticket. It goes on waiting: a form with errors comes back with the same ticket.
   * @throws {Fault} `ticket-unknown` where it is late, was used a while ago or was never issued
   */
  readonly find: (ticket: string) => Promise<Waiting>;
  /** Uses a ticket up. True for the first, false for a second click on the same page (see {@link handleOf}). */
  readonly use: (ticket: string, waiting: Waiting) => Promise<boolean>;
  /**
   * The launch handle that a ticket comes to: one for each ticket, however often the form is sent. Both clicks of a
   * double click lead there, and it works once.
   */
  readonly handleOf: (ticket: string) => string;
};

/** How long the page may be filled in, its errors mended included. */
export const ticketMs = 10 * 60_000;
/** How long a ticket that was used still answers a second click. */
const secondClickMs = 10_000;

/** Tickets kept in the database under their keyed hash. */
export function createTickets({ db, idKey }: { readonly db: Database; readonly idKey: Buffer }): Tickets {
  const hashOf = (ticket: string): string => keyedHash(idKey, 'registration-ticket', ticket);
  return {
    issue: async ({ context, until }) => {
      const ticket = newSecret();
      await db.insert(registrationTicket).values({ ticketHash: hashOf(ticket), context, expiresAt: until });
      return ticket;
    },
    find: async (ticket) => {
      const [row] = await db
        .select()
        .from(registrationTicket)
        .where(and(eq(registrationTicket.ticketHash, hashOf(ticket)), gt(registrationTicket.expiresAt, new Date())));
      if (row === undefined) throw refuse('ticket-unknown', 'used, late or never issued');
      // Only `issue` writes this column.
      return { context: row.context as ProvedContext, until: row.expiresAt };
    },
    use: async (ticket, { until }) => {
      if (!(await takeOnce(db, idKey, { what: ['registration-ticket', ticket], until }))) return false;
      const soon = new Date(Date.now() + secondClickMs);
      await db
        .update(registrationTicket)
        .set({ expiresAt: soon < until ? soon : until })
        .where(eq(registrationTicket.ticketHash, hashOf(ticket)));
      return true;
    },
    handleOf: (ticket) => keyedHash(idKey, 'handle-of-ticket', ticket),
  };
}
