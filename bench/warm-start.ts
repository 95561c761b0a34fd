import { setTimeout as wait } from 'node:timers/promises';
import { median, ms, type Figure } from './figure.ts';
import { wholeStreamMs } from './everything-figures.ts';
import { endpointsOf, openSession } from './launch.ts';
import { people } from './people.ts';
import type { Region } from './region.ts';

/** What a browser takes, at the least, from the token to the first request for the record: it has still to load scripts. */
const loadingMs = 250;

/**
 * The record after a launch: the first request takes over what the launch has begun to gather, the second asks the sources
 * anew. Each by a launch of its own, so that nothing else is warm.
 */
export async function warmStartFigure(region: Region, signal: AbortSignal): Promise<Figure> {
  const warm: number[] = [];
  const cold: number[] = [];
  const endpoints = await endpointsOf(region);
  for (const person of people.slice(0, 12)) {
    signal.throwIfAborted();
    const session = await openSession(region, endpoints, person);
    await wait(loadingMs);
    warm.push(await wholeStreamMs(region, session));
    cold.push(await wholeStreamMs(region, session));
  }
  return {
    what: 'the whole record after a launch, taken over from it',
    measured: { value: median(warm), unit: 'ms' },
    ratio: median(warm) / median(cold),
    note: `from the first request for the record, ${loadingMs} ms after the token; the ratio is to the second request, which asks the sources anew: ${ms(median(cold))}`,
  };
}
