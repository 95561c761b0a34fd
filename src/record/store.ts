import type { RegionView } from '../fhir/region.ts';
import { createReceiver } from './patch.ts';
import type { ClinicalRecord, GroupDetail } from './record.ts';
import { createSession, type FromRecord, type ToRecord } from './session.ts';

/** The page's hold on a record that is made elsewhere: fit for `useSyncExternalStore`. */
export type RecordStore = {
  readonly subscribe: (listener: () => void) => () => void;
  /** The latest record; undefined until the first snapshot came back. */
  readonly getSnapshot: () => ClinicalRecord | undefined;
  /** Bytes of the NDJSON stream as they come; they are handed over and must not be used again. */
  readonly push: (chunk: Uint8Array | string) => void;
  /** The stream is over. Another may follow (Try again): what it brings joins what is there. */
  readonly end: () => void;
  readonly detail: (id: string) => Promise<GroupDetail | undefined>;
  readonly close: () => void;
};

/** As much of a Worker as is needed. */
export type RecordPort = {
  readonly send: (message: ToRecord) => void;
  readonly listen: (listener: (message: FromRecord) => void) => void;
  readonly close: () => void;
};

/** The worker as a port; chunks are transferred, not copied. */
export function workerPort(worker: Worker): RecordPort {
  return {
    send: (message) => {
      const { buffer } = message.kind === 'chunk' && typeof message.chunk !== 'string' ? message.chunk : {};
      worker.postMessage(message, buffer instanceof ArrayBuffer ? [buffer] : []);
    },
    listen: (listener) => worker.addEventListener('message', (event: MessageEvent<FromRecord>) => listener(event.data)),
    close: () => worker.terminate(),
  };
}

/** The record made in the page itself: for tests, and where a worker cannot be had. */
export function localPort(): RecordPort {
  let listener: (message: FromRecord) => void = () => undefined;
  const session = createSession((message) => listener(message), {
    elapsed: () => performance.now(),
    wait: (work, ms) => void setTimeout(work, ms),
  });
  return { send: session, listen: (one) => void (listener = one), close: () => void (listener = () => undefined) };
}

/**
 * Starts a record for one person. `now` and the arrival times are ms since 1970.
 * @param clock what time it is when a chunk arrives
 */
export function createRecordStore(
  port: RecordPort,
  region: RegionView,
  now: number,
  clock: () => number = Date.now,
): RecordStore {
  const receiver = createReceiver();
  const listeners = new Set<() => void>();
  const asked = new Map<number, (detail: GroupDetail | undefined) => void>();
  let record: ClinicalRecord | undefined;
  let requests = 0;

  port.listen((message) => {
    if (message.kind === 'detail') {
      asked.get(message.request)?.(message.detail);
      asked.delete(message.request);
      return;
    }
    record = receiver.apply(message.patch);
    for (const one of listeners) one();
  });
  port.send({ kind: 'start', region, now });

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => record,
    push: (chunk) => port.send({ kind: 'chunk', chunk, at: clock() }),
    end: () => port.send({ kind: 'end', at: clock() }),
    detail: (id) =>
      new Promise((resolve) => {
        requests += 1;
        asked.set(requests, resolve);
        port.send({ kind: 'detail', id, request: requests });
      }),
    close: () => port.close(),
  };
}
