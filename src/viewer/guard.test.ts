import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { errorOutcome } from '../fhir/outcome.ts';
import { LaunchFailure } from '../launch/failure.ts';
import { guardRecord } from './guard.ts';
import type { Ending } from './model/connection.ts';
import type { RecordSource } from './record-source.ts';

const minute = 60_000;

/** A stream of events that stays open, until something is done to it. */
function stream(first = 'event: standing\ndata: {}\n\n') {
  let say = (_text: string): void => undefined;
  let end = (): void => undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      say = (text) => controller.enqueue(new TextEncoder().encode(text));
      end = () => controller.close();
      if (first !== '') say(first);
    },
  });
  return { response: new Response(body), say: (text: string) => say(text), end: () => end() };
}

/** A source that is closed as it is told, and everything around it. */
function guarded(fetch: (path: string, init?: RequestInit) => Promise<Response> = async () => stream().response) {
  let why: Ending | undefined;
  const listeners = new Set<() => void>();
  const source: RecordSource = {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => ({ kind: 'opening' }),
    askAgain: () => undefined,
    detail: async () => undefined,
    search: async () => undefined,
    ended: () => why !== undefined,
    end: (told) => {
      why ??= told;
      for (const listener of listeners) listener();
    },
  };
  const asked = vi.fn<(path: string, init?: RequestInit) => Promise<Response>>(fetch);
  let changed: (() => void) | undefined;
  const host = {
    heed: (_origins: readonly string[], then: () => void) => {
      changed = then;
    },
    stop: vi.fn<() => void>(),
  };
  guardRecord({
    source,
    session: { fetch: asked },
    patientId: 'p',
    host,
    hostOrigins: ['https://epr.example'],
    idleLockMinutes: 15,
  });
  return { source, asked, host, why: () => why, patientChanged: () => changed?.(), listeners };
}

describe('a record that is guarded', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is locked when nobody uses it', async () => {
    const { why } = guarded();
    await vi.advanceTimersByTimeAsync(15 * minute + 10_000);
    expect(why()).toBe('locked');
  });

  it('is closed when the host opens another person', () => {
    const { why, patientChanged } = guarded();
    patientChanged();
    expect(why()).toBe('patient-changed');
  });

  it('is closed when the page is left, so that going back brings up nobody', () => {
    const { why } = guarded();
    window.dispatchEvent(new Event('pagehide'));
    expect(why()).toBe('session-ended');
  });

  it('is closed when the person objects, as soon as the server says so', async () => {
    const events = stream();
    const { why, asked } = guarded(async () => events.response);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveBeenCalledWith('Patient/p/$standing', expect.anything());
    expect(why()).toBeUndefined();
    // In two pieces, as a network may cut it.
    events.say('event: refu');
    events.say('sed\ndata: {}\n\n');
    await vi.advanceTimersByTimeAsync(0);
    expect(why()).toBe('refused');
  });

  it('is closed when it is refused as it is asked', async () => {
    const refusal = JSON.stringify(errorOutcome('forbidden', 'record-refused', ''));
    const { why } = guarded(async () => new Response(refusal, { status: 403 }));
    await vi.advanceTimersByTimeAsync(0);
    expect(why()).toBe('refused');
  });

  it('stays open where the app may not ask, or it cannot be decided', async () => {
    for (const [status, code] of [
      [403, 'not-permitted'],
      [503, 'undecided'],
    ] as const) {
      const answer = JSON.stringify(errorOutcome('forbidden', code, ''));
      const { why } = guarded(async () => new Response(answer, { status }));
      await vi.advanceTimersByTimeAsync(minute);
      expect(why()).toBeUndefined();
    }
  });

  it('is followed from one stream to the next, and closed after a sign-out elsewhere', async () => {
    const first = stream();
    const answers = [first.response];
    const { why, asked } = guarded(async () => {
      const answer = answers.shift();
      if (answer === undefined) throw new LaunchFailure('session-ended', '401');
      return answer;
    });
    await vi.advanceTimersByTimeAsync(minute);
    expect(asked).toHaveBeenCalledTimes(1);
    first.end();
    await vi.advanceTimersByTimeAsync(10);
    expect(asked).toHaveBeenCalledTimes(2);
    expect(why()).toBe('session-ended');
  });

  it('is asked about every few seconds where a proxy holds the stream back, or cuts it', async () => {
    const held = guarded(async (_path, init) => {
      const { response } = stream('');
      // What fetch does with an answer that is under way.
      const reader = new Promise<Response>((done, fail) => {
        init?.signal?.addEventListener('abort', () => fail(new DOMException('aborted', 'AbortError')));
        if (init?.signal === undefined) done(response);
      });
      return reader;
    });
    await vi.advanceTimersByTimeAsync(minute);
    expect(held.asked).toHaveBeenCalledTimes(7);
    held.source.end('closed');
    const short = guarded(async () => {
      const { response, end } = stream();
      end();
      return response;
    });
    await vi.advanceTimersByTimeAsync(minute);
    expect(short.asked).toHaveBeenCalledTimes(13);
  });

  it('that nobody sees keeps no connection, and is asked about before it is seen again', async () => {
    const seen = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
    const signals: (AbortSignal | null | undefined)[] = [];
    const { asked } = guarded(async (_path, init) => {
      signals.push(init?.signal);
      return stream().response;
    });
    await vi.advanceTimersByTimeAsync(0);
    seen.mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(0);
    expect(signals.map((one) => one?.aborted)).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked).toHaveBeenCalledTimes(3);
    seen.mockReturnValue('visible');
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(0);
    expect(signals.map((one) => one?.aborted)).toEqual([true, true, true, false]);
    seen.mockRestore();
  });

  it('stays open while the network is away', async () => {
    const { why } = guarded(() => Promise.reject(new TypeError('network')));
    await vi.advanceTimersByTimeAsync(3 * minute);
    expect(why()).toBeUndefined();
  });

  it('is left alone once it is closed', async () => {
    const { source, asked, host, listeners } = guarded();
    source.end('closed');
    await vi.advanceTimersByTimeAsync(30 * minute);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(asked.mock.calls[0]?.[1]?.signal?.aborted).toBe(true);
    expect(host.stop).toHaveBeenCalledTimes(1);
    expect(listeners.size).toBe(0);
  });
});
