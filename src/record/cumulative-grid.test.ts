import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gridOf, rangeNotes } from './cumulative-grid.ts';
import type { Group } from './record.ts';
import { placeOf } from './analyte.ts';
import { concept, from, recordOf, shuffled, type SourceId } from './testing.ts';
import { system } from '../fhir/systems.ts';

type Made = {
  readonly code?: string;
  readonly name?: string;
  readonly value?: number;
  readonly unit?: string;
  readonly at?: string;
  readonly source?: SourceId;
  readonly range?: readonly [low: number, high: number, unit?: string];
  readonly coding?: readonly unknown[];
  readonly specimen?: string;
};

let made = 0;

function observation(own: Made): unknown {
  made += 1;
  const { code = '2951-2', name = 'Sodium', value = 140, unit = 'mmol/L', at = '2026-11-19T07:10:00Z' } = own;
  const [low, high, rangeUnit] = own.range ?? [];
  const bound = (of: number): unknown => ({ value: of, ...(rangeUnit === undefined ? {} : { unit: rangeUnit }) });
  return from(own.source ?? 'uhnm', {
    resourceType: 'Observation',
    id: `o${made}`,
    status: 'final',
    category: [concept('laboratory', 'Laboratory', 'http://terminology.hl7.org/CodeSystem/observation-category')],
    code: own.coding === undefined ? concept(code, name, system.loinc) : { coding: own.coding, text: name },
    effectiveDateTime: at,
    valueQuantity: { value, unit },
    ...(low === undefined || high === undefined ? {} : { referenceRange: [{ low: bound(low), high: bound(high) }] }),
    ...(own.specimen === undefined
      ? {}
      : {
          contained: [{ resourceType: 'Specimen', id: 's', type: { text: own.specimen } }],
          specimen: { reference: '#s' },
        }),
  });
}

const order = (title: string): number => placeOf(title).order;

function grid(...results: readonly unknown[]): ReturnType<typeof gridOf> {
  return gridOf(recordOf(...results).sections.results.groups, order);
}

