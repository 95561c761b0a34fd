import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { followSuccessors } from './successors.ts';

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

it('objections follow their people once a day, on one of the servers', async () => {
  const idKey = Buffer.alloc(32, 1);
  let asked = 0;
  const register = { follow: async () => ({ followed: (asked += 1), unasked: 0 }) };
  const run = (at: string) => followSuccessors({ db: store.db, idKey, register, now: new Date(at) });
  expect(await run('2026-05-01T06:00:00Z')).toMatchObject({ followed: 1 });
  expect(await Promise.all([run('2026-05-01T07:00:00Z'), run('2026-05-01T23:00:00Z')])).toEqual([undefined, undefined]);
  expect(await run('2026-05-02T06:00:00Z')).toMatchObject({ followed: 2 });
});
