import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { errorOutcome, outcome } from '../fhir/outcome.ts';
import { ohc } from '../fhir/systems.ts';
import { LaunchFailure } from '../launch/failure.ts';
import type { Session } from '../launch/session.ts';
import { createRecord } from '../record/builder.ts';
import { createSender } from '../record/patch.ts';
import { fixtureRegion as region } from './fixtures/region.ts';
import { liveSource } from './live-source.ts';
import type { FromWorker, ToWorker } from './record-messages.ts';

/** A worker that says what the test wants, when the test wants it. */
class StillWorker extends EventTarget {
  static last: StillWorker | undefined;
  readonly told: ToWorker[] = [];

  constructor() {
    super();
    StillWorker.last = this;
  }

  terminated = false;

  postMessage(message: ToWorker): void {
    this.told.push(message);
  }

  terminate(): void {
    this.terminated = true;
  }

  say(message: FromWorker): void {
    this.dispatchEvent(new MessageEvent('message', { data: message }));
  }
}

beforeEach(() => vi.stubGlobal('Worker', StillWorker));
afterEach(() => vi.unstubAllGlobals());

const closing = JSON.stringify(
  outcome({
    id: 'record',
    severity: 'information',
    issue: 'informational',
    system: ohc.sourceStatus,
    code: 'complete',
    text: '',
  }),
);

function open(answer: () => Response) {
  const end = vi.fn<() => void>();
  const paths: string[] = [];
  const signals: (AbortSignal | null | undefined)[] = [];
  const session: Session = {
    base: 'https://record.example/fhir',
    fetch: async (path, init) => {
      paths.push(path);
      signals.push(init?.signal);
      return answer();
    },
    leave: () => undefined,
    end,
  };
  const source = liveSource(session, 'p', region);
  const worker = StillWorker.last;
  if (worker === undefined) throw new Error('no worker was started');
  /** As the worker says it when it has read all that it was told: also the end of an asking. */
  const record = (forgotten: number, ended = worker.told.findLast((one) => one.kind === 'end')?.run): FromWorker => ({
    kind: 'record',
    forgotten,
    ended,
    patch: createSender().send(createRecord(region, 0).snapshot()).patch,
    askedAt: 5,
  });
  return { source, worker, record, end, signals, paths };
}

const toldOf = (worker: StillWorker, kind: ToWorker['kind']): number =>
  worker.told.filter((one) => one.kind === kind).length;

it('shows a record that is grouped only after its stream has ended', async () => {
  const { source, worker, record } = open(() => new Response(`${closing}\n`));
  await vi.waitUntil(() => toldOf(worker, 'end') === 1);
  expect(source.state().kind).toBe('opening');
  worker.say(record(0));
  expect(source.state()).toMatchObject({ kind: 'shown', connection: { kind: 'closed' } });
});

it('says nobody is still awaited only once the last line has been read', async () => {
  const { source, worker, record } = open(() => new Response(`${closing}\n`));
  await vi.waitUntil(() => toldOf(worker, 'end') === 1);
  const told: unknown[] = [];
  source.subscribe(() => told.push(source.state()));
  // What the worker made before it came to the end; the first asking is 1.
  worker.say(record(0, 0));
  worker.say(record(0));
  expect(told).toMatchObject(['open', 'closed'].map((kind) => ({ connection: { kind } })));
  source.askAgain(['scc']);
  worker.say(record(0));
  expect(source.state()).toMatchObject({ connection: { kind: 'open', again: ['scc'] } });
});

it('shows nothing of a record that is refused, before it is shown or after, also what was under way', async () => {
  const refusal = JSON.stringify(errorOutcome('forbidden', 'record-refused', ''));
  for (const answer of [
    () => new Response(refusal, { status: 403 }),
    () => new Response(`{}\n${closing.replace('"complete"', '"refused"')}\n`),
  ]) {
    const { source, worker, record, end } = open(answer);
    worker.say(record(0));
    await vi.waitUntil(() => source.state().kind === 'refused');
    expect(worker.terminated).toBe(true);
    expect(end).toHaveBeenCalledTimes(1);
    worker.say(record(0));
    source.askAgain();
    expect(source.state().kind).toBe('refused');
  }
});

it('shows what is asked again after it could not be decided', async () => {
  let undecided = true;
  const { source, worker, record } = open(() =>
    undecided
      ? new Response(JSON.stringify(errorOutcome('transient', 'undecided', '')), { status: 503 })
      : new Response(`${closing}\n`),
  );
  await vi.waitUntil(() => source.state().kind === 'undecided');
  undecided = false;
  source.askAgain();
  await vi.waitUntil(() => toldOf(worker, 'end') === 1);
  worker.say(record(0));
  expect(source.state().kind).toBe('undecided');
  worker.say(record(1));
  expect(source.state().kind).toBe('shown');
});

it.each(['locked', 'patient-changed', 'closed', 'refused'] as const)(
  'leaves nothing of a record that is %s',
  async (why) => {
    const never = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{}\n')) });
    const { source, worker, record, end, signals } = open(() => new Response(never));
    await vi.waitUntil(() => toldOf(worker, 'lines') === 1);
    worker.say(record(0));
    const asked = source.detail('x');
    const told = vi.fn<() => void>();
    source.subscribe(told);
    source.end(why);
    expect(source.state()).toEqual({ kind: why });
    expect(source.ended()).toBe(true);
    expect(worker.terminated).toBe(true);
    expect(signals[0]?.aborted).toBe(true);
    expect(end).toHaveBeenCalledTimes(1);
    expect(await asked).toBeUndefined();
    // Nothing brings it back: not what was under way from the worker, not another ending, not asking again.
    worker.say(record(0));
    source.end('session-ended');
    source.askAgain();
    expect(await source.detail('x')).toBeUndefined();
    expect(source.state()).toEqual({ kind: why });
    expect(told).toHaveBeenCalledTimes(1);
    expect(toldOf(worker, 'begin')).toBe(1);
  },
);

it('ends whole where the session is no longer good', async () => {
  const { source, worker, end } = open(() => {
    throw new LaunchFailure('session-ended', '401');
  });
  await vi.waitUntil(() => source.state().kind === 'session-ended');
  expect(worker.terminated).toBe(true);
  expect(end).toHaveBeenCalledTimes(1);
});

it('asks those again who failed, and keeps the age of what stands', async () => {
  const { source, worker, record, paths } = open(() => new Response(`${closing}\n`));
  await vi.waitUntil(() => toldOf(worker, 'end') === 1);
  worker.say(record(0));
  source.askAgain(['wmshcr', 'scc']);
  expect(source.state()).toMatchObject({
    kind: 'shown',
    connection: { kind: 'open', again: ['wmshcr', 'scc'] },
    askedAt: 5,
  });
  await vi.waitUntil(() => toldOf(worker, 'end') === 2);
  expect(worker.told.filter((one) => one.kind === 'begin').at(-1)).toMatchObject({ sources: ['wmshcr', 'scc'] });
  expect(paths).toEqual(['Patient/p/$everything', 'Patient/p/$everything?_source=wmshcr%2Cscc']);
});
