import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LaunchFailure } from '../launch/failure.ts';
import { guardRecord } from './guard.ts';
import type { Ending } from './model/connection.ts';
import type { RecordSource } from './record-source.ts';

const minute = 60_000;

/** A source that is closed as it is told, and everything around it. */
function guarded(fetch: () => Promise<Response> = async () => new Response()) {
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
  const asked = vi.fn<(path: string) => Promise<Response>>(fetch);
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
    host,
    hostOrigins: ['https://epr.example'],
    idleLockMinutes: 15,
    ownPath: 'Practitioner/u',
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

  it('is closed within a minute of a sign-out elsewhere', async () => {
    const { why, asked } = guarded(() => Promise.reject(new LaunchFailure('session-ended', '401')));
    await vi.advanceTimersByTimeAsync(minute);
    expect(asked).toHaveBeenCalledWith('Practitioner/u');
    expect(why()).toBe('session-ended');
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
    expect(asked).not.toHaveBeenCalled();
    expect(host.stop).toHaveBeenCalledTimes(1);
    expect(listeners.size).toBe(0);
  });
});
