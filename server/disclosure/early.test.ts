import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SourceAnswer } from '../federation/answer.ts';
import { createEarly, type EarlyLimits, type Reader } from './early.ts';
import type { HeldFor } from './held.ts';
import { answer, condition } from './house.testing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const what = (key: string): HeldFor => ({
  launchId: key,
  clientId: 'viewer',
  role: 'R8000',
  nhsNumber: '9990000018',
  practice: 'M83001',
});
const reader = (more: Partial<Reader> = {}): Reader => ({
  signal: new AbortController().signal,
  notBefore: 0,
  listens: false,
  ...more,
});
const idsOf = async (answers: AsyncIterable<SourceAnswer> | undefined): Promise<readonly string[] | undefined> => {
  if (answers === undefined) return undefined;
  const ids: string[] = [];
  for await (const one of answers) ids.push(one.source.id);
  return ids;
};
/** Lets all that can go on go on. */
const settled = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0));

/** A holding, with gatherings whose answers come when they are told to. */
function holding(limits?: EarlyLimits) {
  const early = createEarly(limits);
  const signals = new Map<string, AbortSignal>();
  const sends = new Map<string, (answer: SourceAnswer | 'end') => void>();
  const begin = (key: string, more: { readonly user?: string; readonly what?: Partial<HeldFor> } = {}) =>
    early.begin({ key, user: more.user ?? key }, async (signal) => {
      signals.set(key, signal);
      const waiting: (SourceAnswer | 'end')[] = [];
      let wake = (): void => undefined;
      sends.set(key, (one) => {
        waiting.push(one);
        wake();
      });
      async function* answers() {
        for (;;) {
          const next = waiting.shift();
          if (next === 'end') return;
          if (next !== undefined) yield next;
          else await new Promise<void>((done) => (wake = done));
        }
      }
      return { what: { ...what(key), ...more.what }, answers: answers() };
    });
  return {
    early,
    begin,
    send: (key: string, ...answers: readonly (SourceAnswer | 'end')[]) => {
      for (const one of answers) sends.get(key)?.(one);
    },
    isGivenUp: (key: string) => signals.get(key)?.aborted,
  };
}

