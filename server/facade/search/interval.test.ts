import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalOf, intervalOfDate, prefixes, stands, type Prefix } from './interval.ts';

const at = (text: string): number => Date.parse(text);

describe('what a date means', () => {
  it.each([
    // In summer a London day begins at 23:00 UTC the day before.
    ['2026-07-01', '2026-06-30T23:00:00.000Z', '2026-07-01T22:59:59.999Z'],
    ['2026-01-01', '2026-01-01T00:00:00.000Z', '2026-01-01T23:59:59.999Z'],
    // The day on which the clock goes forward has 23 hours, the day on which it goes back has 25.
    ['2026-03-29', '2026-03-29T00:00:00.000Z', '2026-03-29T22:59:59.999Z'],
    ['2026-10-25', '2026-10-24T23:00:00.000Z', '2026-10-25T23:59:59.999Z'],
    ['2026-02', '2026-02-01T00:00:00.000Z', '2026-02-28T23:59:59.999Z'],
    ['2026-12', '2026-12-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'],
    ['2024', '2024-01-01T00:00:00.000Z', '2024-12-31T23:59:59.999Z'],
    ['2026-07-01T10:00Z', '2026-07-01T10:00:00.000Z', '2026-07-01T10:00:59.999Z'],
    ['2026-07-01T10:00:05+01:00', '2026-07-01T09:00:05.000Z', '2026-07-01T09:00:05.999Z'],
    ['2026-07-01T10:00:05.250Z', '2026-07-01T10:00:05.250Z', '2026-07-01T10:00:05.250Z'],
  ])('%s is from %s to %s', (text, from, to) => {
    expect(intervalOfDate(text)).toEqual({ from: at(from), to: at(to) });
  });

  it.each(['2026-02-30', '2026-13', 'yesterday', '', '26-01-01', '2026-01-01T25:00'])('%s means nothing', (text) => {
    expect(intervalOfDate(text)).toBeUndefined();
  });

  it('a period without an end goes on, one without both says nothing', () => {
    expect(intervalOf({ start: '2026-01-01' })).toEqual({ from: at('2026-01-01T00:00:00Z'), to: Infinity });
    expect(intervalOf({ end: '2026-01-01' })?.from).toBe(-Infinity);
    expect(intervalOf({})).toBeUndefined();
  });
});

describe('a prefix', () => {
  it.each<readonly [string, Prefix, string, boolean]>([
    ['2026-03-02T10:00:00Z', 'eq', '2026-03-02', true],
    ['2026-03-02T10:00:00Z', 'eq', '2026-03', true],
    ['2026-03', 'eq', '2026-03-02', false],
    ['2026-03', 'ne', '2026-03-02', true],
    ['2026-03-02', 'ge', '2026-03-02', true],
    ['2026-03-02', 'gt', '2026-03-02', false],
    ['2026-03-03', 'gt', '2026-03-02', true],
    ['2026-03-01', 'lt', '2026-03-02', true],
    ['2026-03-02', 'le', '2026-03-02', true],
    ['2026-03-03', 'sa', '2026-03-02', true],
    ['2026-03-02', 'sa', '2026-03-02', false],
    ['2026-03-01', 'eb', '2026-03-02', true],
  ])('%s %s%s: %s', (said, prefix, asked, expected) => {
    const [one, other] = [intervalOfDate(said), intervalOfDate(asked)];
    expect(one !== undefined && other !== undefined && stands(one, prefix, other)).toBe(expected);
  });

  const interval = fc
    .tuple(fc.integer({ min: -1e6, max: 1e6 }), fc.nat(1e6))
    .map(([from, lasts]) => ({ from, to: from + lasts }));

  it('ne is not eq; what starts after is greater, what ends before is less; ge and le leave nothing out', () => {
    fc.assert(
      fc.property(interval, interval, (said, asked) => {
        const is = new Map(prefixes.map((prefix) => [prefix, stands(said, prefix, asked)]));
        expect(is.get('ne')).toBe(is.get('eq') !== true);
        if (is.get('sa') === true) expect(is.get('gt')).toBe(true);
        if (is.get('eb') === true) expect(is.get('lt')).toBe(true);
        expect(is.get('ge') === true || is.get('le') === true).toBe(true);
      }),
    );
  });
});
