import { codeOf } from '../fhir/coding.ts';
import { object, objects } from '../fhir/json.ts';
import { LaunchFailure } from './failure.ts';
import { textsOf } from './record-stream.ts';
import type { Session } from './session.ts';

/** What came of following whether a record may still be shown. */
export type Standing =
  /** It may not, from now on. */
  | 'refused'
  | 'session-ended'
  /** It stood until the server ended the stream, as it does each minute, or until we went: to be asked anew at once. */
  | 'stood'
  /** Nothing was heard: the network, a proxy that holds the stream back, or a register that cannot be asked. */
  | 'unheard';

/** So soon the first event is there, unless something on the way holds the stream back. */
const firstWithinMs = 5_000;

async function isRefusal(response: Response): Promise<boolean> {
  const body: unknown = await response.json();
  return codeOf(object(objects(object(body)?.['issue'])[0]?.['details'])) === 'record-refused';
}

/**
 * Follows `$standing`, the server's word on whether the record of a launch may still be shown: server-sent events, read
 * from a request that carries the token in its header, as an EventSource cannot.
 * @param stays false where the first word is enough
 */
export async function followStanding(
  session: Pick<Session, 'fetch'>,
  patientId: string,
  { signal, stays }: { readonly signal: AbortSignal; readonly stays: boolean },
): Promise<Standing> {
  const unheard = new AbortController();
  const timer = setTimeout(() => unheard.abort(), firstWithinMs);
  const leave = (): void => unheard.abort();
  signal.addEventListener('abort', leave, { once: true });
  let stood = false;
  try {
    const response = await session.fetch(`Patient/${encodeURIComponent(patientId)}/$standing`, {
      headers: { accept: 'text/event-stream' },
      signal: unheard.signal,
    });
    if (!response.ok || response.body === null)
      return response.status === 403 && (await isRefusal(response)) ? 'refused' : 'unheard';
    let read = '';
    for await (const piece of textsOf(response.body)) {
      const events = (read + piece).split('\n\n');
      read = events.pop() ?? '';
      if (events.some((event) => /^event: refused$/m.test(event))) return 'refused';
      if (!events.some((event) => /^event: standing$/m.test(event))) continue;
      stood = true;
      clearTimeout(timer);
      if (!stays) return 'stood';
    }
    return stood ? 'stood' : 'unheard';
  } catch (error) {
    if (error instanceof LaunchFailure && error.code === 'session-ended') return 'session-ended';
    return stood ? 'stood' : 'unheard';
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
    unheard.abort();
  }
}
