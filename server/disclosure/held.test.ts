import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SourceAnswer } from '../federation/answer.ts';
import { createHeld, type HeldFor } from './held.ts';
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

describe('several who ask at once', () => {
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
    const waiting = held.of(other, never, () => new Promise((done) => (bring = done)));
    held.close();
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
