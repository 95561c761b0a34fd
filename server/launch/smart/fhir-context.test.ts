import { describe, expect, it } from 'vitest';
import { isFhirId, launchedIn, localReference, readFhirContext } from './fhir-context.ts';

describe('fhirContext', () => {
  it.each([
    ['a reference', { reference: 'ImagingStudy/123' }],
    ['a reference with the role of a launch', { reference: 'DiagnosticReport/1', role: 'launch' }],
    ['a reference with a role that is a URI', { reference: 'List/1', role: 'https://example.org/role/home' }],
    ['a canonical', { canonical: 'http://example.org/PlanDefinition/immunisation|1.2', type: 'PlanDefinition' }],
    ['a canonical without a type', { canonical: 'https://example.org/Questionnaire/1' }],
    ['an identifier', { identifier: { system: 'urn:x', value: '1' }, type: 'Task' }],
    ['another patient, with a role', { reference: 'Patient/2', role: 'https://example.org/role/mother' }],
  ])('keeps %s @172', (_what, item) => expect(readFhirContext([item])).toEqual([item]));

  it.each([
    ['nothing that points', { role: 'launch' }],
    ['an absolute reference', { reference: 'https://epr.example/ImagingStudy/1' }],
    ['a reference without an id', { reference: 'ImagingStudy' }],
    ['a reference that is a path', { reference: 'ImagingStudy/..' }],
    ['a reference with a version', { reference: 'ImagingStudy/1/_history/2' }],
    ['a reference that is no text', { reference: { reference: 'ImagingStudy/1' } }],
    ['a canonical that is no URL', { canonical: 'PlanDefinition/1' }],
    ['an identifier that is a text', { identifier: '1' }],
    ['a type that is none', { reference: 'ImagingStudy/1', type: 'imaging study' }],
    ['an empty role', { reference: 'ImagingStudy/1', role: '' }],
    ['a role that is a word', { reference: 'ImagingStudy/1', role: 'viewer' }],
    ['the patient, which has a member of its own', { reference: 'Patient/1' }],
    ['the encounter, as launched', { reference: 'Encounter/1', role: 'launch' }],
    ['a patient by identifier', { identifier: { value: '1' }, type: 'Patient' }],
    ['no object', 'ImagingStudy/1'],
  ])('leaves out %s @172', (_what, item) =>
    expect(readFhirContext([item, { reference: 'List/1' }])).toEqual([{ reference: 'List/1' }]),
  );

  it.each([undefined, null, {}, 'x', 7])('that is %j is empty', (value) => expect(readFhirContext(value)).toEqual([]));

  it('has no more than fifty', () => {
    expect(readFhirContext(Array.from({ length: 1_000 }, (_, n) => ({ reference: `List/${n}` })))).toHaveLength(50);
  });

  it('without a role is what the launch was made in @191', () => {
    const items = [
      { reference: 'PractitionerRole/1' },
      { reference: 'PractitionerRole/2', role: 'https://example.org/other' },
      { reference: 'PractitionerRole/3', role: 'launch' },
      { reference: 'List/4' },
    ];
    expect(launchedIn(items, 'PractitionerRole')).toEqual(['1', '3']);
  });
});

describe('a FHIR id', () => {
  it.each(['1', 'a-b.c', 'x'.repeat(64), '..a'])('is %s', (id) => expect(isFhirId(id)).toBe(true));
  it.each(['', '.', '..', '...', 'a/b', 'a b', 'a%2e', 'x'.repeat(65), 'é', 7, undefined])('is not %j', (id) =>
    expect(isFhirId(id)).toBe(false),
  );
  it('stands behind a type in a reference', () => {
    expect(localReference('Practitioner/7')).toEqual({ type: 'Practitioner', id: '7' });
    for (const other of ['practitioner/7', 'Practitioner/7/', 'Practitioner//7', '/Practitioner/7', 'Practitioner/7?x'])
      expect(localReference(other)).toBeUndefined();
  });
});
