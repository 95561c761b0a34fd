import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ticksOf } from './time-axis.ts';

it.each([
  [
    '2024-11-20',
    '2026-11-20',
    8,
    ['Jan-2025', 'Apr-2025', 'Jul-2025', 'Oct-2025', 'Jan-2026', 'Apr-2026', 'Jul-2026', 'Oct-2026'],
  ],
  ['2026-08-24', '2026-10-14', 6, ['01-Sep-2026', '15-Sep-2026', '01-Oct-2026']],
  ['2006-06-01', '2026-11-20', 6, ['2010', '2015', '2020', '2025']],
] as const)('marks %s to %s', (from, to, most, texts) => {
  expect(ticksOf({ from: Date.parse(from), to: Date.parse(to) }, most).map((one) => one.text)).toEqual(texts);
});

it('has its marks within the stretch, in order, and never many more than fit', () => {
  const span = fc.record({
    from: fc.integer({ min: -3e12, max: 4e12 }),
    length: fc.integer({ min: 864e5, max: 3e12 }),
  });
  fc.assert(
    fc.property(span, fc.integer({ min: 1, max: 12 }), ({ from, length }, most) => {
      const ticks = ticksOf({ from, to: from + length }, most);
      expect(ticks.length).toBeLessThanOrEqual(most + 2);
      expect(ticks.every((one) => one.at >= from && one.at < from + length)).toBe(true);
      expect(ticks.map((one) => one.at)).toEqual(ticks.map((one) => one.at).toSorted((a, b) => a - b));
    }),
  );
});
