import { afterEach, describe, expect, test, vi } from 'vitest';
import { SourceError } from '../source-error.ts';
import { createKept } from './kept.ts';

afterEach(() => vi.useRealTimers());
const signal = new AbortController().signal;

/** Gives 1, 2, 3 … , each when it is let go. */
function counting(keepMs = 1_000) {
  const waiting: (() => void)[] = [];
  let asked = 0;
  const kept = createKept<number>(async () => {
    asked += 1;
    const value = asked;
    await new Promise<void>((done) => waiting.push(done));
    return { value, keepMs };
  }, 60_000);
  return { kept, asked: () => asked, letGo: () => waiting.splice(0).forEach((done) => done()) };
}

describe('what is kept', () => {
  test('is asked for once for all who want it at once, and then not again till its time is over', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { kept, asked, letGo } = counting();
    const all = [kept.get(signal), kept.get(signal), kept.get(signal)];
    letGo();
    expect(await Promise.all(all)).toEqual([1, 1, 1]);
    expect(await kept.get(signal)).toBe(1);
    expect(asked()).toBe(1);
    vi.setSystemTime(Date.now() + 1_000);
    const next = kept.get(signal);
    letGo();
    expect(await next).toBe(2);
  });

  test('is asked for anew once where it is refused, however many were refused with it', async () => {
    const { kept, asked, letGo } = counting();
    const first = kept.get(signal);
    letGo();
    expect(await first).toBe(1);
    const refused = [kept.get(signal, 1), kept.get(signal, 1)];
    letGo();
    expect(await Promise.all(refused)).toEqual([2, 2]);
    expect(await kept.get(signal, 1)).toBe(2);
    expect(asked()).toBe(2);
  });

  test('who goes away is told at once and takes nothing from the others', async () => {
    const { kept, asked, letGo } = counting();
    const leaving = new AbortController();
    const gone = kept.get(leaving.signal);
    const staying = kept.get(signal);
    leaving.abort();
    await expect(gone).rejects.toMatchObject({ kind: 'aborted' });
    letGo();
    expect([await staying, asked()]).toEqual([1, 1]);
  });

  test('who has no more time is told so, and the next finds what came later', async () => {
    const { kept, asked, letGo } = counting();
    await expect(kept.get(AbortSignal.timeout(5))).rejects.toMatchObject({ kind: 'timeout' });
    letGo();
    expect([await kept.get(signal), asked()]).toEqual([1, 1]);
  });

  test('a failure is not kept; that we are refused is, for five seconds', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const answers = [
      new SourceError('connection', 'reset'),
      new SourceError('credentials', 'refused'),
      'value',
    ] as const;
    let asked = 0;
    const kept = createKept<string>(async () => {
      const answer = answers[asked];
      asked += 1;
      if (typeof answer !== 'string') throw answer;
      return { value: answer, keepMs: 1_000 };
    }, 1_000);
    await expect(kept.get(signal)).rejects.toThrow('reset');
    await expect(kept.get(signal)).rejects.toThrow('refused');
    await expect(kept.get(signal)).rejects.toThrow('refused');
    expect(asked).toBe(2);
    vi.setSystemTime(Date.now() + 5_000);
    expect(await kept.get(signal)).toBe('value');
  });
});
