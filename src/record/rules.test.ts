import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcome } from '../fhir/outcome.ts';
import type { Resource } from '../fhir/resource.ts';
import type { SourceStatus } from '../fhir/status.ts';
import { ohc, sourceUri, system } from '../fhir/systems.ts';
import { createRecord } from './builder.ts';
import type { Group, SectionId } from './record.ts';
import { concept, ended, from, homes, now, recordOf, region, shuffled, type SourceId } from './testing.ts';

const coded = (value: string): unknown => ({ coding: [{ code: value }] });
const sources: readonly SourceId[] = ['gp', 'uhnm', 'wmshcr'];
const groupsIn = (section: SectionId, ...lines: readonly unknown[]): readonly Group[] =>
  recordOf(...lines).sections[section].groups;
const labels = (group: Group | undefined): readonly string[] => group?.row.chips.map((one) => one.label) ?? [];

const anyDate = fc.constantFrom('2015', '2019-05', '2019-05-03', '2021-02-01T10:00:00Z', undefined);
const anyCode = fc.constantFrom(
  concept('91936005', 'Allergy to penicillin'),
  concept('300916003', 'Latex allergy'),
  {
    coding: [
      { system: system.readV2, code: 'SN5..' },
      { system: system.snomed, code: '91936005' },
    ],
  },
  { coding: [{ system: system.readV2, code: 'SN5..' }] },
  { text: 'Penicillin' },
  { text: 'penicillin ' },
  undefined,
);
const anyDose = fc.constantFrom('One tablet daily', '1 tablet daily', 'Two tablets daily', undefined);
const anyIdentifier = fc.constantFrom(
  [{ system: 'https://example.org/id', value: '1' }],
  undefined,
  undefined,
  undefined,
);
const anyStatus = fc.constantFrom('active', 'resolved', 'stopped', 'completed', 'final', 'entered-in-error', undefined);

const anyResource = fc
  .record({
    resourceType: fc.constantFrom(
      'AllergyIntolerance',
      'Condition',
      'MedicationRequest',
      'MedicationStatement',
      'Immunization',
      'Observation',
      'Encounter',
      'Procedure',
      'DocumentReference',
      'Flag',
    ),
    id: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8'),
    code: anyCode,
    when: anyDate,
    dose: anyDose,
    identifier: anyIdentifier,
    status: anyStatus,
    certainty: fc.constantFrom('confirmed', 'refuted', 'entered-in-error', undefined),
    risk: fc.constantFrom('high', 'low', undefined),
    value: fc.constantFrom(4.2, 5, undefined),
    source: fc.constantFrom(...sources),
  })
  .map(({ resourceType, id, code, when, dose, identifier, status, certainty, risk, value, source }) =>
    from(source, {
      resourceType,
      id,
      code,
      identifier,
      vaccineCode: code,
      type: resourceType === 'Encounter' ? [code] : code,
      medicationCodeableConcept: code,
      status,
      clinicalStatus: status === undefined ? undefined : coded(status),
      verificationStatus: certainty === undefined ? undefined : coded(certainty),
      criticality: risk,
      onsetDateTime: when,
      occurrenceDateTime: when,
      effectiveDateTime: when,
      performedDateTime: when,
      authoredOn: when,
      date: when,
      period: { start: when },
      dosageInstruction: [{ text: dose }],
      dosage: [{ text: dose }],
      valueQuantity: value === undefined ? undefined : { value, unit: 'mmol/L' },
      recordedDate: when,
    }),
  );

const record = fc.array(anyResource, { maxLength: 14 });

