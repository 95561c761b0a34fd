import { Worker } from 'node:worker_threads';
import { plainDocumentText, type DocumentText } from './document-text.ts';
import { sniff } from './media-type.ts';

/** What the thread is given. */
export type TextTask = { readonly bytes: Uint8Array; readonly contentType: string | undefined };

/** Reads the words of documents. */
export type TextReader = {
  /**
   * The words of one document. `signal` gives it up.
   * @returns `beyond` where reading takes longer or more memory than is given to it
   * @throws the signal's reason
   */
  readonly read: (bytes: Uint8Array, contentType: string | undefined, signal: AbortSignal) => Promise<DocumentText>;
  readonly close: () => Promise<void>;
};

/** What is read here and now; anything larger, and every PDF, is read in a thread of its own. */
const atOnceBytes = 16 * 1024;
/** The most text that is looked through. */
const maxCharacters = 6 * 1024 * 1024;
const beyond: DocumentText = { kind: 'beyond', text: '' };

type Waiting = TextTask & {
  readonly signal: AbortSignal;
  readonly done: (text: DocumentText) => void;
  readonly failed: (error: unknown) => void;
};

/**
 * Makes a reader with a few threads, each begun when it is first needed and ended when nobody has needed it for a while. A
 * thread reads one document at a time; one that hangs, or grows beyond its memory, is ended and its document is `beyond`.
 */
export function createTextReader(
  limits: {
    readonly threads?: number;
    readonly documentMs?: number;
    readonly idleMs?: number;
    readonly heapMegabytes?: number;
  } = {},
): TextReader {
  const { threads = 2, documentMs = 4_000, idleMs = 600_000, heapMegabytes = 192 } = limits;
  const queue: Waiting[] = [];
  const idle: Worker[] = [];
  const timers = new Map<Worker, NodeJS.Timeout>();
  const all = new Set<Worker>();

  const end = async (worker: Worker): Promise<void> => {
    clearTimeout(timers.get(worker));
    timers.delete(worker);
    all.delete(worker);
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
    await worker.terminate();
  };

  const begin = (): Worker => {
    const worker = new Worker(new URL('./text-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 32 },
      env: {},
      execArgv: [],
      // What a library says of a document may quote it.
      stdout: true,
      stderr: true,
    });
    worker.stdout.resume();
    worker.stderr.resume();
    // One that breaks between two documents is replaced at the next.
    worker.on('error', () => void end(worker));
    worker.unref();
    all.add(worker);
    return worker;
  };

  const rest = (worker: Worker): void => {
    idle.push(worker);
    timers.set(worker, setTimeout(() => void end(worker), idleMs).unref());
  };

  const next = (): void => {
    for (;;) {
      const task = queue.at(0);
      if (task === undefined) return;
      if (idle.length === 0 && all.size >= threads) return;
      queue.shift();
      const worker = idle.pop() ?? begin();
      clearTimeout(timers.get(worker));
      run(worker, task);
    }
  };

  const run = (worker: Worker, task: Waiting): void => {
    worker.ref();
    let settled = false;
    const settle = (after: () => void, keep: boolean): void => {
      if (settled) return;
      settled = true;
      clearTimeout(clock);
      task.signal.removeEventListener('abort', giveUp);
      worker.off('message', came).off('error', lost).off('exit', lost);
      worker.unref();
      if (keep) rest(worker);
      else void end(worker);
      after();
      next();
    };
    const clock = setTimeout(() => settle(() => task.done(beyond), false), documentMs);
    const giveUp = (): void => settle(() => task.failed(task.signal.reason), false);
    task.signal.addEventListener('abort', giveUp, { once: true });
    const came = (text: DocumentText): void => settle(() => task.done(text), true);
    const lost = (): void => settle(() => task.done(beyond), false);
    worker.on('message', came).on('error', lost).on('exit', lost);
    worker.postMessage({ bytes: task.bytes, contentType: task.contentType } satisfies TextTask, []);
  };

  return {
    read: async (bytes, contentType, signal) => {
      signal.throwIfAborted();
      const plain =
        bytes.byteLength <= atOnceBytes && sniff(Buffer.from(bytes)) !== 'application/pdf'
          ? plainDocumentText(bytes, contentType)
          : undefined;
      const read =
        plain ??
        (await new Promise<DocumentText>((done, failed) => {
          const task: Waiting = { bytes, contentType, signal, done, failed };
          const leave = (): void => {
            const at = queue.indexOf(task);
            if (at < 0) return;
            queue.splice(at, 1);
            failed(signal.reason);
          };
          signal.addEventListener('abort', leave, { once: true });
          queue.push(task);
          next();
        }));
      return read.text.length <= maxCharacters ? read : { kind: 'beyond', text: read.text.slice(0, maxCharacters) };
    },
    close: async () => {
      for (const task of queue.splice(0)) task.failed(new Error('closed'));
      await Promise.all([...all].map(end));
    },
  };
}
