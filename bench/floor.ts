import { median } from './figure.ts';
import { everythingOf, localId, people, shape } from './people.ts';

/** What this machine takes to parse and stringify one record of ten sources, and nothing else. */
export type JsonFloor = {
  readonly bytes: number;
  /** Median by the clock, ms a record. */
  readonly clockMs: number;
  /** Processor time, ms a record, all threads (the collector's too). */
  readonly processorMs: number;
};

/** Measures the floor for about `seconds`; the same bytes as the sources send. */
export function measureFloor(seconds: number): JsonFloor {
  const [person] = people;
  if (person === undefined) throw new Error('no people');
  const bodies = Array.from({ length: shape.sources }, (_, i) => everythingOf(person, i, localId(person)));
  const once = (): void => {
    for (const body of bodies) JSON.stringify(JSON.parse(body) as unknown);
  };
  for (let i = 0; i < 20; i += 1) once();
  const times: number[] = [];
  const before = process.cpuUsage();
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const began = performance.now();
    once();
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  return {
    bytes: bodies.reduce((total, body) => total + Buffer.byteLength(body), 0),
    clockMs: median(times),
    processorMs: (user + system) / 1000 / times.length,
  };
}
