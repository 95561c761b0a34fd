import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { everythingFigures, streamFigures } from './everything-figures.ts';
import { ms, table, type Figure } from './figure.ts';
import { firstLoadFigure } from './first-load.ts';
import { measureFloor } from './floor.ts';
import { laterFigures } from './later-targets.ts';
import { largeFigures } from './large-figures.ts';
import { launchFigures, launchPairFigures, openSessions } from './launch-figures.ts';
import { privacyFigures } from './privacy-figures.ts';
import { recordFigures } from './record-figure.ts';
import { startRegion, type Region } from './region.ts';
import { soakFigures } from './soak-figures.ts';
import { viewerArrivalFigures } from './viewer-arrival.ts';
import { viewerStartFigures } from './viewer-start.ts';
import { warmStartFigure } from './warm-start.ts';

const usage = `npm run bench [-- --json <path>] [--only <part,part>] [--soak <minutes>]

Measures the server and the viewer beside what this machine takes to parse and stringify the same bytes, and prints
one table. Parts: everything, viewer, launch, large, record, privacy, first-load. Takes under eight minutes.
--soak drives the server at half of what it can do for so many minutes, with faults, and measures nothing else.`;

const { values } = parseArgs({
  options: { json: { type: 'string' }, only: { type: 'string' }, soak: { type: 'string' }, help: { type: 'boolean' } },
});
if (values.help === true) {
  console.log(usage);
  process.exit(0);
}
const soakMinutes = values.soak === undefined ? undefined : Number(values.soak);
if (soakMinutes !== undefined && !(soakMinutes > 0)) {
  console.error('--soak takes a number of minutes, such as 20.');
  process.exit(2);
}
const chosen = soakMinutes === undefined ? values.only?.split(',') : ['soak'];
const wanted = (part: string): boolean => chosen === undefined || chosen.includes(part);
const limitMs = soakMinutes === undefined ? 460_000 : soakMinutes * 60_000 + 60_000;
const began = performance.now();

/** A part that cannot be measured, or not in its time, says why in its row; it is ended before the next begins. */
async function part(
  name: string,
  what: string,
  limit: number,
  run: (signal: AbortSignal) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  if (!wanted(name)) return [];
  console.error(`${what} …`);
  const left = Math.max(0, Math.min(limit, limitMs - (performance.now() - began)));
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new Error('not done in its time')), left);
  const cut = new Promise<never>((_done, fail) => {
    stop.signal.addEventListener('abort', () => setTimeout(fail, 8_000, stop.signal.reason));
  });
  try {
    return await Promise.race([run(stop.signal), cut]);
  } catch (error) {
    return [{ what, measured: undefined, note: error instanceof Error ? error.message : String(error) }];
  } finally {
    clearTimeout(timer);
  }
}

const floor = measureFloor(2);
const figures: Figure[] = [
  {
    what: 'JSON floor: parse and stringify one record',
    measured: { value: floor.clockMs, unit: 'ms' },
    ratio: 1,
    note: `${(floor.bytes / 1024).toFixed(0)} kB; processor time ${ms(floor.processorMs)}; Node ${process.version}, ${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown processor'}`,
  },
];

let region: Region | undefined;
const stopAndLeave = (): void => {
  void (region?.stop() ?? Promise.resolve()).finally(() => process.exit(130));
};
process.on('SIGINT', stopAndLeave);
process.on('SIGTERM', stopAndLeave);
try {
  if (['launch', 'everything', 'viewer', 'soak'].some(wanted)) {
    try {
      console.error('starting sources and server …');
      region = await startRegion();
    } catch (error) {
      figures.push({
        what: 'the server',
        measured: undefined,
        note: `${error instanceof Error ? error.message : String(error)}; so nothing that needs it was measured`,
      });
    }
  }
  if (region !== undefined) {
    const running = region;
    figures.push(
      ...(await part('everything', '$everything', 60_000, async (signal) =>
        everythingFigures(running, await openSessions(running), signal),
      )),
      ...(await part('everything', '$everything, the stream', 30_000, async (signal) =>
        streamFigures(running, await openSessions(running), signal),
      )),
      ...(soakMinutes === undefined
        ? []
        : await part('soak', 'soak', limitMs, (signal) => soakFigures(running, soakMinutes, signal))),
      ...(await part('everything', 'the record after a launch', 20_000, async (signal) => [
        await warmStartFigure(running, signal),
      ])),
      ...(await part('viewer', 'viewer start', 60_000, async (signal) => {
        await openSessions(running);
        return viewerStartFigures(running, signal);
      })),
      ...(await part('viewer', 'viewer, 20,000 resources', 90_000, async (signal) => {
        await openSessions(running);
        return viewerArrivalFigures(running, signal);
      })),
      ...(await part('launch', 'launch to token', 45_000, async (signal) => {
        await openSessions(running);
        return launchFigures(running, signal);
      })),
    );
  }
  figures.push(...(await part('launch', 'launch to token, two servers on PostgreSQL', 60_000, launchPairFigures)));
  figures.push(...(await part('large', 'large records', 120_000, largeFigures)));
  figures.push(...(await part('record', 'reconciliation', 60_000, recordFigures)));
  figures.push(...(await part('privacy', 'withholding', 40_000, privacyFigures)));
  figures.push(...(await part('first-load', 'first-load JavaScript', 20_000, async () => [await firstLoadFigure()])));
  if (chosen === undefined) figures.push(...laterFigures);
} finally {
  await region?.stop();
}
console.log(`\n${table(figures)}`);
console.log(`\nTook ${((performance.now() - began) / 1000).toFixed(0)} s.`);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify({ floor, figures }, null, 2)}\n`);
process.exit(0);
