import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import { system } from '../fhir/systems.ts';
import type { Group } from './record.ts';
import { from, homes, recordOf, type SourceId } from './testing.ts';

/** What the sources say about a handful of facts, so that they often meet: each with an id of its own. */
type Said = {
  readonly source: SourceId;
  readonly codes: readonly (readonly [system: string, code: string])[];
  readonly text: string;
  readonly date: string | undefined;
  readonly value: number;
  readonly unit: string;
  readonly identifier: string | undefined;
};

const said = (identified: boolean): fc.Arbitrary<readonly Said[]> =>
  fc.array(
    fc.record({
      source: fc.constantFrom<SourceId>('gp', 'uhnm', 'wmshcr'),
      codes: fc.subarray([
        [system.snomed, '1'],
        [system.snomed, '2'],
        [system.readV2, '1'],
        [system.readV2, '9'],
      ] as const),
      text: fc.constantFrom('Penicillin', 'penicillin ', 'Latex'),
      date: fc.constantFrom('2024-10-01', '2024-10-02', '2024-10-01T09:00:00Z', '2024-10-01T17:00:00Z', undefined),
      value: fc.constantFrom(4, 5),
      unit: fc.constantFrom('mmol/L', 'mg/dL'),
      identifier: identified ? fc.constantFrom('a', 'b', undefined, undefined) : fc.constant(undefined),
    }),
    { maxLength: 8 },
  );

const resource = (resourceType: string, one: Said, at: number): Resource =>
  from(one.source, {
    resourceType,
    id: String(at),
    status: 'completed',
    code: { coding: one.codes.map(([space, code]) => ({ system: space, code })), text: one.text },
    vaccineCode: { coding: one.codes.map(([space, code]) => ({ system: space, code })), text: one.text },
    effectiveDateTime: one.date,
    occurrenceDateTime: one.date,
    performedDateTime: one.date,
    onsetDateTime: one.date,
    recordedDate: one.date,
    clinicalStatus: { coding: [{ code: 'resolved' }] },
    valueQuantity: { value: one.value, unit: one.unit },
    ...(one.identifier === undefined
      ? {}
      : { identifier: [{ system: 'https://example.org/id', value: one.identifier }] }),
  });

/** The groups of these, each as the numbers of its members. */
function grouped(resourceType: string, all: readonly Said[], leave?: (one: Said) => boolean): readonly number[][] {
  const lines = all.flatMap((one, at) => (leave?.(one) === true ? [] : [resource(resourceType, one, at)]));
  const numbers = ({ members }: Group): number[] =>
    members.map(({ id }) => Number(id.split('/').at(-1))).toSorted((a, b) => a - b);
  return homes(recordOf(...lines))
    .map(numbers)
    .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
}

const pick = (all: readonly Said[], group: readonly number[]): readonly Said[] =>
  group.map((at) => all[at]).filter((one) => one !== undefined);

/** True where all of a group can be reached from its first by steps between two of all that may be one. */
function isConnected(group: readonly Said[], all: readonly Said[], mayMeet: (a: Said, b: Said) => boolean): boolean {
  const reached = new Set(group.slice(0, 1));
  for (const one of reached) for (const other of all) if (mayMeet(one, other)) reached.add(other);
  return group.every((one) => reached.has(one));
}

const sameIdentifier = (a: Said, b: Said): boolean => a.identifier !== undefined && a.identifier === b.identifier;
const sharesName = (a: Said, b: Said): boolean =>
  a.codes.length === 0 && b.codes.length === 0
    ? a.text.trim().toLowerCase() === b.text.trim().toLowerCase()
    : a.codes.some(([space, code]) => b.codes.some((other) => other[0] === space && other[1] === code));

const types = ['AllergyIntolerance', 'Condition', 'Immunization', 'Procedure', 'Observation'] as const;

describe.each(types)('%s, whatever is said of it', (type) => {
  it('rule 5: joins only what shares a code, or a text where neither has one, or an identifier', () => {
    fc.assert(
      fc.property(said(true), (all) => {
        for (const group of grouped(type, all))
          expect(isConnected(pick(all, group), all, (a, b) => sharesName(a, b) || sameIdentifier(a, b))).toBe(true);
      }),
    );
  });

  it('rule 7: one business identifier is one group', () => {
    fc.assert(
      fc.property(said(true), (all) => {
        const groups = grouped(type, all);
        for (const identifier of ['a', 'b']) {
          const holding = groups.filter((group) => pick(all, group).some((one) => one.identifier === identifier));
          expect(holding.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('rule 8: what has no date never makes one of two that have one', () => {
    fc.assert(
      fc.property(said(false), (some) => {
        // Of one code: that two codes are one by a third that says both is rule 5.
        const all = some.map((one): Said => ({ ...one, codes: [[system.snomed, '1']] }));
        const dated = (one: Said | undefined): boolean => one?.date !== undefined;
        const withAll = grouped(type, all)
          .map((group) => group.filter((at) => dated(all[at])))
          .filter((group) => group.length > 0);
        const alone = grouped(type, all, (one) => !dated(one));
        for (const group of withAll) expect(alone.some((own) => group.every((at) => own.includes(at)))).toBe(true);
      }),
    );
  });

  it('rule 10: what was withheld before leaves no trace', () => {
    fc.assert(
      fc.property(said(true), fc.constantFrom('gp', 'uhnm', 'wmshcr'), (all, withheld) => {
        grouped(type, all);
        const left = grouped(type, all, (one) => one.source === withheld).flat();
        expect(left.toSorted((a, b) => a - b)).toEqual(all.flatMap((one, at) => (one.source === withheld ? [] : [at])));
      }),
    );
  });
});

describe('Observation', () => {
  it('rule 6: joins only one value in one unit, at one instant or on the one day that a source has', () => {
    fc.assert(
      fc.property(said(false), (all) => {
        for (const group of grouped('Observation', all)) {
          const members = pick(all, group);
          expect(new Set(members.map((one) => `${one.value} ${one.unit}`)).size).toBe(1);
          expect(new Set(members.map((one) => one.date?.slice(0, 10))).size).toBe(1);
          expect(new Set(members.map((one) => one.date).filter((one) => (one?.length ?? 0) > 10)).size).toBeLessThan(2);
        }
      }),
    );
  });
});
