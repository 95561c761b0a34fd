import { setTimeout as wait } from 'node:timers/promises';
import { isWhole, sourceStatuses } from '../src/fhir/status.ts';
import { median, type Figure } from './figure.ts';
import { openSessions } from './launch-figures.ts';
import type { Session } from './launch.ts';
import { usageOf } from './processor-time.ts';
import type { Region } from './region.ts';
import { ailments, type Ailment } from './sources.ts';
import { readStream } from './stream.ts';

/** After a fault an address is not asked until its breaker has probed it (30 s); an answer of before may still be on its way. */
const echoesMs = 45_000;

/** A token stands for five minutes: the launches are made anew before. */
const tokensMs = 200_000;

/** How many records a second the server gives, over some seconds. */
async function mostPerSecond(region: Region, sessions: readonly Session[], signal: AbortSignal): Promise<number> {
  const began = performance.now();
  let count = 0;
  await Promise.all(
    sessions.map(async (session) => {
      while (performance.now() - began < 10_000) {
        await readStream(region, session, signal);
        count += 1;
      }
    }),
  );
  return (count / (performance.now() - began)) * 1000;
}

/**
 * Half of what the server can do, for so many minutes, with hospitals that fall ill and get well at random. Every answer
 * is looked at: a source that was well must be whole, and the record must come to its end.
 */
export async function soakFigures(region: Region, minutes: number, signal: AbortSignal): Promise<readonly Figure[]> {
  let sessions = await openSessions(region);
  let openedAt = performance.now();
  const most = await mostPerSecond(region, sessions, signal);
  const everyMs = 2000 / most;
  const illUntil = new Map<string, number>();
  let faults: Readonly<Record<number, Ailment>> = {};
  const began = performance.now();
  const end = began + minutes * 60_000;
  const errors: string[] = [];
  const memory: number[] = [];
  let answers = 0;
  let injected = 0;

  const breakAndMend = (async () => {
    while (performance.now() < end) {
      const number = Math.floor(Math.random() * region.trustIds.length);
      const { [number]: was, ...others } = faults;
      const ailment = ailments[Math.floor(Math.random() * ailments.length)];
      faults = was === undefined && ailment !== undefined ? { ...others, [number]: ailment } : others;
      await region.sources.ask({ faults });
      const now = performance.now();
      for (const ill of [number, ...Object.keys(faults).map(Number)])
        illUntil.set(region.trustIds[ill] ?? '', now + echoesMs);
      injected += 1;
      memory.push(usageOf(region.serverPid).residentBytes);
      await wait(2_000);
    }
    await region.sources.ask({});
  })();

  const one = async (session: Session): Promise<void> => {
    const wellSince = performance.now();
    try {
      const { endings } = await readStream(region, session, signal);
      answers += 1;
      for (const [id, status] of endings) {
        const known = sourceStatuses.find((each) => each === status);
        const mayAil = (illUntil.get(id) ?? 0) > wellSince;
        if (id !== 'record' && !mayAil && known !== undefined && !isWhole(known)) errors.push(`${id}: ${status}`);
      }
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error));
    }
  };
  const open: Promise<void>[] = [];
  for (let i = 0; performance.now() < end; i += 1) {
    signal.throwIfAborted();
    if (performance.now() - openedAt > tokensMs) {
      sessions = await openSessions(region);
      openedAt = performance.now();
    }
    const session = sessions[i % sessions.length];
    if (session !== undefined) open.push(one(session));
    await wait(everyMs);
  }
  await Promise.all([...open, breakAndMend]);

  const third = Math.floor(memory.length / 3);
  const grown = median(memory.slice(-third)) / median(memory.slice(third, 2 * third));
  return [
    {
      what: `soak of ${minutes} minutes at half of the maximum, with faults: errors that were not injected`,
      measured: { value: errors.length, unit: '' },
      target: '0',
      met: errors.length === 0,
      note: `${answers} records at ${(1000 / everyMs).toFixed(1)} a second, ${injected} faults given and taken${errors.length === 0 ? '' : `; ${[...new Set(errors)].slice(0, 5).join(', ')}`}`,
    },
    {
      what: 'soak: memory of the last third to that of the second',
      measured: { value: grown, unit: '' },
      target: '1.10',
      met: grown <= 1.1,
    },
  ];
}
