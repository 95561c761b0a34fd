import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { alarms, metrics, raiseAlarm, type Alarm } from './metrics.ts';

const byName = (one: string | undefined, other: string | undefined): number => (one ?? '').localeCompare(other ?? '');

const count = async (alarm: Alarm): Promise<number | undefined> => {
  const told = await metrics.metrics();
  const value = told.split('\n').find((line) => line.startsWith(`ohc_alarms_total{alarm="${alarm}"} `));
  return value === undefined ? undefined : Number(value.split(' ')[1]);
};

describe('an alarm', () => {
  it('is an error in the log and counted, with what the log is told beside it', async () => {
    const lines: unknown[] = [];
    const log = { error: (...line: readonly unknown[]) => void lines.push(line) };
    const before = await count('withhold-failed');
    raiseAlarm(log, 'withhold-failed', { source: 'uhnm' });
    expect(lines).toEqual([[{ source: 'uhnm', alarm: 'withhold-failed' }, alarms['withhold-failed']]]);
    expect(await count('withhold-failed')).toBe((before ?? 0) + 1);
  });

  it.each(Object.keys(alarms) as Alarm[])('%s is told as a number before it is ever raised', async (alarm) => {
    expect(await count(alarm)).toBeGreaterThanOrEqual(0);
  });

  it('stands in docs/operating.md with what to do', async () => {
    const rows = [...(await readFile('docs/operating.md', 'utf8')).matchAll(/^\| `([a-z-]+)` /gm)].map(
      ([, name]) => name,
    );
    expect(rows.toSorted(byName)).toEqual(Object.keys(alarms).toSorted(byName));
  });
});