describe('what a launch has begun to gather', () => {
  it('is taken over once, what has come at once and the rest as it comes', async () => {
    const { early, begin, send, isGivenUp } = holding();
    begin('k');
    await settled();
    send('k', answer('gp'), answer('acute'));
    await settled();
    const taken = early.answers(what('k'), reader());
    const read = taken?.[Symbol.asyncIterator]();
    expect([(await read?.next())?.value, (await read?.next())?.value]).toMatchObject([
      { source: { id: 'gp' } },
      { source: { id: 'acute' } },
    ]);
    expect(early.answers(what('k'), reader())).toBeUndefined();
    // It is its reader's now: the time for which it would have waited does not end it.
    vi.advanceTimersByTime(120_000);
    expect(isGivenUp('k')).toBe(false);
    send('k', answer('council'), 'end');
    expect((await read?.next())?.value).toMatchObject({ source: { id: 'council' } });
    expect(await read?.next()).toMatchObject({ done: true });
  });

  it('is given up after a minute in which nobody asked', async () => {
    const { early, begin, isGivenUp } = holding();
    begin('k');
    await settled();
    vi.advanceTimersByTime(59_999);
    expect(isGivenUp('k')).toBe(false);
    vi.advanceTimersByTime(1);
    expect(isGivenUp('k')).toBe(true);
    expect(early.answers(what('k'), reader())).toBeUndefined();
  });

  it('ends with its reader', async () => {
    const { early, begin, send, isGivenUp } = holding();
    begin('k');
    await settled();
    send('k', answer('gp'));
    const gone = new AbortController();
    const reading = idsOf(early.answers(what('k'), reader({ signal: gone.signal })));
    await settled();
    gone.abort();
    expect(await reading).toEqual(['gp']);
    expect(isGivenUp('k')).toBe(true);
  });

  it('stays for the record where somebody only listens', async () => {
    const { early, begin, send, isGivenUp } = holding();
    begin('k');
    await settled();
    send('k', answer('gp'));
    const listening = early.answers(what('k'), reader({ listens: true }))?.[Symbol.asyncIterator]();
    expect((await listening?.next())?.value).toMatchObject({ source: { id: 'gp' } });
    await listening?.return?.(undefined);
    expect(isGivenUp('k')).toBe(false);
    send('k', answer('acute'), 'end');
    expect(await idsOf(early.answers(what('k'), reader()))).toEqual(['gp', 'acute']);
  });

  it.each<Partial<HeldFor>>([
    { clientId: 'other' },
    { role: 'R8009' },
    { nhsNumber: '9990000026' },
    { nhsNumber: undefined },
    { practice: 'Y00001' },
  ])('is for this alone, and given up where it is for another: %j', async (change) => {
    const { early, begin, isGivenUp } = holding();
    begin('k');
    await settled();
    expect(early.answers({ ...what('k'), ...change }, reader())).toBeUndefined();
    expect(isGivenUp('k')).toBe(true);
  });

  it('is no other launch’s', async () => {
    const { early, begin, isGivenUp } = holding();
    begin('k');
    await settled();
    expect(early.answers(what('another'), reader())).toBeUndefined();
    expect(isGivenUp('k')).toBe(false);
  });

  it('is not used where something newer was heard, or where the gate has not answered yet', async () => {
    const { early, begin, isGivenUp } = holding();
    begin('k');
    await settled();
    expect(early.answers(what('k'), reader({ notBefore: Date.now() + 1 }))).toBeUndefined();
    expect(isGivenUp('k')).toBe(true);
    let signal: AbortSignal | undefined;
    early.begin({ key: 'slow', user: 'u' }, async (until) => {
      signal = until;
      return new Promise(() => undefined);
    });
    expect(early.answers(what('slow'), reader())).toBeUndefined();
    expect(signal?.aborted).toBe(true);
  });

  it('is nothing where the gate said no', async () => {
    const early = createEarly();
    early.begin({ key: 'k', user: 'u' }, async () => Promise.reject(new Error('refused')));
    await settled();
    expect(early.answers(what('k'), reader())).toBeUndefined();
  });

  it('goes at once with its launch, with its person, and with the server', async () => {
    const { early, begin, isGivenUp } = holding();
    for (const key of ['a', 'b', 'c']) begin(key, { what: { nhsNumber: key === 'b' ? '9990000026' : '9990000018' } });
    await settled();
    early.drop('a');
    expect(['a', 'b', 'c'].map(isGivenUp)).toEqual([true, false, false]);
    early.dropPerson('9990000026');
    expect(['a', 'b', 'c'].map(isGivenUp)).toEqual([true, true, false]);
    early.close();
    expect(isGivenUp('c')).toBe(true);
  });

  it('goes with a person too while the gate is still asked about whom it is on', async () => {
    const { early } = holding();
    let signal: AbortSignal | undefined;
    early.begin({ key: 'k', user: 'u' }, async (until) => {
      signal = until;
      return new Promise(() => undefined);
    });
    early.dropPerson('9990000018');
    expect(signal?.aborted).toBe(true);
  });
});

