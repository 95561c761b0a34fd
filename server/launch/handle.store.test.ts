import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../fault.ts';
import { launchHandle, registrationTicket } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createHandles, type Handles } from './handle.ts';
import { takeOnce } from './once.ts';
import { createTickets } from './registration/ticket.ts';

const idKey = randomBytes(32);
const context = {
  host: 'epr',
  user: { id: 'u', name: 'Dr Peter OKAFOR' },
  organisation: { ods: 'RJE', name: 'UHNM' },
  role: 'R8000',
  clientId: 'viewer',
};

async function whyRefused(act: Promise<unknown>): Promise<unknown> {
  const error = await act.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Fault ? [error.code, error.detail] : error;
}

describe('what works once', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  /** True for the one who takes it. */
  async function take(handles: Handles, handle: string, clientId: string): Promise<boolean> {
    const { taken, takenBy } = handles;
    const rows = await store.db
      .with(taken)
      .select()
      .from(taken)
      .prepare('test_take')
      .execute(takenBy(handle, clientId));
    return rows.length === 1;
  }

  it('a handle gives its context to one of many', async () => {
    const handles = createHandles({ db: store.db, idKey });
    const handle = await handles.issue(context);
    expect(Buffer.from(handle, 'base64url').length).toBeGreaterThanOrEqual(24);
    expect(await handles.find(handle, 'viewer')).toEqual(context);
    const results = await Promise.all(Array.from({ length: 8 }, () => take(handles, handle, 'viewer')));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await whyRefused(handles.find(handle, 'viewer'))).toEqual(['handle-unknown', 'handle-used']);
  });

  it('a handle is of no use to another client, late, or made up, and is kept as a hash alone', async () => {
    const handles = createHandles({ db: store.db, idKey });
    const handle = await handles.issue(context);
    expect(await whyRefused(handles.find(handle, 'other'))).toEqual(['handle-unknown', 'handle-of-another-client']);
    expect(await take(handles, handle, 'other')).toBe(false);
    expect(await whyRefused(handles.find('made-up', 'viewer'))).toEqual(['handle-unknown', 'handle-never-issued']);
    expect(JSON.stringify(await store.db.select().from(launchHandle))).not.toContain(handle);
    await store.db.update(launchHandle).set({ expiresAt: new Date(Date.now() - 1) });
    expect(await whyRefused(handles.find(handle, 'viewer'))).toEqual(['handle-unknown', 'handle-late']);
    expect(await take(handles, handle, 'viewer')).toBe(false);
  });

  it('a jti is taken by one of many, and each issuer has its own', async () => {
    const until = new Date(Date.now() + 60_000);
    const take = (issuer: string) => takeOnce(store.db, idKey, { what: ['context-jti', issuer, 'j1'], until });
    const results = await Promise.all(Array.from({ length: 8 }, () => take('a')));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await take('b')).toBe(true);
  });

  it('a ticket is used by one of many, and not found when it is late', async () => {
    const tickets = createTickets({ db: store.db, idKey });
    const ticket = await tickets.issue({ context, until: new Date(Date.now() + 60_000) });
    const waiting = await tickets.find(ticket);
    const uses = await Promise.all(Array.from({ length: 8 }, () => tickets.use(ticket, waiting)));
    expect(uses.filter(Boolean)).toHaveLength(1);
    const late = await tickets.issue({ context, until: new Date(Date.now() - 1) });
    expect(JSON.stringify(await store.db.select().from(registrationTicket))).not.toContain(late);
    expect((await whyRefused(tickets.find(late))) as unknown[]).toContain('ticket-unknown');
  });
});
