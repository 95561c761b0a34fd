import { setTimeout as wait } from 'node:timers/promises';
import type { SourceError } from './source-error.ts';

/** The statuses that say of themselves that they pass. */
const passing: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * How long a status asks to be left alone, in milliseconds (RFC 9110, 10.2.3); undefined where asking again is of no use:
 * an error that would be the same again.
 */
export function passesInMs(status: number, retryAfter: string | undefined, now: number): number | undefined {
  if (!passing.has(status) && status !== 429) return undefined;
  if (retryAfter !== undefined && /^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const at = retryAfter === undefined ? NaN : Date.parse(retryAfter);
  if (!Number.isNaN(at)) return Math.max(0, at - now);
  // Services that count mostly count by the second: the next one is another.
  return status === 429 ? 1_000 : 0;
}

/**
 * Waits before the one retry of a request, with jitter so that many who failed together do not come back together.
 * @returns false, at once, where the fault does not pass, or not within `leftMs`
 */
export async function retries(fault: SourceError, leftMs: number, signal: AbortSignal): Promise<boolean> {
  if (fault.passesInMs === undefined) return false;
  const pauseMs = fault.passesInMs + 20 + Math.random() * 80;
  if (pauseMs >= leftMs) return false;
  try {
    await wait(pauseMs, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
