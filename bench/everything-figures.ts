import { request } from 'node:http';
import { isObject, objects, text } from '../src/fhir/json.ts';
import { entriesOf } from '../src/fhir/resource.ts';
import { system } from '../src/fhir/systems.ts';
import { startChild } from './child.ts';
import { median, ms, quantile, type Figure } from './figure.ts';
import { measureFloor, type JsonFloor } from './floor.ts';
import type { Session } from './launch.ts';
import type { LoadAnswer, LoadQuestion } from './load.ts';
import { usageOf } from './processor-time.ts';
import { firstRowText, people, shape, withheldText } from './people.ts';
import type { Region } from './region.ts';

const json = 'application/fhir+json';
const ndjson = 'application/fhir+ndjson';
const urlOf = (region: Region, session: Session): string => `${region.fhir}/Patient/${session.patient}/$everything`;

/** What one source takes by itself: its search and its `$everything`, one after the other, as we must ask it. */
async function sourceAloneMs(region: Region): Promise<number> {
  const [base] = region.sources.ready.trusts;
  const [person] = people;
  if (base === undefined || person === undefined) throw new Error('no source');
  const times: number[] = [];
  for (let i = 0; i < 12; i += 1) {
    const began = performance.now();
    const search = await fetch(`${base}/Patient/_search`, {
      method: 'POST',
      body: new URLSearchParams({ identifier: `${system.nhsNumber}|${person.nhsNumber}` }),
    });
    const id = text(entriesOf(await search.json())[0]?.['id']) ?? '';
    const whole = await fetch(`${base}/Patient/${id}/$everything`);
    await whole.arrayBuffer();
    if (i >= 2) times.push(performance.now() - began);
  }
  return median(times);
}

/** A figure of a refusal, or of a record that is not whole, would be worth nothing: looked at before anything is timed. */
async function proveWhole(region: Region, session: Session): Promise<number> {
  const response = await fetch(urlOf(region, session), {
    headers: { accept: json, authorization: `Bearer ${session.token}` },
  });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`$everything answered ${response.status}: ${body.slice(0, 300)}`);
  const resources = entriesOf(JSON.parse(body));
  const outcomes = resources.filter((one) => one.resourceType === 'OperationOutcome');
  const record = outcomes.find((one) => one['id'] === 'record');
  if (!JSON.stringify(record ?? {}).includes('"complete"')) {
    const told = outcomes.map(
      (one) =>
        `${String(one['id'])}: ${text(objects(one['issue'])[0]?.['diagnostics']) ?? JSON.stringify(one['issue'])}`,
    );
    throw new Error(`the record is not complete: ${told.join('; ').slice(0, 600)}`);
  }
  if (!body.includes(firstRowText)) throw new Error('the record lacks what the sources gave');
  if (body.includes(withheldText)) throw new Error('the record holds what must be withheld');
  return Buffer.byteLength(body);
}

type StreamLine = {
  /** Since the request. */
  readonly atMs: number;
  /** Of the epoch, for comparison with other processes of this machine. */
  readonly epochMs: number;
  readonly type: string;
  readonly id: string;
  readonly source: string;
};

/** Reads the stream line by line, with the time of each; ends it when `enough` says so. */
function stream(
  region: Region,
  session: Session,
  enough: (lines: readonly StreamLine[]) => boolean,
): Promise<readonly StreamLine[]> {
  return new Promise((done, fail) => {
    const lines: StreamLine[] = [];
    const began = performance.now();
    const asked = request(
      urlOf(region, session),
      { headers: { accept: ndjson, authorization: `Bearer ${session.token}` }, timeout: 10_000 },
      (response) => {
        if (response.statusCode !== 200) {
          fail(new Error(`the stream answered ${response.statusCode}`));
          response.resume();
          return;
        }
        let rest = '';
        response.on('error', () => done(lines));
        response.on('data', (chunk: Buffer) => {
          const atMs = performance.now() - began;
          const parts = (rest + chunk.toString('utf8')).split('\n');
          rest = parts.pop() ?? '';
          for (const part of parts) {
            const resource: unknown = JSON.parse(part);
            if (!isObject(resource)) continue;
            const meta = isObject(resource['meta']) ? resource['meta'] : {};
            lines.push({
              atMs,
              epochMs: performance.timeOrigin + began + atMs,
              type: text(resource['resourceType']) ?? '',
              id: text(resource['id']) ?? '',
              source: text(meta['source']) ?? '',
            });
          }
          if (enough(lines)) {
            done(lines);
            asked.destroy();
          }
        });
        response.on('end', () => done(lines));
      },
    );
    asked.on('timeout', () => asked.destroy(new Error('no answer in 10 s')));
    asked.on('error', fail);
    asked.end();
  });
}

