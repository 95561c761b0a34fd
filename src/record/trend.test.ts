import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDate } from '../fhir/date.ts';
import type { Group, Value } from './record.ts';
import { heightOf, runsOf, stayAt, staysOf, trendOf } from './trend.ts';

const value = (text: string, own: Partial<Value> = {}): Value => ({
  text,
  unit: 'mg/L',
  number: /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined,
  flag: undefined,
  range: undefined,
  low: undefined,
  high: undefined,
  ...own,
});

let made = 0;
function result(on: string | undefined, own: Value | undefined, struckThrough = false): Group {
  made += 1;
  return {
    id: `g${String(made).padStart(5, '0')}`,
    section: 'results',
    subsection: 'blood',
    row: {
      title: 'CRP',
      status: undefined,
      value: own,
      detail: undefined,
      date: parseDate(on),
      dateText: on ?? 'Date not recorded',
      chips: [{ sourceId: 'gp', label: 'GP', organisation: { ods: undefined, name: undefined } }],
      struckThrough,
    },
    members: [],
    conflicts: [],
    tags: [],
  };
}

function stay(start: string | undefined, end: string | undefined, status: string, struckThrough = false): Group {
  const group = result(start, undefined, struckThrough);
  const event = { kind: 'inpatient', place: undefined, who: undefined, specialty: undefined, status } as const;
  return {
    ...group,
    section: 'encounters',
    row: { ...group.row, event: { ...event, start: parseDate(start), end: parseDate(end) } },
  };
}

describe('what is drawn of a value', () => {
  it.each([
    ['168', { y: 168, lower: undefined, beyond: undefined }],
    ['<5', { y: 5, lower: undefined, beyond: 'below' }],
    ['≤5', { y: 5, lower: undefined, beyond: 'below' }],
    ['>1,000', { y: 1000, lower: undefined, beyond: 'above' }],
    ['Positive', undefined],
    ['1:80', undefined],
    ['140/85', undefined],
  ])('%s', (text, drawn) => {
    expect(heightOf(value(text))).toEqual(drawn);
  });

  it('a pressure is a pair, in millimetres of mercury alone', () => {
    expect(heightOf(value('140/85', { unit: 'mmHg' }))).toEqual({ y: 140, lower: 85, beyond: undefined });
  });
});

describe('a trend', () => {
  it('holds every result: as a point, as words, or as one without a date', () => {
    const one = fc.tuple(
      fc.constantFrom('2026-11-19T07:10:00Z', '2026-10', '2019', undefined),
      fc.constantFrom('5', '<5', 'Positive', undefined),
    );
    fc.assert(
      fc.property(fc.array(one), (all) => {
        const groups = all.map(([on, text]) => result(on, text === undefined ? undefined : value(text)));
        const { points, undated, wordsOnly } = trendOf(groups);
        expect(points.length + undated + wordsOnly).toBe(groups.length);
        expect(points.map((point) => point.at)).toEqual(points.map((point) => point.at).toSorted((a, b) => a - b));
      }),
    );
  });

  it('leaves out what was entered in error (H6)', () => {
    expect(trendOf([result('2026-11-19', value('5'), true)]).points).toEqual([]);
  });

  it('joins no line to a value that is only known to lie beyond a bound', () => {
    const days = ['5', '6', '<5', '7', '8', '9'].map((text, day) => result(`2026-11-0${day + 1}`, value(text)));
    expect(runsOf(trendOf(days).points).map((run) => run.map((point) => point.y))).toEqual([
      [5, 6],
      [7, 8, 9],
    ]);
  });

  it('says of a year that it may be any day of it (H7)', () => {
    const [point] = trendOf([result('2019', value('5'))]).points;
    expect(point?.span).toEqual({ from: Date.UTC(2019, 0, 1), to: Date.UTC(2020, 0, 1) });
    expect(trendOf([result('2019-05-01', value('5'))]).points[0]?.span).toBeUndefined();
  });

  it('has the range of each laboratory from where it changes, and none where none was given (H5)', () => {
    const [first, second] = [
      { range: '0–5', low: 0, high: 5 },
      { range: '0–8', low: 0, high: 8 },
    ];
    const { bands } = trendOf([
      result('2026-01-01', value('5', first)),
      result('2026-02-01', value('5', first)),
      result('2026-03-01', value('5', second)),
      result('2026-04-01', value('5')),
    ]);
    expect(bands).toEqual([
      { from: -Infinity, to: Date.UTC(2026, 2, 1), low: 0, high: 5, text: '0–5' },
      { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 3, 1), low: 0, high: 8, text: '0–8' },
    ]);
  });
});

describe('stays in hospital', () => {
  const now = Date.UTC(2026, 10, 20);

  it('reach from their start to their end, to now where they go on, and nowhere where the end is not known', () => {
    const stays = staysOf(
      [
        stay('2026-11-06', '2026-11-11', 'Finished'),
        stay('2026-11-18', undefined, 'In progress'),
        stay('2009-01-01', undefined, 'Finished'),
        stay('2026-01-01', '2026-01-02', 'Finished', true),
        stay('2026-02-01', '2026-02-02', 'Cancelled'),
        stay(undefined, '2026-02-02', 'Finished'),
        stay('2026-03-05', '2026-03-01', 'Finished'),
      ].map((one) => (one.row.status === undefined ? withStatus(one) : one)),
      now,
    );
    expect(stays.map((one) => [one.from, one.to, one.open])).toEqual([
      [Date.UTC(2026, 10, 6), Date.UTC(2026, 10, 12), false],
      [Date.UTC(2026, 10, 18), now, true],
      [Date.UTC(2009, 0, 1), Date.UTC(2009, 0, 1), false],
    ]);
    expect(stayAt(stays, parseDate('2026-11-08T06:55:00Z'))).toBe(stays[0]);
    expect(stayAt(stays, parseDate('2026-11-14'))).toBeUndefined();
    expect(stayAt(stays, parseDate('2026-11'))).toBeUndefined();
  });

  const withStatus = (one: Group): Group => ({ ...one, row: { ...one.row, status: one.row.event?.status } });
});
