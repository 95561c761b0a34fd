import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageAt, dayOf, formatDate, formatDateTime, londonParts, parseDate, spokenDate } from './date.ts';

const shown = (input: string): string | undefined => {
  const date = parseDate(input);
  return date === undefined ? undefined : formatDateTime(date);
};

describe('dates as the CUI shows them', () => {
  it.each([
    ['2026-11-19T07:10:00Z', '19-Nov-2026 07:10'],
    ['2026-07-19T07:10:00Z', '19-Jul-2026 08:10'],
    ['2026-07-19T07:10:00', '19-Jul-2026 07:10'],
    ['2026-11-19T07:10:00', '19-Nov-2026 07:10'],
    ['2026-07-19T23:30:00Z', '20-Jul-2026 00:30'],
    ['2026-11-19', '19-Nov-2026'],
    ['2026-11', 'Nov-2026'],
    ['2019', '2019'],
    ['2024-02-29', '29-Feb-2024'],
    ['2026-10-25T01:30:00+01:00', '25-Oct-2026 01:30'],
    ['2026-10-25T01:30:00Z', '25-Oct-2026 01:30'],
  ])('%s is %s', (input, expected) => expect(shown(input)).toBe(expected));

  it.each(['2026-02-30', '2026-13-01', '2023-02-29', '9999-99-99', 'yesterday', '', '2026-11-19T25:00:00Z', '0000'])(
    '%j is no date',
    (input) => expect(parseDate(input)).toBeUndefined(),
  );

  it('says a date aloud', () => {
    expect(['2026-11-19', '2026-11', '2026'].map((one) => spokenDate(parseDate(one) ?? dayOf(0)))).toEqual([
      '19 November 2026',
      'November 2026',
      '2026',
    ]);
  });

  it('knows the day in London', () => expect(formatDate(dayOf(Date.UTC(2026, 6, 19, 23, 30)))).toBe('20-Jul-2026'));
});

describe('ages', () => {
  it.each([
    ['1945-07-14', '2026-11-20', '81y'],
    ['1945-11-21', '2026-11-20', '80y'],
    ['2026-11-19', '2026-11-20', '1d'],
    ['2026-10-20', '2026-11-20', '4w 3d'],
    ['2025-11-10', '2026-11-20', '12m 10d'],
    ['2018-05-01', '2026-11-20', '8y 6m'],
    ['2008-11-20', '2026-11-20', '18y'],
    ['2026-11-20T08:00:00Z', '2026-11-20T09:30:00Z', '90min'],
  ])('born %s, on %s: %s', (birth, at, expected) => {
    const [from, to] = [parseDate(birth), parseDate(at)];
    expect(from && to && ageAt(from, to)).toBe(expected);
  });

  it('is not known for a birth in the future or without a day', () => {
    const at = parseDate('2026-11-20');
    for (const birth of ['2027-01-01', '1980', '1980-05'].map((one) => parseDate(one)))
      expect(birth && at && ageAt(birth, at)).toBeUndefined();
  });
});

describe('the clock of London', () => {
  const table = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/London',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const told = (instant: number): string => {
    const { year, month, day, hour, minute } = londonParts(instant);
    const two = (value: number): string => String(value).padStart(2, '0');
    return `${two(day)}/${two(month)}/${year}, ${two(hour)}:${two(minute)}`;
  };

  it('is that of the table of time zones at any moment of a life', () => {
    const lives = { min: new Date('1900-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(lives), (at) => {
        expect(told(at.getTime())).toBe(table.format(at));
      }),
    );
  });

  it.each([
    '2026-03-29T00:59:59.999Z',
    '2026-03-29T01:00:00.000Z',
    '2026-10-25T00:59:59.999Z',
    '2026-10-25T01:00:00.000Z',
    '1947-04-13T01:00:00.000Z',
    '1968-10-27T00:00:00.000Z',
    '1971-10-31T02:00:00.000Z',
    '1916-05-21T02:00:00.000Z',
  ])('is that of the table where clocks change: %s', (at) => {
    expect(told(Date.parse(at))).toBe(table.format(new Date(at)));
  });
});
