import { setTimeout as wait } from 'node:timers/promises';
import type { Figure } from './figure.ts';
import { ms, quantile } from './figure.ts';
import { openSessions } from './launch-figures.ts';
import type { Session } from './launch.ts';
import { people, resourcesOf } from './people.ts';
import { usageOf } from './processor-time.ts';
import { startRegion, type Region } from './region.ts';
import { readStream } from './stream.ts';

/** So long that what is measured is memory and growth, and no source is cut short. */
const deadlineMs = 58_000;
const mebibyte = 1024 * 1024;
const megabytes = (bytes: number): string => `${(bytes / mebibyte).toFixed(0)} MB`;

/** Reads one person's whole record. @returns its bytes */
async function readWhole(region: Region, session: Session, signal: AbortSignal): Promise<number> {
  const { bytes, endings } = await readStream(region, session, signal);
  if (endings.get('record') !== 'complete') throw new Error(`the record was ${String(endings.get('record'))}`);
  return bytes;
}

/** Watches a process while something runs: its memory, and how long a small request waits for its event loop. */
async function watched<Result>(
  region: Region,
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly peakBytes: number; readonly waitsMs: readonly number[] }> {
  const over = new AbortController();
  let peakBytes = 0;
  const waitsMs: number[] = [];
  const memory = (async () => {
    while (!over.signal.aborted) {
      peakBytes = Math.max(peakBytes, usageOf(region.serverPid).residentBytes);
      await wait(50);
    }
  })();
  const probe = (async () => {
    while (!over.signal.aborted) {
      const began = performance.now();
      await fetch(`${region.base}/health/live`).then((answer) => answer.arrayBuffer());
      waitsMs.push(performance.now() - began);
      await wait(2);
    }
  })();
  try {
    return { result: await run(), peakBytes, waitsMs };
  } finally {
    over.abort();
    await Promise.all([memory, probe]);
  }
}

/** Twenty people with 20 MB each, all streamed at once. */
async function manyLarge(
  region: Region,
  sessions: readonly Session[],
  idleBytes: number,
  signal: AbortSignal,
): Promise<Figure> {
  await region.sources.ask({ bytes: 2 * mebibyte });
  const { result, peakBytes } = await watched(region, () =>
    Promise.all(sessions.map((session) => readWhole(region, session, signal))),
  );
  const above = peakBytes - idleBytes;
  return {
    what: 'twenty people with 20 MB each, streamed at once: memory above the idle server',
    measured: { value: above / mebibyte, unit: 'MB' },
    target: '1,024 MB',
    met: above <= 1024 * mebibyte,
    note: `${sessions.length} streams of ${megabytes(Math.min(...result))}; the idle server held ${megabytes(idleBytes)}`,
  };
}

/** So many resources from one source alone, in pages. */
async function oneLarge(
  region: Region,
  session: Session,
  idleBytes: number,
  signal: AbortSignal,
): Promise<readonly Figure[]> {
  const [person] = people;
  if (person === undefined) throw new Error('no people');
  const count = 20_000;
  const sent = Buffer.byteLength(JSON.stringify(resourcesOf(person, 0, 'x', { count })));
  await region.sources.ask({ resources: count });
  await readWhole(region, session, signal);
  const quiet = await watched(region, () => wait(1_000, undefined, { signal }));
  const { peakBytes, waitsMs } = await watched(region, () => readWhole(region, session, signal));
  const above = peakBytes - idleBytes;
  const held = quantile(waitsMs, 0.99) - quantile(quiet.waitsMs, 0.5);
  return [
    {
      what: '20,000 resources from one source: peak memory above idle',
      measured: { value: above / mebibyte, unit: 'MB' },
      ratio: above / sent,
      target: '4.00 x its bytes',
      met: above <= 4 * sent,
      note: `the source sent ${megabytes(sent)} in pages of 500`,
    },
    {
      what: '20,000 resources from one source: event loop delay, p99',
      measured: { value: held, unit: 'ms' },
      target: '50 ms',
      met: held <= 50,
      note: `what a request for /health/live waited beyond ${ms(quantile(quiet.waitsMs, 0.5))}, its time at rest; the longest ${ms(Math.max(...waitsMs))}`,
    },
  ];
}

/** The exponent of a power law through the points, by least squares of the logarithms. */
function exponentOf(points: readonly (readonly [size: number, cost: number])[]): number {
  const logs = points.map(([size, cost]) => [Math.log(size), Math.log(cost)] as const);
  const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [meanX, meanY] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
  const slope = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return slope / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

async function costOf(region: Region, session: Session, signal: AbortSignal) {
  await readWhole(region, session, signal);
  const before = usageOf(region.serverPid).ms;
  const began = performance.now();
  const runs = 3;
  for (let i = 0; i < runs; i += 1) await readWhole(region, session, signal);
  return {
    clockMs: (performance.now() - began) / runs,
    processorMs: (usageOf(region.serverPid).ms - before) / runs,
  };
}

function growthFigure(
  of: string,
  points: readonly { readonly size: number; readonly clockMs: number; readonly processorMs: number }[],
): Figure {
  const clock = exponentOf(points.map(({ size, clockMs }) => [size, clockMs]));
  const processor = exponentOf(points.map(({ size, processorMs }) => [size, processorMs]));
  const worst = Math.max(clock, processor);
  return {
    what: `growth with ${of}: exponent`,
    measured: { value: worst, unit: '' },
    target: '1.10',
    met: worst <= 1.1,
    note: `time ${clock.toFixed(2)}, processor time ${processor.toFixed(2)}; ${points.map(({ size, clockMs, processorMs }) => `${size.toLocaleString('en-GB')}: ${ms(clockMs)}, ${ms(processorMs)} of processor time`).join('; ')}`,
  };
}

async function resourceGrowth(region: Region, session: Session, signal: AbortSignal): Promise<Figure> {
  const points = [];
  for (const size of [5_000, 15_000, 50_000]) {
    await region.sources.ask({ resources: size });
    points.push({ size, ...(await costOf(region, session, signal)) });
  }
  return growthFigure('resources (to 50,000)', points);
}

async function sourceGrowth(signal: AbortSignal): Promise<Figure> {
  const points: { readonly size: number; readonly clockMs: number; readonly processorMs: number }[] = [];
  for (const size of [10, 20, 40])
    await inRegion({ sources: size, deadlineMs }, async (region, [session]) => {
      points.push({ size, ...(await costOf(region, session, signal)) });
    });
  return growthFigure('sources (to 40)', points);
}

/** Runs in a region of its own, since a process that was large once does not become small again. */
async function inRegion<Result>(
  options: Parameters<typeof startRegion>[0],
  run: (region: Region, sessions: readonly [Session, ...Session[]], idleBytes: number) => Promise<Result>,
): Promise<Result> {
  const region = await startRegion(options);
  try {
    const [first, ...others] = await openSessions(region);
    if (first === undefined) throw new Error('no launch');
    return await run(region, [first, ...others], usageOf(region.serverPid).residentBytes);
  } finally {
    await region.stop();
  }
}

/** How memory, event loop and time stand with records far larger than the shape. */
export async function largeFigures(signal: AbortSignal): Promise<readonly Figure[]> {
  return [
    await inRegion({ deadlineMs }, (region, sessions, idleBytes) => manyLarge(region, sessions, idleBytes, signal)),
    ...(await inRegion({ deadlineMs }, async (region, [session], idleBytes) => [
      ...(await oneLarge(region, session, idleBytes, signal)),
      await resourceGrowth(region, session, signal),
    ])),
    await sourceGrowth(signal),
  ];
}
