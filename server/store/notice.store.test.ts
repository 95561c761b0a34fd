import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notify } from './notice.ts';
import { listener, until } from './notice.testing.ts';
import type { Store } from './store.ts';
import { openTestStore } from './testing.ts';

describe('notices', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  it('are heard by all who listen on their channel, in their order', async () => {
    const [one, other] = [await listener(store.notices), await listener(store.notices)];
    const elsewhere = await listener(store.notices, 'weather');
    for (const payload of ['a', 'b', 'c']) await notify(store.db, 'news', payload);
    await until(() => one.heard.length === 3 && other.heard.length === 3);
    expect([one.heard, other.heard, elsewhere.heard]).toEqual([['a', 'b', 'c'], ['a', 'b', 'c'], []]);
    for (const { close } of [one, other, elsewhere]) await close();
  });

  it('are told with the commit of their transaction, and never where it is undone', async () => {
    const { heard, close } = await listener(store.notices);
    await store.db
      .transaction(async (tx) => {
        await notify(tx, 'news', 'undone');
        throw new Error('undone');
      })
      .catch(() => undefined);
    await store.db.transaction((tx) => notify(tx, 'news', 'done'));
    await until(() => heard.length > 0);
    expect(heard).toEqual(['done']);
    await close();
  });

  it('are not heard any more once the listening has ended', async () => {
    const gone = await listener(store.notices);
    await gone.close();
    const { heard, close } = await listener(store.notices);
    await notify(store.db, 'news', 'late');
    await until(() => heard.length > 0);
    expect(gone.heard).toEqual([]);
    await close();
  });
});
