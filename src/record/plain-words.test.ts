import { describe, expect, it } from 'vitest';
import type { Resource } from '../fhir/resource.ts';
import type { Group, SectionId } from './record.ts';
import { concept, from, recordOf } from './testing.ts';

const unknown = concept('UNK', 'unknown', 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor');
const groupsOf = (section: SectionId, ...lines: readonly Resource[]): readonly Group[] =>
  recordOf(...lines.map((one, index) => from('gp', { id: String(index), ...one }))).sections[section].groups;

describe('a vaccine whose code says only "unknown"', () => {
  const given = (code: string, display: string): Resource => ({
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: unknown,
    occurrenceDateTime: '2018-06-28',
    extension: [
      {
        url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-VaccinationProcedure',
        valueCodeableConcept: concept(code, display),
      },
    ],
  });

  it('is called by its procedure', () =>
    expect(groupsOf('immunisations', given('1', '6-in-1 vaccination'))[0]?.row.title).toBe('6-in-1 vaccination'));

  it('is never one with another of the same day', () =>
    expect(
      groupsOf('immunisations', given('1', '6-in-1 vaccination'), given('2', 'Rotavirus vaccination')),
    ).toHaveLength(2));
});

describe('no code stands where a word belongs', () => {
  it.each<[string, string]>([
    ['noshow', 'Did not attend'],
    ['fulfilled', 'Attended'],
    ['booked', 'Booked'],
  ])('an appointment that is %s', (status, words) =>
    expect(
      groupsOf('appointments', { resourceType: 'Appointment', status, start: '2026-07-24T10:00:00Z' })[0]?.row.status,
    ).toBe(words),
  );

  it('an assessment says its name and Yes or No', () => {
    const [row] = groupsOf('care-plans', {
      resourceType: 'QuestionnaireResponse',
      status: 'completed',
      _questionnaire: {
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/display', valueString: 'Capacity assessment' }],
      },
      item: [{ text: 'Has capacity', answer: [{ valueBoolean: false }] }],
    }).map((one) => one.row);
    expect([row?.title, row?.detail]).toEqual(['Capacity assessment', 'Has capacity: No']);
  });

  it('a decision says what it is about, and a refusal alone', () => {
    const consent = (type: string): Resource => ({
      resourceType: 'Consent',
      status: 'active',
      scope: concept('adr', 'adr', 'http://terminology.hl7.org/CodeSystem/consentscope'),
      category: [{ text: 'No intensive care' }],
      provision: { type },
    });
    const details = ['deny', 'permit'].map((type) => groupsOf('care-plans', consent(type))[0]?.row.detail);
    expect(details).toEqual(['Advance decision; Refused', 'Advance decision']);
  });

  it('a detail does not say the title again', () => {
    const [row] = groupsOf('alerts', {
      resourceType: 'RiskAssessment',
      status: 'final',
      code: { text: 'Relapse' },
      prediction: [{ outcome: { text: 'relapse' }, qualitativeRisk: { text: 'High' } }],
    }).map((one) => one.row);
    expect([row?.title, row?.status, row?.detail]).toEqual(['Relapse', undefined, 'High']);
  });
});
