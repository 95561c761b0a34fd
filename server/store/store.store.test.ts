import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usedOnce } from './schema.ts';
import type { Store } from './store.ts';
import { openTestStore } from './testing.ts';

describe('the store', () => {
  let store: Store;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  it('keeps a row once, also when it is raced', async () => {
    const row = { keyHash: 'once', expiresAt: new Date('2100-01-01') };
    const wins = await Promise.all(
      Array.from({ length: 8 }, () => store.db.insert(usedOnce).values(row).onConflictDoNothing().returning()),
    );
    expect(wins.filter((rows) => rows.length === 1)).toHaveLength(1);
    expect(await store.db.select().from(usedOnce).where(eq(usedOnce.keyHash, 'once'))).toHaveLength(1);
  });

  it('undoes a transaction that throws', async () => {
    const failing = store.db.transaction(async (tx) => {
      await tx.insert(usedOnce).values({ keyHash: 'undone', expiresAt: new Date() });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store.db.select().from(usedOnce).where(eq(usedOnce.keyHash, 'undone'))).toEqual([]);
  });
});
