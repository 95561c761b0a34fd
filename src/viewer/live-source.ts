import type { RegionView } from '../fhir/region.ts';
import { streamRecord, type StreamEnd } from '../launch/record-stream.ts';
import type { Session } from '../launch/session.ts';
import { createReceiver } from '../record/patch.ts';
import type { GroupDetail, SearchAnswer } from '../record/record.ts';
import type { Connection, Ending } from './model/connection.ts';
import type { RecordSource, RecordState } from './record-source.ts';
import type { FromWorker, ToWorker } from './record-messages.ts';

function connectionOf(end: StreamEnd | undefined): Connection {
  if (end?.kind === 'cut') return { kind: 'cut', at: end.at };
  return { kind: end?.kind === 'unreachable' ? 'unreachable' : 'closed' };
}

/**
 * The record of a launch: its lines go from the server's stream to the worker, which answers with snapshots. Nothing is
 * parsed or grouped in the page's own thread.
 * @param since when the user last looked, ms since 1970: what came or changed from then on is marked
 */
export function liveSource(
  session: Session,
  patientId: string,
  region: RegionView,
  since: Promise<number | undefined> = Promise.resolve(undefined),
): RecordSource {
  const worker = new Worker(new URL('./record-worker.ts', import.meta.url), { type: 'module', name: 'record' });
  const send = (message: ToWorker): void => worker.postMessage(message, []);
  let receiver = createReceiver();
  let forgotten = 0;
  const listeners = new Set<() => void>();
  const details = new Map<number, (found: GroupDetail | undefined) => void>();
  const searches = new Map<number, (found: SearchAnswer | undefined) => void>();
  let state: RecordState = { kind: 'opening' };
  let closed: StreamEnd | undefined;
  let run = 0;
  let abort = new AbortController();
  let question = 0;
  let ended = false;

  const tell = (next: RecordState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const shown = (): Extract<RecordState, { kind: 'shown' }> | undefined => (state.kind === 'shown' ? state : undefined);
  const asking = (): Connection | undefined => {
    const connection = shown()?.connection;
    return connection?.kind === 'open' ? connection : undefined;
  };

  worker.addEventListener('message', (event: MessageEvent<FromWorker>) => {
    const message = event.data;
    if (ended) return;
    if (message.kind === 'detail') {
      details.get(message.question)?.(message.detail);
      details.delete(message.question);
      return;
    }
    if (message.kind === 'found') {
      searches.get(message.question)?.(message.answer);
      searches.delete(message.question);
      return;
    }
    // It was under way when the record turned out not to be shown: the worker has forgotten it since.
    if (message.forgotten !== forgotten) return;
    if (message.kind === 'groups') {
      receiver.take(message.portion);
      return;
    }
    // Until the worker has read the last line, nobody is said not to have answered.
    const connection = message.ended === run ? connectionOf(closed) : (asking() ?? { kind: 'open' });
    tell({ kind: 'shown', record: receiver.apply(message.patch), connection, askedAt: message.askedAt });
  });

  function end(why: Ending): void {
    if (ended) return;
    ended = true;
    run += 1;
    abort.abort();
    worker.terminate();
    receiver = createReceiver();
    for (const answer of [...details.values(), ...searches.values()]) answer(undefined);
    details.clear();
    searches.clear();
    session.end();
    tell({ kind: why });
  }

  async function ask(sources?: readonly string[]): Promise<void> {
    if (ended) return;
    run += 1;
    const mine = run;
    abort.abort();
    abort = new AbortController();
    closed = undefined;
    const now = Date.now();
    const standing = shown();
    if (standing !== undefined) {
      const again = sources ?? standing.record.sources.map((one) => one.source.id);
      tell({ ...standing, connection: { kind: 'open', again } });
    }
    send({ kind: 'begin', region, now, ...(sources === undefined ? {} : { sources }) });
    const closing = await streamRecord(session, patientId, {
      signal: abort.signal,
      ...(sources === undefined ? {} : { sources }),
      onLines: (lines) => send({ kind: 'lines', lines, at: Date.now() }),
    });
    if (mine !== run) return;
    closed = closing;
    if (closing.kind === 'session-ended' || closing.kind === 'refused') {
      end(closing.kind);
      return;
    }
    if (closing.kind === 'undecided') {
      // What came before is not kept either: the worker forgets it.
      send({ kind: 'forget' });
      receiver = createReceiver();
      forgotten += 1;
      tell({ kind: closing.kind });
      return;
    }
    send({ kind: 'end', run: mine });
  }

  void ask();
  const mark = async (): Promise<void> => {
    const at = await since;
    if (at !== undefined && !ended) send({ kind: 'since', at });
  };
  void mark();

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    askAgain: (sources) => void ask(sources),
    end,
    ended: () => ended,
    detail: (id) =>
      new Promise((resolve) => {
        if (ended) {
          resolve(undefined);
          return;
        }
        question += 1;
        details.set(question, resolve);
        send({ kind: 'detail', question, id });
      }),
    search: (query) =>
      new Promise((resolve) => {
        if (ended) {
          resolve(undefined);
          return;
        }
        question += 1;
        searches.set(question, resolve);
        send({ kind: 'search', question, query });
      }),
  };
}
