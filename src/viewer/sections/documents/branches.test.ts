import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { group } from '../../fixtures/groups.ts';
import { branchesOf, titled, type Grouping } from './branches.ts';

const letter = (title: string, from: readonly string[], on?: string, specialty?: string) =>
  group('documents', 'current', title, from, {
    ...(on === undefined ? {} : { on }),
    event: {
      kind: 'other',
      start: undefined,
      end: undefined,
      place: undefined,
      who: undefined,
      specialty,
      status: undefined,
    },
  });
const titles = (groups: ReturnType<typeof letter>[], by: Grouping): readonly string[] =>
  branchesOf(groups, by).map((branch) => `${branch.title} ${branch.groups.length}`);
const all = [
  letter('Clinic letter', ['uhnm'], '2026-11-11', 'Cardiology'),
  letter('Clinic letter', ['gp', 'uhnm'], '2025-01-01', 'cardiology'),
  letter('Discharge summary', ['uhdb']),
];

describe('the documents', () => {
  it('stand by year, newest first, what has no date last', () => {
    expect(titles(all, 'date')).toEqual(['2026 1', '2025 1', 'No date 1']);
  });
  it('stand under each organisation that holds them', () => {
    expect(titles(all, 'organisation')).toEqual(['Etruria Vale Surgery 1', 'Royal Derby 1', 'Royal Stoke 2']);
  });
  it('stand by type and by specialty, whatever the case of its letters', () => {
    expect(titles(all, 'type')).toEqual(['Clinic letter 2', 'Discharge summary 1']);
    expect(titles(all, 'specialty')).toEqual(['Cardiology 2', 'Specialty not recorded 1']);
  });
  it('are found by all the words of a title, in any order', () => {
    expect(titled(all, 'LETTER clinic')).toHaveLength(2);
    expect(titled(all, '  ')).toHaveLength(3);
    expect(titled(all, 'letter x')).toHaveLength(0);
  });
  it('are all there, however they are put together', () => {
    const any = fc.record({
      title: fc.string(),
      from: fc.uniqueArray(fc.constantFrom('gp', 'uhnm', 'uhdb'), { minLength: 1 }),
      on: fc.option(fc.constantFrom('2026-01-01', '1999', '2020-05'), { nil: undefined }),
      specialty: fc.option(fc.string(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(any), fc.constantFrom<Grouping>('date', 'organisation', 'type', 'specialty'), (some, by) => {
        const groups = some.map((one) => letter(one.title, one.from, one.on, one.specialty));
        expect(new Set(branchesOf(groups, by).flatMap((branch) => branch.groups))).toEqual(new Set(groups));
      }),
    );
  });
});