/** From a request for the record to its last line. */
export async function wholeStreamMs(region: Region, session: Session): Promise<number> {
  const lines = await stream(region, session, (seen) => seen.at(-1)?.id === 'record');
  const last = lines.at(-1);
  if (last?.id !== 'record') throw new Error('the record did not end');
  return last.atMs;
}

const ofTrust = (line: StreamLine): boolean =>
  /\btrust-\d+$/.test(line.source) && line.type !== 'OperationOutcome' && line.type !== 'RelatedPerson';

/** From when the fastest hospital had sent its answer, to when its first line is with the client. */
async function firstLines(region: Region, session: Session, signal: AbortSignal): Promise<Figure> {
  const times: number[] = [];
  await region.sources.ask({});
  for (let i = 0; i < 15; i += 1) {
    signal.throwIfAborted();
    const lines = await stream(region, session, (seen) => seen.some(ofTrust));
    const first = lines.find(ofTrust);
    if (first === undefined) throw new Error('no line of a hospital source came');
    const sent = (await region.sources.ask({}))[Number(/\d+$/.exec(first.source)?.[0])];
    if (sent === undefined) throw new Error('the source has not sent what came');
    if (i >= 3) times.push(first.epochMs - sent);
  }
  return {
    what: 'first line of the fastest source, after it had sent its answer, p50',
    measured: { value: Math.max(0, median(times)), unit: 'ms' },
    target: '10 ms',
    met: median(times) <= 10,
    note: `p95 ${ms(quantile(times, 0.95))}; the answers of all ten come at the same time`,
  };
}

/** One source takes the request and never answers: when are the nine others on the wire? */
async function oneHung(region: Region, session: Session, aloneMs: number, signal: AbortSignal): Promise<Figure> {
  const hung = region.trustIds.length - 1;
  await region.sources.ask({ hanging: hung });
  try {
    const others = region.trustIds.filter((_, i) => i !== hung).map((id) => `source-${id}`);
    const times: number[] = [];
    for (let i = 0; i < 4; i += 1) {
      signal.throwIfAborted();
      const lines = await stream(region, session, (seen) => others.every((id) => seen.some((line) => line.id === id)));
      const last = lines.findLast((line) => others.includes(line.id));
      if (last === undefined) throw new Error('the others did not close');
      if (i >= 1) times.push(last.atMs - aloneMs);
    }
    return {
      what: 'one source hung: the nine others on the wire, after their own time',
      measured: { value: Math.max(0, median(times)), unit: 'ms' },
      target: '100 ms',
      met: median(times) <= 100,
    };
  } finally {
    await region.sources.ask({});
  }
}

type Run = { readonly load: LoadAnswer; readonly processorMs: number };

/** Several runs as one. */
function total(runs: readonly Run[]) {
  const latenciesMs = runs.flatMap(({ load }) => load.latenciesMs);
  const elapsedMs = runs.reduce((sum, { load }) => sum + load.elapsedMs, 0);
  const processorMs = runs.reduce((sum, run) => sum + run.processorMs, 0);
  return {
    p50: median(latenciesMs),
    p95: quantile(latenciesMs, 0.95),
    perSecond: latenciesMs.length / (elapsedMs / 1000),
    /** A record. */
    processorMs: processorMs / latenciesMs.length,
  };
}

