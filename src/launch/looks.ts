import { lookLimits, type Look, type LookKind, type SectionId } from '../fhir/look.ts';
import { isObject, text } from '../fhir/json.ts';
import { LaunchFailure } from './failure.ts';
import type { Session } from './session.ts';

/** Reports what the user looks at, so that the person can be told. It holds nobody up. */
export type Looks = {
  /** @param items `Type/id` of the records, by the facade's ids */
  readonly look: (kind: LookKind, sections: readonly SectionId[], items?: readonly string[]) => void;
  /** The page or the session ends: what is not yet on its way is sent now. */
  readonly leave: () => void;
};

/** What browsers send of a page that is gone is 64 kB in all. */
const mostBytes = 30_000;
const againMs = 10_000;

const pathOf = (patientId: string): string => `Patient/${encodeURIComponent(patientId)}/$looked`;

function request(looks: readonly Look[]): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ looks }),
    keepalive: true,
  };
}

/** The first looks of a queue that go into one report. */
function batchOf(queue: readonly Look[]): readonly Look[] {
  let bytes = 0;
  const end = queue.findIndex((look, at) => {
    bytes += JSON.stringify(look).length;
    return at > 0 && (at >= lookLimits.looks || bytes > mostBytes);
  });
  return queue.slice(0, end < 0 ? queue.length : end);
}

/**
 * Looks go out at once; those that come while a report is under way go together in the next. One that could not be taken
 * is sent again.
 */
export function reportLooks(
  session: Pick<Session, 'fetch' | 'leave'>,
  patientId: string,
  clock: () => number = Date.now,
): Looks {
  const path = pathOf(patientId);
  const queue: Look[] = [];
  let sending = 0;
  let left = false;

  async function send(): Promise<void> {
    if (sending > 0 || left || queue.length === 0) return;
    const batch = batchOf(queue);
    sending = batch.length;
    let taken = false;
    try {
      const { ok, status } = await session.fetch(path, request(batch));
      // What can never be taken is not sent for ever; too many at once, or a server in trouble, may take it later.
      taken = ok || (status >= 400 && status < 500 && status !== 429);
    } catch (error) {
      taken = error instanceof LaunchFailure;
    }
    sending = 0;
    if (taken) {
      queue.splice(0, batch.length);
      void send();
    } else if (!left) setTimeout(() => void send(), againMs);
  }

  return {
    look: (kind, sections, items = []) => {
      if (left) return;
      const at = new Date(clock()).toISOString();
      for (let from = 0; from === 0 || from < items.length; from += lookLimits.items)
        queue.push({ kind, sections, items: items.slice(from, from + lookLimits.items), at });
      void send();
    },
    leave: () => {
      if (left) return;
      left = true;
      let rest: readonly Look[] = queue.slice(sending);
      while (rest.length > 0) {
        const batch = batchOf(rest);
        session.leave(path, request(batch));
        rest = rest.slice(batch.length);
      }
    },
  };
}

/**
 * When the user last looked at this person, ms since 1970; undefined where they have not, or where it cannot be said: then
 * nothing is marked as new.
 */
export async function lastLooked(session: Pick<Session, 'fetch'>, patientId: string): Promise<number | undefined> {
  try {
    const response = await session.fetch(pathOf(patientId));
    const answer: unknown = response.ok ? await response.json() : undefined;
    const at = Date.parse(text(isObject(answer) ? answer['lastLooked'] : undefined) ?? '');
    return Number.isNaN(at) ? undefined : at;
  } catch {
    return undefined;
  }
}
