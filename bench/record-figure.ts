import { startChild } from './child.ts';
import type { Figure } from './figure.ts';
import type { RecordFigures } from './record.ts';

/** Making one record of 20,000 resources for the screen, in a process of its own, as the viewer does it in a worker. */
export async function recordFigure(): Promise<Figure> {
  const child = await startChild<RecordFigures, never, never>('record.ts');
  await child.stop();
  const { count, recordMs, parseMs } = child.ready;
  const microseconds = (recordMs * 1000) / count;
  return {
    what: 'reconciliation, a resource',
    measured: { value: microseconds, unit: 'µs' },
    ratio: recordMs / parseMs,
    target: '10 µs',
    met: microseconds <= 10,
    note: `${count.toLocaleString('en-GB')} resources, one snapshot; the ratio is to parsing the same lines`,
  };
}
