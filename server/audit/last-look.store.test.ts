import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lastLook } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { openTestStore } from '../store/testing.ts';
import { createLastLooks, type Pair } from './last-look.ts';

const smith: Pair = { user: { host: 'millbrook', id: 'u1' }, nhsNumber: '9990000018' };
const minute = 60_000;
const start = Date.UTC(2026, 10, 20, 9);

describe('when a user last looked', () => {
  let store: Store;
  let now = start;
  const looks = () => createLastLooks({ db: store.db, idKey: Buffer.alloc(32, 1), clock: () => now });
  const after = async (minutes: number): Promise<void> => {
    now += minutes * minute;
    await looks().now(smith);
  };
  beforeAll(async () => {
    store = await openTestStore();
  });
  beforeEach(async () => {
    now = start;
    await store.db.delete(lastLook);
  });
  afterAll(() => store.close());

  it('is nothing before the first look, and nothing during it', async () => {
    expect(await looks().before(smith)).toBeUndefined();
    await after(0);
    await after(5);
    expect(await looks().before(smith)).toBeUndefined();
  });

  it('is the last look before this sitting, however often the record is opened in it', async () => {
    await after(0);
    await after(24 * 60);
    expect(await looks().before(smith)).toEqual(new Date(start));
    await after(20);
    await after(20);
    expect(await looks().before(smith)).toEqual(new Date(start));
    now += 61 * minute;
    expect(await looks().before(smith)).toEqual(new Date(start + (24 * 60 + 40) * minute));
  });

  it.each<[string, Pair]>([
    ['another user', { ...smith, user: { host: 'millbrook', id: 'u2' } }],
    ['a user of the same id elsewhere', { ...smith, user: { host: 'peakside', id: 'u1' } }],
    ['another person', { ...smith, nhsNumber: '9990000026' }],
  ])('is not that of %s', async (_name, other) => {
    await after(0);
    now += 120 * minute;
    expect(await looks().before(other)).toBeUndefined();
  });

  it('is forgotten after a year', async () => {
    await after(0);
    now += 366 * 24 * 60 * minute;
    expect(await looks().before(smith)).toBeUndefined();
  });

  it('is kept under one hash of both, and says nothing else', async () => {
    await after(0);
    const [row] = await store.db.select().from(lastLook);
    expect(Object.keys(row ?? {}).sort()).toEqual(['beforeAt', 'expiresAt', 'keyHash', 'latestAt']);
    expect(row?.keyHash).toMatch(/^[\w-]{43}$/);
  });

  it('counts the looks of a launch in a minute, for all servers', async () => {
    await looks().count('l1', 40);
    expect(await looks().count('l1', 2)).toBe(42);
    expect(await looks().count('l2', 1)).toBe(1);
    now += minute;
    expect(await looks().count('l1', 1)).toBe(1);
  });
});
