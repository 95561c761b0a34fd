import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecord } from './builder.ts';
import { from, homes, now, recordOf, region, type SourceId } from './testing.ts';

const types = [
  'AllergyIntolerance',
  'Condition',
  'FamilyMemberHistory',
  'MedicationStatement',
  'MedicationRequest',
  'MedicationDispense',
  'MedicationAdministration',
  'Medication',
  'DeviceUseStatement',
  'Observation',
  'DiagnosticReport',
  'ImagingStudy',
  'Encounter',
  'EpisodeOfCare',
  'Communication',
  'Appointment',
  'ServiceRequest',
  'ReferralRequest',
  'Procedure',
  'Immunization',
  'ImmunizationRecommendation',
  'DocumentReference',
  'Composition',
  'Binary',
  'CarePlan',
  'Goal',
  'Consent',
  'Task',
  'QuestionnaireResponse',
  'ClinicalImpression',
  'Flag',
  'DetectedIssue',
  'RiskAssessment',
  'RelatedPerson',
  'CareTeam',
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Patient',
  'List',
  'OperationOutcome',
  'Nonsense',
  '__proto__',
  'constructor',
];
const members = [
  'id',
  'identifier',
  'status',
  'clinicalStatus',
  'verificationStatus',
  'code',
  'category',
  'type',
  'class',
  'period',
  'reaction',
  'note',
  'dosage',
  'dosageInstruction',
  'medicationReference',
  'medicationCodeableConcept',
  'basedOn',
  'participant',
  'performer',
  'valueQuantity',
  'valueString',
  'referenceRange',
  'component',
  'interpretation',
  'effectiveDateTime',
  'effectivePeriod',
  'issued',
  'recordedDate',
  'onsetDateTime',
  'abatementDateTime',
  'authoredOn',
  'start',
  'content',
  'context',
  'contained',
  'extension',
  'name',
  'telecom',
  'address',
  'birthDate',
  'generalPractitioner',
  'result',
  'hasMember',
  'item',
  'section',
  'activity',
  'entry',
  'emptyReason',
  'vaccineCode',
  'occurrenceDateTime',
  'reasonCode',
  'description',
  'title',
  'meta',
  'resourceType',
  'subject',
  'text',
];
const inner = [
  'coding',
  'system',
  'code',
  'display',
  'text',
  'reference',
  'value',
  'unit',
  'start',
  'end',
  'low',
  'high',
  'url',
  'valueCode',
  'extension',
  'attachment',
  'manifestation',
  'family',
  'given',
  'timing',
  'repeat',
  'item',
  'answer',
  'resourceType',
  'id',
];

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    ' ',
    '9999-12-31',
    '2026-02-30',
    '2026-11-19T25:00',
    '#',
    '#x',
    'Patient/1',
    'Condition/1',
    'urn:uuid:1',
    '\u202eevil',
    '<script>alert(1)</script>',
    'x'.repeat(1000),
    -1,
    1e308,
    true,
    [],
    {},
    [[]],
    [null],
    [{}],
    { coding: null },
    { coding: [{}] },
    { coding: [null, 'x'] },
    'constructor',
    '__proto__',
  ),
  fc.string(),
  fc.jsonValue({ maxDepth: 2 }),
);
const { value: anyValue } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    odd,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...inner), tie('value'), { maxKeys: 4 }),
  ),
}));
const anyResource = fc
  .tuple(
    fc.constantFrom(...types),
    fc.constantFrom<SourceId>('gp', 'uhnm', 'wmshcr'),
    fc.dictionary(fc.constantFrom(...members), anyValue, { maxKeys: 10 }),
  )
  .map(([resourceType, source, rest]) => from(source, { ...rest, resourceType }));

describe('hostile FHIR', () => {
  it('never throws, and each resource is in exactly one group, with a title, a date text and its fields', () => {
    fc.assert(
      fc.property(fc.array(anyResource, { maxLength: 8 }), (lines) => {
        const builder = createRecord(region, now);
        for (const line of lines) {
          builder.add([line]);
          builder.snapshot();
        }
        const groups = homes(builder.snapshot());
        const details = groups.flatMap((group) => builder.detail(group.id)?.members ?? []);
        expect(new Set(details.map((one) => one.id)).size).toBe(details.length);
        const held = new Set(details.map((one) => JSON.stringify(one.raw)));
        for (const line of lines) expect(held.has(JSON.stringify(line))).toBe(true);
        for (const group of groups) {
          expect(group.row.title).not.toBe('');
          expect(group.row.dateText).not.toBe('');
          expect(group.row.chips.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('takes any line at all', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.jsonValue(), fc.anything())), (lines) => {
        const builder = createRecord(region, now);
        builder.add(lines);
        expect(builder.snapshot().unreadable).toBe(
          lines.length - homes(builder.snapshot()).flatMap((one) => one.members).length,
        );
      }),
    );
  });

  it('ends on references that go round', () => {
    const role = from('gp', {
      resourceType: 'PractitionerRole',
      id: '1',
      practitioner: { reference: 'PractitionerRole/1' },
      organization: { reference: 'PractitionerRole/1' },
    });
    const panel = from('gp', {
      resourceType: 'Observation',
      id: '2',
      hasMember: [{ reference: 'Observation/2' }, { reference: 'Observation/3' }],
    });
    const member = from('gp', { resourceType: 'Observation', id: '3', hasMember: [{ reference: 'Observation/2' }] });
    expect(homes(recordOf(role, panel, member)).flatMap((one) => one.members)).toHaveLength(3);
  });

  it('shows what is no real date as it was recorded, undated, last', () => {
    const groups = recordOf(
      from('gp', { resourceType: 'Procedure', id: '1', code: { text: 'A' }, performedDateTime: '2026-02-30' }),
      from('gp', { resourceType: 'Procedure', id: '2', code: { text: 'B' }, performedDateTime: '2001' }),
    ).sections.procedures.groups;
    expect(groups.map((one) => one.row.dateText)).toEqual(['2001', '2026-02-30']);
  });

  it('holds what nests too deep to be compared, or counts it', () => {
    let deep: unknown = 'end';
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
    const record = recordOf(from('gp', { resourceType: 'Condition', id: '1', code: { text: 'A' }, note: deep }));
    expect(homes(record).length + record.unreadable).toBe(1);
  });
});
