import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditEvent, lastLook, launchHandle, usedOnce } from './schema.ts';
import type { Store } from './store.ts';
import { sweep } from './sweep.ts';
import { openTestStore } from './testing.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

it('removes what has run out, keeps what has not, and never touches the audit trail', async () => {
  const now = new Date('2026-11-20T09:00:00Z');
  const [past, future] = [new Date('2026-11-20T08:59:59Z'), new Date('2026-11-20T09:00:01Z')];
  const { db } = store;
  await db.insert(usedOnce).values([
    { keyHash: 'old', expiresAt: past },
    { keyHash: 'new', expiresAt: future },
  ]);
  await db.insert(launchHandle).values({ handleHash: 'old', clientId: 'viewer', context: {}, expiresAt: past });
  const row = { id: 'a', type: 'launch', outcome: 'success', event: {}, previousHash: '', hash: '' };
  await db.insert(auditEvent).values({ ...row, seq: 1, recordedAt: new Date('2000-01-01') });
  await db.insert(lastLook).values({ keyHash: 'old', latestAt: past, expiresAt: past });
  await sweep(db, now);
  expect(await db.select().from(lastLook)).toEqual([]);
  expect(await db.select({ key: usedOnce.keyHash }).from(usedOnce)).toEqual([{ key: 'new' }]);
  expect(await db.select().from(launchHandle)).toEqual([]);
  expect(await db.select().from(auditEvent)).toHaveLength(1);
});