describe('a reader', () => {
  it('who has gone already reads nothing, and what they took over is given up', async () => {
    const { early, begin, send, isGivenUp } = holding();
    begin('k');
    await settled();
    send('k', answer('gp'));
    await settled();
    const never = new Promise<never>(() => undefined);
    const read = idsOf(early.answers(what('k'), reader({ signal: AbortSignal.abort() })));
    const tick = settled().then(() => 'waits');
    expect(await Promise.race([read, never, tick])).not.toBe('waits');
    expect(isGivenUp('k')).toBe(true);
  });

  it('hears what went wrong on the way, after what had come', async () => {
    const early = createEarly();
    async function* failing() {
      yield answer('gp');
      throw new Error('broken');
    }
    early.begin({ key: 'k', user: 'u' }, async () => ({ what: what('k'), answers: failing() }));
    await settled();
    const read = early.answers(what('k'), reader())?.[Symbol.asyncIterator]();
    expect((await read?.next())?.value).toMatchObject({ source: { id: 'gp' } });
    await expect(read?.next()).rejects.toThrow('broken');
  });

  it('who only listens to what is for another ends nothing', async () => {
    const { early, begin, isGivenUp } = holding();
    begin('k');
    await settled();
    expect(early.answers({ ...what('k'), role: 'R8009' }, reader({ listens: true }))).toBeUndefined();
    expect(isGivenUp('k')).toBe(false);
    expect(early.answers(what('k'), reader({ notBefore: Date.now() }))).toBeDefined();
  });

  it('leaves nobody listening once they have read', async () => {
    const { early, begin, send } = holding();
    begin('k');
    await settled();
    send('k', 'end');
    const { signal } = new AbortController();
    await idsOf(early.answers(what('k'), reader({ signal })));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('leaves no timer behind', async () => {
    const { early, begin } = holding();
    begin('k');
    await settled();
    expect(vi.getTimerCount()).toBe(1);
    early.answers(what('k'), reader());
    expect(vi.getTimerCount()).toBe(0);
    begin('l');
    early.drop('l');
    early.drop('nothing');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what is begun again', () => {
  it('under the same key outlives what was taken over of the first', async () => {
    const { early, begin, send, isGivenUp } = holding();
    begin('k');
    await settled();
    const first = early.answers(what('k'), reader());
    begin('k');
    await settled();
    send('k', answer('gp'), 'end');
    await first?.[Symbol.asyncIterator]().return?.(undefined);
    expect(isGivenUp('k')).toBe(false);
    expect(await idsOf(early.answers(what('k'), reader()))).toEqual(['gp']);
  });
});

describe('what is begun while the gate still answers for what was dropped', () => {
  it('outlives its refusal', async () => {
    const { early, begin, isGivenUp } = holding();
    let refuse = (_error: Error): void => undefined;
    early.begin({ key: 'k', user: 'u' }, () => new Promise((_done, fail) => (refuse = fail)));
    early.drop('k');
    begin('k');
    await settled();
    refuse(new Error('refused'));
    await settled();
    expect(early.answers(what('k'), reader())).toBeDefined();
    expect(isGivenUp('k')).toBe(false);
  });
});

describe('what is begun is bounded', () => {
  it('by design to 32 in all and two for a user', async () => {
    const { begin, isGivenUp } = holding();
    for (let n = 0; n < 33; n += 1) begin(`k${n}`);
    await settled();
    expect([isGivenUp('k31'), isGivenUp('k32')]).toEqual([false, undefined]);
    const one = holding();
    for (const key of ['a', 'b', 'c']) one.begin(key, { user: 'u' });
    await settled();
    expect(['a', 'b', 'c'].map(one.isGivenUp)).toEqual([false, false, undefined]);
  });

  it('by what the gate has let through: a refused launch leaves its place to the next', async () => {
    const { early, begin, isGivenUp } = holding({ waitMs: 60_000, launches: 1, launchesOfUser: 1, resources: 10 });
    early.begin({ key: 'refused', user: 'u' }, async () => Promise.reject(new Error('refused')));
    await settled();
    begin('k', { user: 'u' });
    await settled();
    expect(isGivenUp('k')).toBe(false);
  });

  it('in what it brings to all that it may, and not what is taken over already', async () => {
    const { early, begin, send, isGivenUp } = holding({
      waitMs: 60_000,
      launches: 3,
      launchesOfUser: 2,
      resources: 10,
    });
    const of = (count: number) =>
      answer('gp', { resources: Array.from({ length: count }, (_, n) => condition(`c${n}`, '195967001')) });
    begin('a');
    begin('b');
    await settled();
    send('a', of(4));
    send('b', of(6));
    await settled();
    expect(['a', 'b'].map(isGivenUp)).toEqual([false, false]);
    const taken = early.answers(what('a'), reader());
    send('a', of(7), 'end');
    send('b', of(4));
    await settled();
    expect(['a', 'b'].map(isGivenUp)).toEqual([false, false]);
    expect(await idsOf(taken)).toEqual(['gp', 'gp']);
  });

  const limits = { waitMs: 60_000, launches: 3, launchesOfUser: 2, resources: 10 };

  it('for a user, whatever others have begun', async () => {
    const { begin, isGivenUp } = holding(limits);
    for (const key of ['a', 'b', 'c']) begin(key, { user: 'u' });
    begin('d');
    await settled();
    expect(['a', 'b', 'c', 'd'].map(isGivenUp)).toEqual([false, false, undefined, false]);
  });

  it('for the server: then no more is begun, until something has been taken over', async () => {
    const { early, begin, isGivenUp } = holding(limits);
    for (const key of ['a', 'b', 'c', 'd']) begin(key);
    await settled();
    expect(['a', 'b', 'c', 'd'].map(isGivenUp)).toEqual([false, false, false, undefined]);
    early.answers(what('a'), reader());
    begin('d');
    await settled();
    expect(isGivenUp('d')).toBe(false);
  });

  it('in what it brings', async () => {
    const { early, begin, send, isGivenUp } = holding(limits);
    const large = answer('gp', { resources: Array.from({ length: 6 }, (_, n) => condition(`c${n}`, '195967001')) });
    begin('a');
    begin('b');
    await settled();
    send('a', large);
    await settled();
    send('b', large);
    await settled();
    expect(['a', 'b'].map(isGivenUp)).toEqual([false, true]);
    send('a', 'end');
    expect(await idsOf(early.answers(what('a'), reader()))).toEqual(['gp']);
  });
});