describe('a source that the region does not list', () => {
  const ending = (status: SourceStatus): Resource => ({
    ...outcome({
      id: 'source-pds',
      severity: 'warning',
      issue: 'incomplete',
      system: ohc.sourceStatus,
      code: status,
      text: status,
    }),
    meta: {
      tag: [
        { system: system.odsOrganisation, code: 'X26', display: 'Demographics' },
        { system: ohc.sourceLabel, code: 'PDS' },
      ],
    },
  });
  const relative: Resource = {
    resourceType: 'RelatedPerson',
    id: 'r',
    name: [{ family: 'Ashby' }],
    meta: { source: sourceUri('pds'), tag: [{ system: ohc.sourceLabel, code: 'PDS' }] },
  };

  it('and that gives only who is near to the person is no organisation with a record; its label stands with them', () => {
    const record = recordOf(relative, ending('complete'));
    expect(record.sources).toHaveLength(region.sources.length);
    expect(labels(record.sections.people.groups[0])).toEqual(['PDS']);
  });

  it('is named where it left a gap', () => {
    expect(recordOf(ending('timeout')).sources.at(-1)).toMatchObject({
      source: { id: 'pds', label: 'PDS', name: 'Demographics' },
      status: 'timeout',
    });
  });
});

describe('what another shared care record passes on', () => {
  const blood = (id: string): Resource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { coding: [{ system: 'http://snomed.info/sct', code: '1000731000000107', display: 'Serum creatinine' }] },
    effectiveDateTime: '2026-11-19T09:00:00Z',
    valueQuantity: { value: 168, unit: 'umol/L' },
  });
  /** The same of the neighbouring record, tagged as the facade tags what it has from an organisation. */
  const passedOn = (id: string, ods: string, label: string): Resource => ({
    ...blood(id),
    meta: {
      source: sourceUri('wmshcr'),
      tag: [
        { system: system.odsOrganisation, code: ods, display: `${label} trust` },
        { system: ohc.sourceLabel, code: 'WMShCR', display: `WMShCR: ${label}` },
      ],
    },
  });

  it('is one group with what the organisation itself gave, and keeps every original under its own label', () => {
    const record = recordOf(from('uhnm', blood('a')), passedOn('b', 'ODSUHNM', 'UHNM'), passedOn('c', 'RRK', 'UHB'));
    const groups = record.sections.results.groups;
    expect(groups).toHaveLength(1);
    expect(groups[0]?.members).toHaveLength(3);
    expect(new Set(labels(groups[0]))).toEqual(new Set(['UHNM', 'WMShCR: UHB', 'WMShCR: UHNM']));
  });
});

describe('rules 1 and 2: nothing is dropped, no order shows', () => {
  it('holds every resource in exactly one group', () => {
    fc.assert(
      fc.property(record, (lines) => {
        const builder = createRecord(region, now);
        builder.add(lines);
        const members = homes(builder.snapshot()).flatMap((group) => builder.detail(group.id)?.members ?? []);
        expect(new Set(members.map((one) => one.id)).size).toBe(members.length);
        const held = members.map((one) => JSON.stringify(one.raw)).sort();
        expect(held).toEqual([...new Set(lines.map((one) => JSON.stringify(one)))].sort());
      }),
      { numRuns: 150 },
    );
  });

  it('is the same in any order, in any steps, and when all comes twice', () => {
    fc.assert(
      fc.property(record, fc.nat(), fc.nat(), (lines, seed, cut) => {
        const other = createRecord(region, now);
        const mixed = shuffled([...lines, ...lines], seed);
        const half = cut % (mixed.length + 1);
        other.add(mixed.slice(0, half));
        other.snapshot();
        other.add(mixed.slice(half));
        const [a, b] = [recordOf(...lines), other.snapshot()];
        expect(b).toEqual(a);
      }),
      { numRuns: 150 },
    );
  });

  it('leaves what did not change the same object', () => {
    const builder = createRecord(region, now);
    builder.add([from('gp', { resourceType: 'Condition', id: '1', code: concept('1', 'Asthma') })]);
    builder.add([from('gp', { resourceType: 'Flag', id: '2', code: concept('2', 'Alert') })]);
    const before = builder.snapshot();
    expect(builder.snapshot()).toBe(before);
    builder.add([from('uhnm', { resourceType: 'Flag', id: '3', code: concept('3', 'Other') })]);
    const after = builder.snapshot();
    expect(after.sections.problems).toBe(before.sections.problems);
    expect(after.sections.alerts).not.toBe(before.sections.alerts);
    expect(after.sections.alerts.groups).toContain(before.sections.alerts.groups[0]);
  });
});

