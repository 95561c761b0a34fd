import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../federation/documents/verdict.ts';
import { documentVerdict } from '../store/schema.ts';
import { sweep } from '../store/sweep.ts';
import type { Store } from '../store/store.ts';
import { countingReads, openTestStore } from '../store/testing.ts';
import { createVerdicts } from './document-verdict.ts';

describe('the verdicts on documents', () => {
  let store: Store;
  let now = Date.UTC(2026, 10, 20);
  const verdicts = () => createVerdicts({ db: store.db, now: () => now });
  const one = (key: string, verdict: Verdict, days = 90) => ({ key, verdict, content: `c-${key}`, days });
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  it('are found again by their keys, each as it was, and no others', async () => {
    const all = [
      one('read', { kind: 'read', categories: ['hiv', 'it’s "odd", {so}'] }),
      one('clear', { kind: 'read', categories: [] }),
      one('scan', { kind: 'unreadable' }),
      { ...one('bomb', { kind: 'beyond' }), state: 's' },
    ];
    await verdicts().keep(all);
    const found = await verdicts().of(['read', 'clear', 'scan', 'bomb', 'nobody']);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(all.map(({ key, days: _days, ...rest }) => [key, rest])),
    );
    expect(await verdicts().of([])).toEqual(new Map());
  });

  it('are replaced by later ones, also where one key comes twice at once', async () => {
    await verdicts().keep([one('twice', { kind: 'unreadable' }), one('twice', { kind: 'read', categories: ['hiv'] })]);
    expect((await verdicts().of(['twice'])).get('twice')?.verdict).toEqual({ kind: 'read', categories: ['hiv'] });
    await verdicts().keep([one('twice', { kind: 'read', categories: [] })]);
    expect((await verdicts().of(['twice'])).get('twice')?.verdict).toEqual({ kind: 'read', categories: [] });
  });

  it('are kept by the thousand', async () => {
    const keys = Array.from({ length: 1_201 }, (_, index) => `k${index}`);
    await verdicts().keep(keys.map((key) => one(key, { kind: 'unreadable' })));
    expect((await verdicts().of(keys)).size).toBe(1_201);
  });

  it('are asked of the database once, where they are remembered, and only as many are', async () => {
    const { db, reads } = countingReads(store.db);
    const known = createVerdicts({ db, now: () => now, remember: 2 });
    await known.of(['read', 'scan']);
    expect((await known.of(['read', 'scan'])).get('scan')?.verdict).toEqual({ kind: 'unreadable' });
    expect(reads()).toBe(1);
    await known.of(['bomb']);
    await known.of(['read']);
    expect(reads()).toBe(3);
  });

  it('that are remembered longest without being asked for are forgotten first', async () => {
    const { db, reads } = countingReads(store.db);
    const known = createVerdicts({ db, now: () => now, remember: 2 });
    await known.keep([one('first', { kind: 'unreadable' }), one('second', { kind: 'unreadable' })]);
    expect((await known.of(['first', 'second'])).size).toBe(2);
    expect((await known.of(['first'])).get('first')).toEqual({ verdict: { kind: 'unreadable' }, content: 'c-first' });
    expect(reads()).toBe(0);
    await known.keep([one('third', { kind: 'unreadable' })]);
    expect((await known.of(['first', 'third'])).size).toBe(2);
    expect(reads()).toBe(0);
    expect((await known.of(['second'])).get('second')).toEqual({
      verdict: { kind: 'unreadable' },
      content: 'c-second',
    });
    expect(reads()).toBe(1);
  });

  it('end at their time, neither before nor after, wherever they are remembered', async () => {
    const at = now;
    const remembering = verdicts();
    await remembering.keep([one('day', { kind: 'unreadable' }, 1)]);
    const sizes = async () => [(await remembering.of(['day'])).size, (await verdicts().of(['day'])).size];
    now = at + 24 * 3_600_000 - 1;
    expect(await sizes()).toEqual([1, 1]);
    now = at + 24 * 3_600_000;
    expect(await sizes()).toEqual([0, 0]);
    now = at;
  });

  it('keep what they are known by when they are replaced', async () => {
    await verdicts().keep([{ ...one('again', { kind: 'unreadable' }), state: 's1' }]);
    await verdicts().keep([{ ...one('again', { kind: 'beyond' }), content: 'other', state: 's2' }]);
    expect((await verdicts().of(['again'])).get('again')).toEqual({
      verdict: { kind: 'beyond' },
      content: 'other',
      state: 's2',
    });
    await verdicts().keep([{ ...one('again', { kind: 'beyond' }, 200), content: 'other' }]);
    expect((await verdicts().of(['again'])).get('again')).toEqual({ verdict: { kind: 'beyond' }, content: 'other' });
    const at = now;
    now += 100 * 24 * 3_600_000;
    expect((await verdicts().of(['again'])).size).toBe(1);
    now = at;
  });

  it('end with their time, and are swept', async () => {
    const remembering = verdicts();
    await remembering.keep([one('short', { kind: 'unreadable' }, 1)]);
    expect((await remembering.of(['short'])).size).toBe(1);
    now += 25 * 3_600_000;
    expect(await remembering.of(['short'])).toEqual(new Map());
    expect(await verdicts().of(['short'])).toEqual(new Map());
    const left = async () => (await store.db.select().from(documentVerdict)).map((row) => row.keyHash);
    expect(await left()).toContain('short');
    await sweep(store.db, new Date(now));
    expect(await left()).not.toContain('short');
    expect(await left()).toContain('read');
  });
});