const rounds = 4;
/** A machine that is busy otherwise gets fewer rounds. */
const noFurtherRoundAfterMs = 30_000;
const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(0)} kB`;

/**
 * `$everything` as a Bundle at one client and at twenty. Floor and load take turns, so that whatever else the machine
 * does falls on both.
 */
export async function everythingFigures(
  region: Region,
  sessions: readonly Session[],
  signal: AbortSignal,
): Promise<readonly Figure[]> {
  const [first] = sessions;
  if (first === undefined) throw new Error('no launch');
  const bytesOut = await proveWhole(region, first);
  const aloneMs = await sourceAloneMs(region);
  const load = await startChild<string, LoadQuestion, LoadAnswer>('load.ts');
  try {
    const run = async (clients: number, seconds: number): Promise<Run> => {
      const targets = sessions
        .slice(0, clients)
        .map((session) => ({ url: urlOf(region, session), token: session.token }));
      const before = usageOf(region.serverPid).ms;
      const answer = await load.ask({ targets, accept: json, seconds });
      const processorMs = usageOf(region.serverPid).ms - before;
      const records = answer.latenciesMs.length;
      if (answer.failures.length > 0) throw new Error(`${answer.failures.length} failed: ${answer.failures[0]}`);
      if (answer.bytes < 0.99 * records * bytesOut) throw new Error('some of the records under load were not whole');
      return { load: answer, processorMs };
    };
    await run(sessions.length, 3);
    const floors: JsonFloor[] = [];
    const ones: Run[] = [];
    const manys: Run[] = [];
    const began = performance.now();
    for (let i = 0; i < rounds && (i === 0 || performance.now() - began < noFurtherRoundAfterMs); i += 1) {
      signal.throwIfAborted();
      floors.push(measureFloor(0.7));
      ones.push(await run(1, 2));
      manys.push(await run(sessions.length, 3));
    }
    const floor = {
      bytes: floors[0]?.bytes ?? 0,
      clockMs: median(floors.map((one) => one.clockMs)),
      processorMs: median(floors.map((one) => one.processorMs)),
    };
    const [one, many] = [total(ones), total(manys)];
    const beyond = one.p50 - aloneMs;
    const allowed = 1000 / many.processorMs;
    return [
      {
        what: '$everything, 1 client, p50',
        measured: { value: one.p50, unit: 'ms' },
        ratio: beyond / floor.clockMs,
        target: 'source alone + 5.00 x',
        met: beyond <= 5 * floor.clockMs,
        note: `${shape.sources} sources, ${kilobytes(floor.bytes)} in and ${kilobytes(bytesOut)} out; the ratio is of what comes on top of the source's own ${ms(aloneMs)}; the floor beside it was ${ms(floor.clockMs)}; p95 ${ms(one.p95)}; ${one.perSecond.toFixed(1)} records/s`,
      },
      {
        what: '$everything, 1 client, processor time a record',
        measured: { value: one.processorMs, unit: 'ms' },
        ratio: one.processorMs / floor.processorMs,
      },
      {
        what: `$everything, ${sessions.length} clients, processor time a record`,
        measured: { value: many.processorMs, unit: 'ms' },
        ratio: many.processorMs / floor.processorMs,
        target: '3.00 x',
        met: many.processorMs <= 3 * floor.processorMs,
        note: `the floor beside it was ${ms(floor.processorMs)} of processor time`,
      },
      {
        what: `$everything, ${sessions.length} clients, throughput`,
        measured: { value: many.perSecond, unit: 'records/s' },
        ratio: many.perSecond / allowed,
        target: '0.80 x',
        met: many.perSecond >= 0.8 * allowed,
        note: `the ratio is to what one core could do at that processor time a record, ${allowed.toFixed(1)} records/s; p50 ${ms(many.p50)}, p95 ${ms(many.p95)}; server memory afterwards ${kilobytes(usageOf(region.serverPid).residentBytes)}`,
      },
    ];
  } finally {
    await load.stop();
  }
}

/** The stream: when its first lines are there, and that one hung source holds up none of the others. */
export async function streamFigures(
  region: Region,
  sessions: readonly Session[],
  signal: AbortSignal,
): Promise<readonly Figure[]> {
  const [first] = sessions;
  if (first === undefined) throw new Error('no launch');
  await proveWhole(region, first);
  const aloneMs = await sourceAloneMs(region);
  return [await firstLines(region, first, signal), await oneHung(region, first, aloneMs, signal)];
}
