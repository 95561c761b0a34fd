import { expect, it } from 'vitest';
import { daysOf } from './days.ts';

const day = (iso: string): number => Date.parse(iso) / 86_400_000;

it.each([
  ['2026', '2026-01-01', '2026-12-31'],
  ['2026-02', '2026-02-01', '2026-02-28'],
  ['2028-02', '2028-02-01', '2028-02-29'],
  ['2026-12', '2026-12-01', '2026-12-31'],
  ['2026-11-20', '2026-11-20', '2026-11-20'],
  ['2026-11-20T23:30:00+00:00', '2026-11-20', '2026-11-20'],
  ['2026-11-20T23:30:00-05:00', '2026-11-20', '2026-11-20'],
])('%s means the days from %s to %s', (written, first, last) => {
  expect(daysOf(written)).toEqual({ first: day(first), last: day(last) });
});

it.each([undefined, null, 2026, '', 'soon', '20', ' 2026', 'in 2026', { start: '2026' }])(
  'nothing else is a date: %j',
  (written) => {
    expect(daysOf(written)).toBeUndefined();
  },
);