describe('the cumulative grid', () => {
  it('puts every result in exactly one cell, whatever the order they came in', () => {
    const results = fc.array(
      fc.record({
        code: fc.constantFrom('2951-2', '2823-3', '14682-9'),
        value: fc.integer({ min: 1, max: 9 }),
        unit: fc.constantFrom('mmol/L', 'umol/L', 'mg/dL'),
        at: fc.constantFrom('2026-11-19T07:10:00Z', '2026-11-19', '2026-11', 'soon'),
        source: fc.constantFrom<SourceId>('gp', 'uhnm'),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(results, fc.nat(), (ones, seed) => {
        const groups = recordOf(...ones.map(observation)).sections.results.groups;
        const { columns, sets } = gridOf(groups, order);
        const inCells = sets.flatMap((set) => [...set.cells.values()].flat());
        expect(inCells.map((one) => one.id).toSorted()).toEqual(groups.map((one) => one.id).toSorted());
        for (const set of sets)
          for (const test of set.cells.keys()) expect(columns.some((one) => one.test === test)).toBe(true);
        expect(gridOf(shuffled(groups, seed), order)).toEqual(gridOf(groups, order));
      }),
      { numRuns: 60 },
    );
  });

  it('is newest first, and what has no date stands last', () => {
    const { sets } = grid(
      observation({ at: 'some day', value: 1 }),
      observation({ at: '2026-10-02T08:15:00Z', value: 2 }),
      observation({ at: '2026-11-19T07:10:00Z', value: 3 }),
    );
    expect(sets.map((one) => one.recorded)).toEqual(['19-Nov-2026', '02-Oct-2026', 'some day']);
  });

  it('keeps another unit in a column of its own and joins two writings of one (H5)', () => {
    const { columns } = grid(
      observation({ code: '4548-4', name: 'HbA1c', value: 61, unit: 'mmol/mol' }),
      observation({ code: '4548-4', name: 'HbA1c', value: 7.7, unit: '%', source: 'gp' }),
      observation({ code: '14682-9', name: 'Creatinine', value: 168, unit: 'umol/L' }),
      observation({ code: '14682-9', name: 'Creatinine', value: 151, unit: 'µmol/l', at: '2026-11-11', source: 'gp' }),
    );
    expect(columns.map((one) => [one.title, one.unit, one.groups.length])).toEqual([
      ['HbA1c', '%', 1],
      ['HbA1c', 'mmol/mol', 1],
      ['Creatinine', 'µmol/L', 2],
    ]);
  });

  it('joins what shares a code through a third, and never blood with urine', () => {
    const [loinc, snomed] = [
      { system: system.loinc, code: '2951-2' },
      { system: system.snomed, code: '1000661000000107' },
    ];
    const both = observation({ coding: [loinc, snomed], at: '2026-11-19' });
    const lone = [
      observation({ coding: [loinc], at: '2026-11-18' }),
      observation({ coding: [snomed], at: '2026-11-17' }),
    ];
    expect(grid(...lone).columns).toHaveLength(2);
    expect(grid(both, ...lone).columns.map((one) => one.groups.length)).toEqual([3]);
    const urine = observation({ coding: [loinc, snomed], value: 20, specimen: 'Urine sample' });
    expect(grid(both, ...lone, urine).columns.map((one) => [one.specimen, one.groups.length])).toEqual([
      ['urine', 1],
      [undefined, 3],
    ]);
  });

  it('has known tests in the order of the laboratory and the others by name', () => {
    const names = ['CRP', 'Zinc', 'Potassium', 'Copper', 'Sodium'];
    const { columns } = grid(...names.map((name, index) => observation({ code: `x${index}`, name })));
    expect(columns.map((one) => one.title)).toEqual(['Sodium', 'Potassium', 'CRP', 'Copper', 'Zinc']);
  });
});

describe('ranges', () => {
  const other = { code: '14682-9', name: 'Creatinine', unit: 'µmol/L' } as const;

  it('of another laboratory are marked where they differ from the head (H5)', () => {
    const { columns, sets } = grid(
      observation({ ...other, value: 168, range: [59, 104] }),
      observation({ ...other, value: 138, range: [62, 106], at: '2026-04-14', source: 'gp' }),
      observation({ ...other, value: 140, at: '2025-04-14', source: 'gp' }),
    );
    const { notes, markOf } = rangeNotes(columns, sets);
    expect(columns[0]?.range).toBe('59–104');
    expect(notes.map((one) => [one.mark, one.range])).toEqual([
      ['†', '62–106'],
      ['‡', undefined],
    ]);
    const marked = columns[0]?.groups.map((one: Group) => markOf.get(one.id));
    expect(marked).toEqual([undefined, '†', '‡']);
  });

  it('in another unit than the value keep that unit, flag nothing and draw nothing (H5)', () => {
    const { columns } = grid(
      observation({ code: '718-7', name: 'Haemoglobin', value: 108, unit: 'g/L', range: [13, 18, 'g/dL'] }),
    );
    const value = columns[0]?.groups[0]?.row.value;
    expect(value).toMatchObject({ flag: undefined, low: undefined, high: undefined });
    expect(value?.range).toMatch(/^13\sg\/dL–18\sg\/dL$/);
  });

  it('in another writing of the same unit are ranges of the value', () => {
    const { columns } = grid(observation({ ...other, value: 168, range: [59, 104, 'umol/l'] }));
    expect(columns[0]?.groups[0]?.row.value).toMatchObject({ flag: 'high', range: '59–104', high: 104 });
  });
});

it('finds the panel of a test by its name, and apart what is measured in urine', () => {
  const panels = [
    ['Serum creatinine level', undefined, 'kidney'],
    ['Creatinine [Mass/volume] in Serum or Plasma', undefined, 'kidney'],
    ['Creatinine', 'urine', 'urine'],
    ['Albumin/creatinine ratio', undefined, 'urine'],
    ['Haemoglobin estimation', undefined, 'blood-count'],
    ['Hemoglobin A1c/Hemoglobin.total in Blood', undefined, 'diabetes'],
    ['ALT', undefined, 'liver'],
    ['NT-proBNP', undefined, 'heart'],
    ['TSH', undefined, 'thyroid'],
    ['Urine culture', 'urine', 'microbiology'],
    ['SARS-CoV-2 PCR', 'swab', 'microbiology'],
    ['Zinc', undefined, 'other'],
  ] as const;
  for (const [title, specimen, panel] of panels)
    expect([title, placeOf(title, specimen).panel]).toEqual([title, panel]);
});
