import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { objects } from '../../src/fhir/json.ts';
import { auditEvent } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createAudit } from './audit.ts';
import type { AuditEntry } from './entry.ts';

const nhsNumber = '9990000018';
const look: AuditEntry = {
  type: 'disclosure',
  action: 'E',
  outcome: 'success',
  user: { host: 'millbrook', id: 'u1', name: 'Dr Ada Wren' },
  organisation: { ods: 'RJE', name: 'Millbrook' },
  role: 'R8000',
  clientId: 'viewer',
  nhsNumber,
  launchId: 'l1',
  detail: { sources: ['gp', 'acute'], resources: 21 },
};

describe('the audit trail', () => {
  let store: Store;
  const audit = () => createAudit({ db: store.db, idKey: Buffer.alloc(32, 1), site: 'http://localhost:3000' });
  beforeAll(async () => {
    store = await openTestStore();
  });
  beforeEach(async () => {
    await store.db.delete(auditEvent);
  });
  afterAll(() => store.close());

  it('writes an AuditEvent that says who looked at whom, in which role, from where', async () => {
    await audit().record(look);
    const [event] = await audit().list({ nhsNumber });
    expect(event).toMatchObject({
      resourceType: 'AuditEvent',
      action: 'E',
      outcome: '0',
      purposeOfEvent: [{ coding: [{ code: 'TREAT' }] }],
      agent: [
        {
          name: 'Dr Ada Wren',
          requestor: true,
          role: [{ coding: [{ code: 'R8000' }] }],
          who: { identifier: { value: 'u1' } },
        },
        { who: { identifier: { value: 'RJE' } }, name: 'Millbrook' },
        { who: { identifier: { value: 'viewer' } }, requestor: false },
        { who: { identifier: { value: 'http://localhost:3000' } } },
      ],
      source: { observer: { display: 'One Health and Care' } },
      entity: [
        { what: { identifier: { value: nhsNumber } } },
        { what: { identifier: { value: 'l1' } } },
        {
          detail: [
            { type: 'sources', valueString: 'gp acute' },
            { type: 'resources', valueString: '21' },
          ],
        },
      ],
    });
  });

  it('always has exactly one requestor, also where nobody is known', async () => {
    await audit().record({ type: 'launch', action: 'E', outcome: 'refused', reason: 'context-signature' });
    const [event] = await audit().list({ type: ['launch'] });
    expect(event).toMatchObject({ outcome: '4', outcomeDesc: 'context-signature', agent: [{ requestor: true }] });
  });

  it.each<[string, Partial<AuditEntry>]>([
    ['a user and an app', { user: { host: 'h', id: 'u', name: 'n' }, clientId: 'viewer' }],
    ['an app alone', { clientId: 'viewer' }],
    ['an organisation alone', { organisation: { ods: 'RJE', name: 'Millbrook' } }],
  ])('has one requestor among %s', async (_name, who) => {
    await audit().record({ type: 'authorization', action: 'E', outcome: 'success', ...who });
    const [event] = await audit().list();
    expect(objects(event?.['agent']).filter((agent) => agent['requestor'] === true)).toHaveLength(1);
  });

  it('finds the events of one person and of no other', async () => {
    await audit().record(look);
    await audit().record({ ...look, nhsNumber: '9990000026' });
    expect(await audit().list({ nhsNumber })).toHaveLength(1);
    expect(await audit().list({ nhsNumber: '9990000042' })).toEqual([]);
  });

  it('keeps one unbroken chain when many append at once', async () => {
    const trails = [audit(), audit(), audit()] as const;
    const appended = Array.from({ length: 40 }, (_, index) =>
      (trails[index % 3] ?? trails[0]).record({ ...look, launchId: `l${index}` }),
    );
    await Promise.all(appended);
    expect(await audit().verify()).toEqual({ events: 40 });
  });

  it('writes what no database can keep without what it cannot', async () => {
    await audit().record({ ...look, user: { host: 'h', id: 'u', name: 'A\u0000da \ud800' } });
    expect(await audit().verify()).toEqual({ events: 1 });
  });

  it('rejects where it cannot write', async () => {
    await expect(
      store.db.transaction(async (tx) => {
        await tx.execute(sql`set transaction read only`);
        await audit().recordIn(tx, look);
      }),
    ).rejects.toThrow();
    expect(await audit().verify()).toEqual({ events: 0 });
  });

  it('goes with the transaction that it belongs to', async () => {
    await expect(
      store.db.transaction(async (tx) => {
        await audit().recordIn(tx, look);
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    expect(await audit().verify()).toEqual({ events: 0 });
  });

  describe('once tampered with', () => {
    beforeEach(async () => {
      for (const launchId of ['a', 'b', 'c', 'd']) await audit().record({ ...look, launchId });
    });
    const cases: readonly (readonly [string, () => Promise<unknown>])[] = [
      [
        'an event rewritten',
        () =>
          store.db
            .update(auditEvent)
            .set({ event: { resourceType: 'AuditEvent' } })
            .where(eq(auditEvent.seq, 3)),
      ],
      [
        'an outcome rewritten',
        () => store.db.update(auditEvent).set({ outcome: 'refused' }).where(eq(auditEvent.seq, 3)),
      ],
      [
        'a time moved',
        () =>
          store.db
            .update(auditEvent)
            .set({ recordedAt: new Date('2020-01-01') })
            .where(eq(auditEvent.seq, 3)),
      ],
      [
        'a person’s hash removed',
        () => store.db.update(auditEvent).set({ personHash: null }).where(eq(auditEvent.seq, 3)),
      ],
      [
        'a hash made to fit itself alone',
        () =>
          store.db
            .update(auditEvent)
            .set({ hash: 'f'.repeat(64) })
            .where(eq(auditEvent.seq, 3)),
      ],
      ['a row removed', () => store.db.delete(auditEvent).where(eq(auditEvent.seq, 3))],
    ];
    it.each(cases)('tells where: %s', async (_name, tamper) => {
      await tamper();
      expect(await audit().verify()).toMatchObject({ brokenAt: 3 });
    });
    it('tells of a first row removed', async () => {
      await store.db.delete(auditEvent).where(eq(auditEvent.seq, 1));
      expect(await audit().verify()).toEqual({ events: 0, brokenAt: 1 });
    });
  });
});
