import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SourceAnswer } from '../federation/answer.ts';
import { createHeld, isSame, type HeldFor } from './held.ts';
import { answer } from './house.testing.ts';

const what: HeldFor = { launchId: 'l1', clientId: 'app', role: 'R8000', nhsNumber: '9990000018', practice: 'M83001' };
const never = new AbortController().signal;
const limits = { wholeMs: 300_000, partialMs: 30_000, bytes: 1_000_000 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A holding, and how often its sources were asked. */
function holding(answers: readonly SourceAnswer[] = [answer('gp')], more = limits) {
  const held = createHeld(more);
  const asked: HeldFor[] = [];
  const of = async (whose: HeldFor = what, notBefore?: number) =>
    held.of(
      whose,
      never,
      async () => {
        asked.push(whose);
        return answers;
      },
      notBefore,
    );
  return { held, asked, of };
}

describe('what a launch’s last gathering brought', () => {
  it('answers for five minutes and no longer', async () => {
    const { of, asked } = holding();
    await of();
    vi.advanceTimersByTime(299_000);
    await of();
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    await of();
    expect(asked).toHaveLength(2);
  });

  it('answers for half a minute where a source was missing', async () => {
    const { of, asked } = holding([answer('gp'), answer('acute', { status: 'timeout' })]);
    await of();
    vi.advanceTimersByTime(30_000);
    await of();
    expect(asked).toHaveLength(2);
  });

  it.each<Partial<HeldFor>>([
    { launchId: 'l2' },
    { clientId: 'other' },
    { role: 'R8009' },
    { nhsNumber: '9990000026' },
    { practice: undefined },
  ])('answers nobody else: %j', async (change) => {
    expect(isSame(what, { ...what })).toBe(true);
    expect(isSame(what, { ...what, ...change })).toBe(false);
    const { of, asked } = holding();
    await of();
    await of({ ...what, ...change });
    expect(asked).toHaveLength(2);
  });

  it('does not answer where something newer was heard', async () => {
    const { of, asked } = holding();
    await of();
    await of(what, Date.now());
    expect(asked).toHaveLength(1);
    await of(what, Date.now() + 1);
    expect(asked).toHaveLength(2);
  });

  it('goes at once with its launch, and with its person', async () => {
    const { held, of, asked } = holding();
    await of();
    held.forget('another');
    held.forgetPerson('9990000026');
    await of();
    expect(asked).toHaveLength(1);
    held.forget('l1');
    await of();
    held.forgetPerson('9990000018');
    await of();
    expect(asked).toHaveLength(3);
  });

  it('is renewed by the whole record, where something is held', async () => {
    const { held, of } = holding();
    held.renew(what, [answer('newer')]);
    expect((await of()).answers[0]?.source.id).toBe('gp');
    held.renew(what, [answer('newer')]);
    expect((await of()).answers[0]?.source.id).toBe('newer');
  });

  it('stays within its bytes, at the cost of the oldest', async () => {
    const one = Buffer.byteLength(JSON.stringify([answer('gp').resources, []]));
    const { of, asked } = holding([answer('gp')], { ...limits, bytes: 2 * one });
    for (const launchId of ['a', 'b', 'c', 'b', 'c']) await of({ ...what, launchId });
    expect(asked.map(({ launchId }) => launchId)).toEqual(['a', 'b', 'c']);
    await of({ ...what, launchId: 'a' });
    expect(asked).toHaveLength(4);
    const small = holding([answer('gp')], { ...limits, bytes: one - 1 });
    await small.of();
    await small.of();
    expect(small.asked).toHaveLength(2);
  });
});

describe('what is held', () => {
  const record = { ...what };
  const documents = { ...what, documents: true } as const;

  it('is the record and its documents, apart, and both go with their launch', async () => {
    const { held, of, asked } = holding();
    await of(record);
    await of(documents);
    await of(record);
    await of(documents);
    expect(asked).toEqual([record, documents]);
    held.forget('l1');
    await of(documents);
    await of(record);
    expect(asked).toHaveLength(4);
    await of({ ...documents, launchId: 'l2' });
    await of(documents);
    expect(asked).toHaveLength(5);
  });

  it('counts once however often it is taken over', async () => {
    const size = Buffer.byteLength(JSON.stringify([answer('gp').resources, []]));
    const { held, of, asked } = holding([answer('gp')], { ...limits, bytes: 2 * size });
    for (let n = 0; n < 5; n += 1) {
      held.hold(what, [answer('gp')]);
      await vi.advanceTimersByTimeAsync(0);
    }
    await of({ ...what, launchId: 'b' });
    await of();
    expect(asked).toMatchObject([{ launchId: 'b' }]);
    expect(vi.getTimerCount()).toBe(2);
  });

  it('is not let go by who waited for what it took the place of', async () => {
    const { held, of, asked } = holding();
    const gone = new AbortController();
    const other = { ...what, role: 'R8009' };
    const waiting = held.of(other, gone.signal, () => new Promise(() => undefined));
    await of();
    gone.abort();
    await expect(waiting).rejects.toMatchObject({ detail: 'the client went away' });
    await of();
    expect(asked).toHaveLength(1);
  });

  it('leaves nobody listening once it has come', async () => {
    const { signal } = new AbortController();
    await createHeld(limits).of(what, signal, async () => []);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('can be taken over where nothing was held before', async () => {
    const { held, of, asked } = holding();
    held.hold(what, [answer('newer')]);
    await vi.advanceTimersByTimeAsync(0);
    expect((await of()).answers[0]?.source.id).toBe('newer');
    expect(asked).toEqual([]);
  });

  it('is not taken over where a newer gathering is under way, which others wait for', async () => {
    const held = createHeld(limits);
    let bring = (_answers: readonly SourceAnswer[]): void => undefined;
    let signal: AbortSignal | undefined;
    const waiting = held.of(what, never, (until) => {
      signal = until;
      return new Promise((done) => (bring = done));
    });
    held.hold(what, [answer('older')]);
    held.renew(what, [answer('older')]);
    expect(signal?.aborted).toBe(false);
    bring([answer('newer')]);
    expect((await waiting).answers[0]?.source.id).toBe('newer');
    expect((await held.of(what, never, async () => [])).answers[0]?.source.id).toBe('newer');
  });

  it('says when it was gathered', async () => {
    const { of } = holding();
    const at = Date.now();
    await of();
    vi.advanceTimersByTime(1000);
    expect(await of()).toMatchObject({ at });
  });

  it('keeps a place for what takes its place: nobody is told to wait for what was dropped', async () => {
    const { held, of, asked } = holding();
    await of();
    await of(what, Date.now() + 1);
    // The timer of the first has ended with it.
    expect(vi.getTimerCount()).toBe(1);
    held.forget('l1');
    expect(vi.getTimerCount()).toBe(0);
    expect(asked).toHaveLength(2);
  });

  it('by design for five minutes, half a minute in part, and in 32 MiB', async () => {
    const scan = (bytes: number): SourceAnswer =>
      answer('gp', {
        resources: [],
        documents: [{ id: 'd', holders: [], place: { kind: 'inline', bytes: Buffer.alloc(bytes) }, key: 'k' }],
      });
    /** How often its sources are asked in this time. */
    const asked = async (brought: SourceAnswer, ms: number): Promise<number> => {
      const held = createHeld();
      let times = 0;
      const gather = async () => {
        times += 1;
        return [brought];
      };
      await held.of(what, never, gather);
      vi.advanceTimersByTime(ms);
      await held.of(what, never, gather);
      return times;
    };
    expect(await asked(answer('gp'), 299_999)).toBe(1);
    expect(await asked(answer('gp'), 300_000)).toBe(2);
    expect(await asked(answer('gp', { status: 'partial' }), 29_999)).toBe(1);
    expect(await asked(answer('gp', { status: 'partial' }), 30_000)).toBe(2);
    expect(await asked(scan(33_554_000), 0)).toBe(1);
    expect(await asked(scan(33_554_433), 0)).toBe(2);
  });

  it('counts the contacts too, and what has gone no more', async () => {
    const contacts = [{ element: 'telecom', value: { value: '01632 960 001' } }] as const;
    const one = answer('gp', { contacts });
    const size = Buffer.byteLength(JSON.stringify([one.resources, one.contacts]));
    const exact = holding([one], { ...limits, bytes: size });
    for (const launchId of ['a', 'a', 'b', 'b', 'a', 'a']) await exact.of({ ...what, launchId });
    expect(exact.asked.map(({ launchId }) => launchId)).toEqual(['a', 'b', 'a']);
    const tight = holding([one], { ...limits, bytes: size - 1 });
    await tight.of();
    await tight.of();
    expect(tight.asked).toHaveLength(2);
    const two = holding([one], { ...limits, bytes: 2 * size });
    for (const launchId of ['a', 'b', 'c', 'd', 'e']) {
      await two.of({ ...what, launchId });
      two.held.forget(launchId);
    }
    for (const launchId of ['f', 'g', 'f', 'g']) await two.of({ ...what, launchId });
    expect(two.asked.map(({ launchId }) => launchId).slice(5)).toEqual(['f', 'g']);
  });

  it('never drops what somebody still waits for, to make room', async () => {
    const one = Buffer.byteLength(JSON.stringify([answer('gp').resources, []]));
    const held = createHeld({ ...limits, bytes: one });
    const bring: ((answers: readonly SourceAnswer[]) => void)[] = [];
    const slow = { ...what, launchId: 'slow' };
    const waiting = held.of(slow, never, () => new Promise((done) => bring.push(done)));
    for (const launchId of ['a', 'b']) await held.of({ ...what, launchId }, never, async () => [answer('gp')]);
    bring[0]?.([answer('hp')]);
    expect((await waiting).answers[0]?.source.id).toBe('hp');
    expect((await held.of(slow, never, async () => [])).answers[0]?.source.id).toBe('hp');
  });
});

describe('several who ask at once', () => {
  it.each<[string, (held: ReturnType<typeof createHeld>) => void]>([
    ['the launch', (held) => held.forget('l1')],
    ['the person', (held) => held.forgetPerson('9990000018')],
    ['one who asks with other rights', (held) => void held.of({ ...what, role: 'R8009' }, never, async () => [])],
  ])('are given up with %s, and what it brings after all is not held', async (_name, end) => {
    const held = createHeld(limits);
    let signal: AbortSignal | undefined;
    let bring = (_answers: readonly SourceAnswer[]): void => undefined;
    const waiting = held.of(what, never, (until) => {
      signal = until;
      return new Promise((done) => (bring = done));
    });
    end(held);
    expect(signal?.aborted).toBe(true);
    bring([answer('gp')]);
    await waiting;
    held.forget('l1');
    let isAsked = false;
    await held.of(what, never, async () => {
      isAsked = true;
      return [];
    });
    expect(isAsked).toBe(true);
  });

  it('are not begun for one who has gone already: they are told so, unless it is there', async () => {
    const { held, of, asked } = holding();
    const gone = AbortSignal.abort();
    let signal: AbortSignal | undefined;
    const gather = (until: AbortSignal): Promise<readonly SourceAnswer[]> => {
      signal = until;
      return new Promise(() => undefined);
    };
    await expect(held.of({ ...what, launchId: 'l2' }, gone, gather)).rejects.toMatchObject({
      code: 'exception',
      detail: 'the client went away',
    });
    expect(signal).toBeUndefined();
    await of();
    await expect(held.of(what, gone, gather)).resolves.toMatchObject({ answers: [{ source: { id: 'gp' } }] });
    expect(asked).toHaveLength(1);
  });

  it('may go one after another while it still comes', async () => {
    const held = createHeld(limits);
    let until: AbortSignal | undefined;
    let bring = (_answers: readonly SourceAnswer[]): void => undefined;
    const gather = (signal: AbortSignal): Promise<readonly SourceAnswer[]> => {
      until = signal;
      return new Promise((done) => (bring = done));
    };
    const one = new AbortController();
    const first = held.of(what, one.signal, gather);
    const second = held.of(what, never, gather);
    one.abort();
    await expect(first).rejects.toThrow('The request was given up.');
    bring([answer('gp')]);
    await second;
    expect(until?.aborted).toBe(false);
  });

  it('are answered by one gathering, and it ends when the last of them has gone', async () => {
    const held = createHeld(limits);
    let until: AbortSignal | undefined;
    const gather = async (signal: AbortSignal): Promise<readonly SourceAnswer[]> => {
      until = signal;
      return new Promise(() => undefined);
    };
    const [one, other] = [new AbortController(), new AbortController()];
    const both = [one, other].map(async ({ signal }) => held.of(what, signal, gather).catch(() => 'gone'));
    one.abort();
    expect(await both[0]).toBe('gone');
    expect(until?.aborted).toBe(false);
    other.abort();
    expect(await both[1]).toBe('gone');
    expect(until?.aborted).toBe(true);
  });

  it('hear the same fault, and the next one asks anew', async () => {
    const held = createHeld(limits);
    const fails = async (): Promise<readonly SourceAnswer[]> => Promise.reject(new Error('refused'));
    const both = await Promise.allSettled([held.of(what, never, fails), held.of(what, never, fails)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await held.of(what, never, async () => [answer('gp')])).answers).toHaveLength(1);
  });

  it('is dropped where the configuration was replaced, but for those who wait for it', async () => {
    const { held, of, asked } = holding();
    await of();
    let bring = (_answers: readonly SourceAnswer[]): void => undefined;
    const other = { ...what, launchId: 'l2' };
    let until: AbortSignal | undefined;
    const waiting = held.of(other, never, (signal) => {
      until = signal;
      return new Promise((done) => (bring = done));
    });
    held.close();
    expect(until?.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
    bring([answer('gp')]);
    expect((await waiting).answers).toHaveLength(1);
    held.renew(what, [answer('gp')]);
    await of();
    await of();
    expect(asked).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });
});
