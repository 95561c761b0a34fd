import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { system } from '../fhir/systems.ts';
import { createRecord } from './builder.ts';
import { productHierarchyOf, type Products } from './product-hierarchy.ts';
import type { Group } from './record.ts';
import { from, now, region, type SourceId } from './testing.ts';

const hierarchy = productHierarchyOf({ products: { '100': ['101', '102'], '200': ['201'] } });
const names: Readonly<Record<string, string>> = {
  '100': 'Carbamazepine 200mg tablets',
  '101': 'Tegretol 200mg tablets',
  '102': 'Other brand 200mg tablets',
  '200': 'Lithium carbonate 400mg tablets',
  '201': 'Priadel 400mg tablets',
  '999': 'Not in the dictionary',
};

const medicine = (source: SourceId, id: string, code: string, more: object = {}): Resource =>
  from(source, {
    resourceType: 'MedicationRequest',
    id,
    status: 'active',
    intent: 'order',
    medicationCodeableConcept: { coding: [{ system: system.dmd, code, display: names[code] }] },
    authoredOn: '2026-10-01',
    dosageInstruction: [{ text: 'One twice a day' }],
    ...more,
  });

function groupsBy(products: Products, ...lines: readonly Resource[]): readonly Group[] {
  const builder = createRecord(region, now);
  builder.add(lines);
  builder.snapshot();
  builder.compareBy(products);
  return builder.snapshot().sections.medicines.groups;
}

describe('a brand and its generic', () => {
  const generic = medicine('gp', '1', '100');
  const brand = medicine('uhnm', '2', '101');

  it('are one line by the hierarchy, which keeps both records and says the other name', () => {
    const [line, ...rest] = groupsBy(hierarchy, generic, brand);
    expect(rest).toEqual([]);
    expect(line?.members).toHaveLength(2);
    expect(line?.row.title).toBe('Carbamazepine 200mg tablets');
    expect(line?.row.medicine).toMatchObject({
      alsoCalled: [{ title: 'Tegretol 200mg tablets', chip: { label: 'UHNM' } }],
      brandsNotCompared: false,
    });
  });

  it('are two lines without one, and each says that they are not compared', () => {
    const lines = groupsBy(undefined, generic, brand);
    expect(lines.map((one) => one.row.medicine?.brandsNotCompared)).toEqual([true, true]);
    expect(lines.map((one) => one.row.medicine?.alsoCalled)).toEqual([[], []]);
  });

  it('are not said to be uncompared while the hierarchy is on its way', () => {
    const lines = groupsBy('coming', generic, brand);
    expect(lines.map((one) => one.row.medicine?.brandsNotCompared)).toEqual([false, false]);
  });

  it('is said of the one alone that the hierarchy does not know, and of none that is past', () => {
    const lines = groupsBy(
      hierarchy,
      generic,
      medicine('uhnm', '2', '999'),
      medicine('uhnm', '3', '999', { status: 'completed' }),
    );
    const said = lines.map((one) => [one.row.title, one.subsection, one.row.medicine?.brandsNotCompared]);
    expect(said).toContainEqual(['Carbamazepine 200mg tablets', 'current', false]);
    expect(said).toContainEqual(['Not in the dictionary', 'current', true]);
    expect(said).toContainEqual(['Not in the dictionary', 'past', false]);
  });

  it('differ in dose as one medicine does (rule 9)', () => {
    const lines = groupsBy(
      hierarchy,
      generic,
      medicine('uhnm', '2', '101', { dosageInstruction: [{ text: 'Two at night' }] }),
    );
    expect(lines.map((one) => one.tags.map((tag) => tag.words))).toEqual([['Dose differs'], ['Dose differs']]);
  });

  it('is no other product for sharing an id of another code system', () => {
    const local = { medicationCodeableConcept: { coding: [{ system: 'https://x.org', code: '101' }] } };
    expect(groupsBy(hierarchy, generic, medicine('uhnm', '2', '101', local))).toHaveLength(2);
  });
});

it('drops nothing, blends no two products or doses, and is the same in any order', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.constantFrom<SourceId>('gp', 'uhnm', 'wmshcr'),
          fc.constantFrom(...Object.keys(names)),
          fc.constantFrom('One daily', 'Two daily'),
        ),
        { maxLength: 8 },
      ),
      (some) => {
        const lines = some.map(([source, code, dose], index) =>
          medicine(source, String(index), code, { dosageInstruction: [{ text: dose }] }),
        );
        const groups = groupsBy(hierarchy, ...lines);
        const members = groups.flatMap((one) => one.members.map((member) => member.id));
        expect(new Set(members).size).toBe(lines.length);
        expect(members).toHaveLength(lines.length);
        for (const group of groups) {
          const own = some.filter((_, index) => group.members.some((one) => one.id.endsWith(`/${index}`)));
          expect(own).toHaveLength(group.members.length);
          expect(new Set(own.map(([, code]) => hierarchy.get(code) ?? code)).size).toBe(1);
          expect(new Set(own.map(([, , dose]) => dose)).size).toBe(1);
        }
        expect(groupsBy(hierarchy, ...lines.toReversed())).toEqual(groups);
      },
    ),
  );
});

it('is refused where it is no hierarchy', () => {
  expect(() => productHierarchyOf({ products: 'x' })).toThrow('no hierarchy');
  expect(() => productHierarchyOf([])).toThrow('no hierarchy');
});
