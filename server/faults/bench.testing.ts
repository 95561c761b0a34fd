import { setTimeout as wait } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { codingsOf } from '../../src/fhir/coding.ts';
import { object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { budgetSchema, regionSchema, sourceSchema, type Source } from '../config/schema.ts';
import { house } from '../disclosure/house.testing.ts';
import { openFacade } from '../facade/facade.testing.ts';
import { createFederation } from '../federation/federation.ts';
import { noCredentials } from '../federation/stand-in.ts';
import { createLog } from '../log.ts';
import type { FaultId } from './fault.ts';
import {
  testPerson,
  type SourceKind,
  type SourcesQuestion,
  type SourcesReady,
  type SourcesState,
} from './source.testing.ts';

/** The thread that the sources run in. */
export type Sources = SourcesReady & {
  readonly state: (run: string) => Promise<SourcesState>;
  readonly close: () => Promise<void>;
};

export async function startSources(): Promise<Sources> {
  const worker = new Worker(new URL('source.testing.ts', import.meta.url));
  const waiting = new Map<string, (state: SourcesState) => void>();
  const ready = await new Promise<SourcesReady>((done, fail) => {
    worker.once('error', fail);
    worker.once('message', done);
  });
  worker.on('message', (state: SourcesState) => waiting.get(state.run)?.(state));
  return {
    ...ready,
    state: (run) =>
      new Promise((done) => {
        waiting.set(run, done);
        const question: SourcesQuestion = { run };
        // A thread is no window: it has no origin.
        // oxlint-disable-next-line unicorn/require-post-message-target-origin
        worker.postMessage(question);
      }),
    close: async () => void (await worker.terminate()),
  };
}

/** The sources of the region under test, and the kind that each is of. */
export const kinds = {
  acute: 'everything',
  council: 'search',
  gp: 'practice',
  other: 'everything',
} as const satisfies {
  readonly [id: string]: SourceKind;
};
export type SourceId = keyof typeof kinds;
export const sourceIds = Object.keys(kinds) as SourceId[];

/** How one source came out: its lines, byte for byte, and how it ended. */
export type Came = {
  readonly lines: readonly string[];
  readonly status: string;
  readonly text: string;
  readonly place: number;
};
export type Answer = {
  readonly status: number;
  readonly body: string;
  readonly came: ReadonlyMap<string, Came>;
  readonly record: string;
};

/** What a run of the bench is of: a fault at one source, or a source at an address of its own. */
export type Setting = {
  readonly fault?: FaultId;
  readonly at?: SourceId | 'pds';
  /** Where the faulty source is asked; absent: where the fault is served. */
  readonly baseUrl?: string;
  readonly deadlineMs?: number;
  readonly budget?: Partial<Source['budget']>;
};

let runs = 0;

/** A region on loopback, its server over real HTTP, and one source of it with a fault. */
export async function openRegion(sources: Sources, setting: Setting) {
  runs += 1;
  const number = runs;
  const runOf = (id: string): string => `run${number}-${id}`;
  const { fault, at } = setting;
  const urlOf = (id: string, kind: SourceKind): string =>
    at === id && setting.baseUrl !== undefined
      ? setting.baseUrl
      : `http://127.0.0.1:${sources.port}/${runOf(id)}/${at === id ? (fault ?? 'none') : 'none'}/${kind}/fhir`;
  const sourceOf = (id: string, kind: SourceKind): Source =>
    sourceSchema.parse({
      id,
      name: `Source ${id}`,
      ods: 'RJE',
      label: id.toUpperCase(),
      kind: kind === 'practice' ? 'gp-connect' : kind === 'pds' ? 'pds' : 'fhir-r4',
      setting: kind === 'practice' ? 'gp' : 'acute',
      baseUrl: urlOf(id, kind),
      deadlineMs: at === id ? (setting.deadlineMs ?? 20_000) : 20_000,
      budget: budgetSchema.parse({ bytes: 16 * 1024 * 1024, entries: 1_000, pages: 5, ...setting.budget }),
      ...(kind === 'practice'
        ? {
            auth: { type: 'gp-connect-jwt' },
            practices: { [testPerson.practice]: { name: 'Practice', baseUrl: urlOf(id, kind) } },
          }
        : {}),
    });
  const configured = [...sourceIds.map((id) => sourceOf(id, kinds[id])), sourceOf('pds', 'pds')];
  const region = regionSchema.parse({
    name: 'Test',
    contacts: { pals: '0', email: 'a@b.example', reverseEmail: 'a@b.example' },
    gatherDeadlineMs: 30_000,
  });
  const federation = createFederation({
    config: { sources: configured, region, mappings: new Map() },
    isExcluded: () => false,
    viewerClientId: 'viewer',
    idKey: Buffer.alloc(32, 7),
    baseUrl: 'http://localhost:3000',
    credentials: noCredentials,
    log: createLog('silent'),
  });
  // The practice said yes a moment ago, so that the others need not wait for it.
  const last = { answer: 'yes', practice: testPerson.practice, answeredAt: new Date() } as const;
  const made = house({ last });
  const facade = await openFacade({ ...made, config: { ...made.config, region, sources: configured }, federation });
  const path = 'Patient/p/$everything';
  const headers = { accept: 'application/fhir+ndjson' };
  return {
    ask: async (): Promise<Answer> => {
      const { status, text: body } = await facade.ask(path, { headers });
      return { status, body, ...readLines(body) };
    },
    /** Asks, and goes away as soon as the first line is here. */
    leave: async (): Promise<void> => {
      const gone = new AbortController();
      const { body } = await fetch(`${facade.base}/${path}`, {
        headers: { ...headers, authorization: 'Bearer good' },
        signal: gone.signal,
      });
      await body?.getReader().read();
      gone.abort();
    },
    state: () => sources.state(runOf(at ?? 'acute')),
    close: async (): Promise<void> => {
      await facade.close();
      await federation.close();
    },
  };
}

export type Region = Awaited<ReturnType<typeof openRegion>>;

function readLines(body: string): Pick<Answer, 'came' | 'record'> {
  const lines = new Map<string, string[]>();
  const came = new Map<string, Came>();
  let record = '';
  for (const [place, line] of body.split('\n').entries()) {
    if (!line.startsWith('{"resourceType"')) continue;
    const resource = object(JSON.parse(line)) ?? {};
    const id = text(resource['id']) ?? '';
    if (resource['resourceType'] === 'OperationOutcome') {
      const { code = '', said } = endingOf(resource);
      const source = id.replace(/^source-/, '');
      if (id === 'record') record = code;
      else came.set(source, { lines: lines.get(source) ?? [], status: code, text: said, place });
    } else {
      const source = text(object(resource['meta'])?.['source'])?.split(/[/:]/).at(-1) ?? '';
      lines.set(source, [...(lines.get(source) ?? []), line]);
    }
  }
  return { came, record };
}

function endingOf(outcome: JsonObject): { readonly code: string | undefined; readonly said: string } {
  const details = objects(outcome['issue']).map((issue) => object(issue['details']));
  return {
    code: details.flatMap((one) => codingsOf(one)).find((coding) => coding.code !== undefined)?.code,
    said: text(details.at(0)?.['text']) ?? '',
  };
}

/** What a stretch of work cost: the longest time that the event loop was held, and the most memory above its beginning. */
export type Cost = { readonly longestTurnMs: number; readonly peakBytes: number };

/**
 * Measures while `work` runs. How long a turn of the event loop held it is counted in this thread's own processor time, so
 * that a busy machine changes nothing.
 */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const memory = (): number => {
    const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
    return heap + external;
  };
  globalThis.gc?.();
  const before = memory();
  let [peakBytes, longest, running] = [0, 0, true];
  let last = process.threadCpuUsage();
  const tick = (): void => {
    const used = process.threadCpuUsage(last);
    longest = Math.max(longest, used.user + used.system);
    peakBytes = Math.max(peakBytes, memory() - before);
    last = process.threadCpuUsage();
    if (running) setImmediate(tick);
  };
  setImmediate(tick);
  await work();
  running = false;
  await wait(1);
  return { longestTurnMs: longest / 1000, peakBytes };
}