describe('rule 3: group and never blend', () => {
  it('every row is said by one of its members', () => {
    fc.assert(
      fc.property(record, (lines) => {
        for (const group of homes(recordOf(...lines))) {
          const [own] = lines.flatMap((line) => {
            const alone = homes(recordOf(line))[0];
            return alone !== undefined && alone.id === group.members[0]?.id.replace(/~.*$/, '') ? [alone] : [];
          });
          if (group.section === 'medicines' || group.members[0]?.id.includes('~') === true) continue;
          const same = lines.some((line) => {
            const alone = homes(recordOf(line))[0];
            return (
              alone?.row.title === group.row.title &&
              alone.row.detail === group.row.detail &&
              alone.row.dateText === group.row.dateText
            );
          });
          expect(own !== undefined && same).toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('names the fields on which members differ', () => {
    const [group] = groupsIn(
      'allergies',
      from('gp', { resourceType: 'AllergyIntolerance', id: '1', code: concept('1', 'Latex'), criticality: 'low' }),
      from('uhnm', { resourceType: 'AllergyIntolerance', id: '1', code: concept('1', 'Latex'), criticality: 'high' }),
    );
    expect(group?.conflicts).toEqual([{ field: 'risk', words: 'Risk differs' }]);
    expect(group?.tags).toEqual([{ kind: 'conflict', words: 'Risk differs' }]);
    expect(labels(group)).toEqual(['UHNM', 'GP']);
  });
});

describe('rule 4: safety is asymmetric', () => {
  const penicillin = (source: SourceId, certainty: string, clinical: string, risk: string): Resource =>
    from(source, {
      resourceType: 'AllergyIntolerance',
      id: `${source}-${certainty}-${clinical}-${risk}`,
      code: concept('91936005', 'Allergy to penicillin'),
      verificationStatus: coded(certainty),
      clinicalStatus: coded(clinical),
      criticality: risk,
    });

  it('a live confirmed one is shown as active with the highest risk, whatever else is said', () => {
    const one = fc.tuple(
      fc.constantFrom(...sources),
      fc.constantFrom('confirmed', 'refuted', 'unconfirmed'),
      fc.constantFrom('active', 'resolved', 'inactive'),
      fc.constantFrom('high', 'low', 'unable-to-assess'),
    );
    fc.assert(
      fc.property(fc.array(one, { maxLength: 6 }), fc.nat(), (others, seed) => {
        const one = ['gp', 'confirmed', 'active', 'high'] as const;
        const lines = [...others, one].map(([source, certainty, clinical, risk]) =>
          penicillin(source, certainty, clinical, risk),
        );
        const [group, ...rest] = groupsIn('allergies', ...shuffled(lines, seed));
        expect(rest).toEqual([]);
        expect(group?.subsection).toBe('active');
        expect(group?.row.detail).toContain('High risk');
        expect(group?.row.status).toBeUndefined();
        expect(group?.row.allergy?.said).toBe('High risk, confirmed');
      }),
    );
  });

  it('entered in error never groups with live, even under one identifier', () => {
    const identifier = [{ system: 'https://example.org', value: '1' }];
    const lines = ['active', 'entered-in-error'].map((status, index) =>
      from(sources[index] ?? 'gp', {
        resourceType: 'AllergyIntolerance',
        id: '1',
        identifier,
        code: concept('1', 'Latex'),
        verificationStatus: coded(status === 'active' ? 'confirmed' : status),
      }),
    );
    const groups = groupsIn('allergies', ...lines);
    expect(groups.map((one) => `${one.subsection} ${one.row.struckThrough}`).sort()).toEqual([
      'active false',
      'ruled-out true',
    ]);
  });

  it('a problem active anywhere is active, and says that others differ', () => {
    const condition = (source: SourceId, status: string): Resource =>
      from(source, {
        resourceType: 'Condition',
        id: status,
        code: concept('1', 'Asthma'),
        clinicalStatus: coded(status),
        onsetDateTime: '2001-05',
      });
    const [group, ...rest] = groupsIn('problems', condition('uhnm', 'resolved'), condition('gp', 'active'));
    expect(rest).toEqual([]);
    expect(group?.subsection).toBe('active');
    expect(group?.conflicts.map((one) => one.field)).toEqual(['status']);
  });

  it('an assertion of no allergy beside a live one says that allergies are listed elsewhere', () => {
    const groups = groupsIn(
      'allergies',
      from('gp', { resourceType: 'AllergyIntolerance', id: '1', code: concept('1', 'Latex') }),
      from('uhnm', { resourceType: 'AllergyIntolerance', id: '1', code: concept('716186003', 'No known allergy') }),
    );
    expect(groups.find((one) => one.subsection === 'none-known')?.tags[0]?.words).toBe(
      'Allergies are listed elsewhere',
    );
  });
});

describe('rule 5: code sets, text only where neither has a code', () => {
  const allergy = (source: SourceId, code: unknown): Resource =>
    from(source, { resourceType: 'AllergyIntolerance', id: source, code });
  const read = { system: system.readV2, code: 'SN5..' };
  const snomed = { system: system.snomed, code: '91936005' };

  it.each<[string, unknown, unknown, number]>([
    ['a translation in common', { coding: [read, snomed] }, { coding: [snomed] }, 1],
    ['another system alone', { coding: [read] }, { coding: [snomed] }, 2],
    ['the same text, both without a code', { text: 'Penicillin' }, { text: ' PENICILLIN' }, 1],
    ['the same text, one with a code', { text: 'Penicillin', coding: [snomed] }, { text: 'Penicillin' }, 2],
    [
      'the same code of two systems',
      { coding: [{ system: 'a', code: '1' }] },
      { coding: [{ system: 'b', code: '1' }] },
      2,
    ],
    [
      'the code of a degraded entry',
      { coding: [{ system: system.snomed, code: '196461000000101' }], text: 'Latex' },
      { coding: [{ system: system.snomed, code: '196461000000101' }], text: 'Aspirin' },
      2,
    ],
    ['no name at all', undefined, undefined, 2],
  ])('%s', (_, a, b, expected) =>
    expect(groupsIn('allergies', allergy('gp', a), allergy('uhnm', b))).toHaveLength(expected),
  );
});

describe('rule 6: results', () => {
  const result = (
    source: SourceId,
    effectiveDateTime: string,
    value: number,
    unit = 'µmol/L',
    more: object = {},
  ): Resource =>
    from(source, {
      resourceType: 'Observation',
      id: `${source}-${effectiveDateTime}-${value}-${unit}`,
      code: concept('1', 'Creatinine'),
      effectiveDateTime,
      valueQuantity: { value, unit },
      ...more,
    });
  const at = '2026-11-19T07:10:00Z';

  it.each<[string, readonly Resource[], number]>([
    ['the same instant and value', [result('gp', at, 168), result('uhnm', at, 168)], 1],
    ['another value', [result('gp', at, 168), result('uhnm', at, 169)], 2],
    ['another unit', [result('gp', at, 168), result('uhnm', at, 168, 'mmol/L')], 2],
    ['another instant of the day', [result('gp', at, 168), result('uhnm', '2026-11-19T09:00:00Z', 168)], 2],
    ['only the day in one', [result('gp', '2026-11-19', 168), result('uhnm', at, 168)], 1],
    [
      'only the day, and two it may be',
      [result('gp', '2026-11-19', 168), result('uhnm', at, 168), result('wmshcr', '2026-11-19T09:00:00Z', 168)],
      3,
    ],
    [
      'two laboratories',
      [
        result('gp', at, 168, 'µmol/L', {
          performer: [{ identifier: { system: system.odsOrganisation, value: 'A' } }],
        }),
        result('uhnm', at, 168, 'µmol/L', {
          performer: [{ identifier: { system: system.odsOrganisation, value: 'B' } }],
        }),
      ],
      2,
    ],
  ])('%s', (_, lines, expected) => expect(groupsIn('results', ...lines)).toHaveLength(expected));

  it('tell the latest and the one before it, in the same unit alone', () => {
    const groups = groupsIn(
      'results',
      result('gp', at, 168),
      result('gp', '2026-11-11T08:00:00Z', 151),
      result('gp', '2026-11-15T08:00:00Z', 1.7, 'mg/dL'),
    );
    expect(groups.map((one) => [one.row.value?.text, one.row.result?.latest, one.row.result?.previous?.text])).toEqual([
      ['168', true, '151'],
      ['1.7', true, undefined],
      ['151', false, undefined],
    ]);
  });

  it('tell the latest beside one that is dated in the future, which is told as such and hides nothing', () => {
    const groups = groupsIn(
      'results',
      result('gp', '2062-11-19T08:00:00Z', 190),
      result('gp', at, 168),
      result('gp', '2026-11-11T08:00:00Z', 151),
    );
    expect(
      groups.map(({ row, tags }) => [
        row.value?.text,
        row.result?.latest,
        row.result?.previous?.text,
        tags.map((tag) => tag.words),
      ]),
    ).toEqual([
      ['190', true, undefined, ['Dated in the future']],
      ['168', true, '151', []],
      ['151', false, undefined, []],
    ]);
  });

  it('takes a clock that runs ahead by less than a day for what it is', () => {
    const [first] = groupsIn('results', result('gp', '2026-11-20T20:00:00Z', 168), result('gp', at, 151));
    expect([first?.row.value?.text, first?.row.result?.previous?.text, first?.tags]).toEqual(['168', '151', []]);
  });

  it.each<[string, object, string | undefined]>([
    ['above its range', { referenceRange: [{ low: { value: 59 }, high: { value: 104 } }] }, 'high'],
    ['in its range', { referenceRange: [{ low: { value: 59 }, high: { value: 200 } }] }, undefined],
    [
      'said to be normal by the laboratory',
      { interpretation: [coded('N')], referenceRange: [{ high: { value: 104 } }] },
      undefined,
    ],
    ['said to be critical', { interpretation: [coded('HH')] }, 'critical-high'],
    ['a range in another unit', { referenceRange: [{ high: { value: 1.2, unit: 'mg/dL' } }] }, undefined],
    ['a range that is a target', { referenceRange: [{ type: coded('treatment'), high: { value: 100 } }] }, undefined],
  ])('flags %s', (_, more, flag) =>
    expect(groupsIn('results', result('gp', at, 168, 'µmol/L', more))[0]?.row.value?.flag).toBe(flag),
  );
});

describe('rule 7: a shared business identifier', () => {
  it("means the same record; the person's own number does not", () => {
    const document = (source: SourceId, space: string): Resource =>
      from(source, {
        resourceType: 'DocumentReference',
        id: source,
        identifier: [{ system: space, value: '9990000018' }],
        type: concept(source, source),
      });
    expect(groupsIn('documents', document('gp', 'https://x.org'), document('uhnm', 'https://x.org'))).toHaveLength(1);
    expect(groupsIn('documents', document('gp', system.nhsNumber), document('uhnm', system.nhsNumber))).toHaveLength(2);
  });
});

describe('rule 8: undated bridges nothing', () => {
  const jab = (source: SourceId, occurrenceDateTime?: string): Resource =>
    from(source, {
      resourceType: 'Immunization',
      id: `${source}${occurrenceDateTime ?? ''}`,
      status: 'completed',
      vaccineCode: concept('1', 'Influenza'),
      occurrenceDateTime,
    });
  const fracture = (source: SourceId, onsetDateTime?: string): Resource =>
    from(source, {
      resourceType: 'Condition',
      id: `${source}${onsetDateTime ?? ''}`,
      clinicalStatus: coded('resolved'),
      code: concept('1', 'Fracture of wrist'),
      onsetDateTime,
    });

  it('holds for immunisations', () => {
    expect(groupsIn('immunisations', jab('gp', '2024-10-01'), jab('uhnm', '2025-10-01'), jab('wmshcr'))).toHaveLength(
      3,
    );
    expect(groupsIn('immunisations', jab('gp', '2024-10-01'), jab('uhnm', '2024-10'))).toHaveLength(1);
    expect(
      groupsIn('immunisations', jab('gp', '2024-10-01'), jab('gp', '2024-10-20'), jab('uhnm', '2024-10')),
    ).toHaveLength(3);
  });

  it('holds for problems', () => {
    expect(
      groupsIn('problems', fracture('gp', '2015-01-01'), fracture('uhnm', '2021-01-01'), fracture('wmshcr')),
    ).toHaveLength(3);
    expect(groupsIn('problems', fracture('gp', '2015-01-01'), fracture('wmshcr'))).toHaveLength(1);
  });

  it('keeps what one organisation tells apart', () => {
    const live = (source: SourceId, onset: string): Resource => ({
      ...fracture(source, onset),
      clinicalStatus: coded('active'),
    });
    expect(
      groupsIn('problems', live('gp', '2015-01-01'), live('gp', '2021-01-01'), live('uhnm', '2021-01-01')),
    ).toHaveLength(2);
    expect(groupsIn('problems', live('gp', '2015-01-01'), live('uhnm', '2021-01-01'))).toHaveLength(1);
  });
});

describe('rule 9: medicines', () => {
  const medicine = (source: SourceId, id: string, dose: string | undefined, more: object = {}): Resource =>
    from(source, {
      resourceType: 'MedicationRequest',
      id,
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: concept('1', 'Furosemide 40mg tablets', system.dmd),
      authoredOn: '2026-10-01',
      dosageInstruction: dose === undefined ? [] : [{ text: dose }],
      ...more,
    });

  it('different doses are never one line, whatever else they share', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.constantFrom(...sources),
            fc.constantFrom('One daily', 'Two daily', 'Half daily'),
            fc.constantFrom('2026-10-01', '2026-09-01'),
          ),
          { maxLength: 8 },
        ),
        fc.boolean(),
        (some, identified) => {
          const identifier = identified ? [{ system: 'https://x.org', value: '1' }] : undefined;
          const lines = some.map(([source, dose, authoredOn], index) =>
            medicine(source, String(index), dose, { authoredOn, identifier }),
          );
          const builder = createRecord(region, now);
          builder.add(lines);
          for (const group of builder.snapshot().sections.medicines.groups) {
            const doses = builder.detail(group.id)?.members.map((one) => JSON.stringify(one.raw['dosageInstruction']));
            expect(new Set(doses).size).toBe(1);
          }
        },
      ),
    );
  });

  it('are told to differ where both are current', () => {
    const groups = groupsIn('medicines', medicine('gp', '1', 'One daily'), medicine('uhnm', '2', 'Two daily'));
    expect(groups.map((one) => one.tags.map((tag) => tag.words))).toEqual([['Dose differs'], ['Dose differs']]);
  });

  it('routes keep lines apart', () => {
    const routed = (route: string): object => ({ dosageInstruction: [{ text: 'Once daily', route: { text: route } }] });
    expect(
      groupsIn('medicines', medicine('gp', '1', '', routed('Oral')), medicine('uhnm', '2', '', routed('Intravenous'))),
    ).toHaveLength(2);
  });

  it('the same dose of two organisations is one line with a bar for each', () => {
    const [line, ...rest] = groupsIn(
      'medicines',
      medicine('gp', '1', 'One tablet daily.'),
      medicine('uhnm', '2', '1 tablet  daily'),
    );
    expect(rest).toEqual([]);
    expect(line?.row.medicine?.spans.map((one) => one.chip.label)).toEqual(['GP', 'UHNM']);
    expect(line?.conflicts).toEqual([]);
  });

  it('plan, issues and statement of one prescription are one line with its last issue', () => {
    const plan = medicine('gp', 'plan', 'One daily', { intent: 'plan', authoredOn: '2026-01-01' });
    const issues = ['2026-09-01', '2026-10-01'].map((authoredOn) =>
      medicine('gp', authoredOn, 'One daily', {
        authoredOn,
        status: 'completed',
        basedOn: [{ reference: 'MedicationRequest/plan' }],
      }),
    );
    const statement = from('gp', {
      resourceType: 'MedicationStatement',
      id: 'statement',
      status: 'active',
      medicationReference: { reference: 'Medication/m' },
      basedOn: [{ reference: 'MedicationRequest/plan' }],
      effectivePeriod: { start: '2026-01-01' },
    });
    const drug = from('gp', {
      resourceType: 'Medication',
      id: 'm',
      code: concept('1', 'Furosemide 40mg tablets', system.dmd),
    });
    for (const seed of [1, 2, 3, 4]) {
      const [line, ...rest] = groupsIn('medicines', ...shuffled([plan, ...issues, statement, drug], seed));
      expect(rest).toEqual([]);
      expect(line?.subsection).toBe('current');
      expect(line?.row.title).toBe('Furosemide 40mg tablets');
      expect(line?.row.medicine).toMatchObject({ dose: 'One daily', start: { month: 1 }, lastIssued: { month: 10 } });
      expect(line?.row.detail).toContain('One daily');
      expect(line?.members).toHaveLength(4);
    }
  });

  it("stopped at the hospital and still on the practice's list is said", () => {
    const [line, ...rest] = groupsIn(
      'medicines',
      medicine('gp', '1', 'One daily', { authoredOn: '2026-01-01' }),
      medicine('uhnm', '2', 'One daily', {
        status: 'stopped',
        authoredOn: '2026-10-01',
        statusReason: { text: 'Acute kidney injury' },
      }),
    );
    expect(rest).toEqual([]);
    expect(line?.subsection).toBe('current');
    expect(line?.tags).toEqual([{ kind: 'conflict', words: 'Still on GP list' }]);
    expect(labels(line)).toEqual(['GP', 'UHNM']);
  });

  it('two courses of one medicine at one practice stay two lines', () => {
    const course = (id: string, authoredOn: string): Resource =>
      medicine('gp', id, 'One daily', { status: 'completed', authoredOn });
    expect(groupsIn('medicines', course('1', '2015-01-01'), course('2', '2019-01-01'))).toHaveLength(2);
  });
});

describe('what is not there', () => {
  it('is never said to be none: each section knows who could have contributed and has not answered in whole', () => {
    const record = recordOf(ended('gp', 'complete'), ended('uhnm', 'partial'));
    expect(record.sections.medicines).toMatchObject({ answered: ['gp'], waitingFor: ['uhnm', 'wmshcr'] });
  });

  it('is told of a source whose details differ, without its values', () => {
    const differs = [
      { url: 'https://one-health-and-care.nhs.uk/StructureDefinition/differs-on', valueCode: 'birthDate' },
    ];
    expect(recordOf(ended('uhnm', 'identity-mismatch', differs)).banner.mismatches).toEqual([
      { field: 'date of birth', sourceIds: ['uhnm'] },
    ]);
  });

  it('is said to be old where its source lags behind its usual delay', () => {
    const asOf = [
      {
        url: 'https://one-health-and-care.nhs.uk/StructureDefinition/data-as-of',
        valueDateTime: '2026-11-17T06:00:00Z',
      },
    ];
    const [group] = groupsIn(
      'alerts',
      from('uhnm', { resourceType: 'Flag', id: '1', code: concept('1', 'Falls') }),
      ended('uhnm', 'complete', asOf),
    );
    expect(group?.tags).toEqual([{ kind: 'stale', words: 'as of 17-Nov-2026' }]);
  });
});
