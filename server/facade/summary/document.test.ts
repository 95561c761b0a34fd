import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { object, objects, text, type JsonObject } from '../../../src/fhir/json.ts';
import { entriesOf, idOf, type Resource } from '../../../src/fhir/resource.ts';
import { system } from '../../../src/fhir/systems.ts';
import { summaryDocument, type Summarised } from './document.ts';
import { ipsFaults } from './ips.testing.ts';

const now = new Date('2026-11-20T10:00:00Z');
const patient: Resource = { resourceType: 'Patient', id: 'p', name: [{ family: 'Test' }], birthDate: '1961-04-17' };

function made(resources: readonly Resource[], more: Partial<Summarised> = {}): Resource {
  let count = 0;
  return summaryDocument({
    baseUrl: 'https://ohc.example',
    regionName: 'Region',
    patient,
    resources,
    gaps: [],
    asked: [{ name: 'Hospital', text: 'Answered' }],
    mayHave: () => true,
    now,
    newId: () => `00000000-0000-4000-8000-00000000000${(count += 1)}`,
    ...more,
  });
}

function sectionOf(bundle: Resource, code: string): JsonObject | undefined {
  return objects(entriesOf(bundle)[0]?.['section']).find((section) =>
    objects(object(section['code'])?.['coding']).some((one) => one['code'] === code),
  );
}
const entriesIn = (bundle: Resource, code: string): readonly (string | undefined)[] =>
  objects(sectionOf(bundle, code)?.['entry']).map((one) => text(one['reference']));
const toldIn = (bundle: Resource, code: string): string =>
  text(object(sectionOf(bundle, code)?.['text'])?.['div']) ?? '';
const emptyReasonIn = (bundle: Resource, code: string): unknown =>
  objects(object(sectionOf(bundle, code)?.['emptyReason'])?.['coding'])[0]?.['code'];

const allergies = '48765-2';
const medicines = '10160-0';
const problems = '11450-4';
const results = '30954-2';

const penicillin: Resource = {
  resourceType: 'AllergyIntolerance',
  id: 'a',
  meta: {
    tag: [{ system: 'https://one-health-and-care.nhs.uk/CodeSystem/source-label', code: 'H', display: 'Hospital' }],
  },
  code: { text: 'Penicillin <b>& co</b>' },
  patient: { reference: 'Patient/p' },
  recordedDate: '2020-02-03',
};

test('an empty record says of each section that must be there that none is known', () => {
  const bundle = made([]);
  expect(ipsFaults(bundle)).toEqual([]);
  for (const code of [allergies, medicines, problems]) {
    expect(emptyReasonIn(bundle, code)).toBe('nilknown');
    expect(toldIn(bundle, code)).toContain('None recorded by the organisations that have answered.');
  }
  expect(sectionOf(bundle, results)).toBeUndefined();
});

test('where an organisation has not answered, a section says unavailable and never that there is none (H2)', () => {
  const gap = {
    name: 'Etruria Vale Surgery',
    text: 'Cannot be reached',
    contributes: ['allergies', 'results'] as const,
  };
  const bundle = made([], { gaps: [gap] });
  expect(ipsFaults(bundle)).toEqual([]);
  expect(emptyReasonIn(bundle, allergies)).toBe('unavailable');
  expect(toldIn(bundle, allergies)).toContain(
    'Etruria Vale Surgery: Cannot be reached. Something may be missing here.',
  );
  expect(emptyReasonIn(bundle, results)).toBe('unavailable');
  expect(emptyReasonIn(bundle, problems)).toBe('nilknown');
  expect(entriesOf(bundle)[0]?.['status']).toBe('preliminary');
  const partly = made([penicillin], { gaps: [gap] });
  expect(entriesIn(partly, allergies)).toEqual(['AllergyIntolerance/a']);
  expect(toldIn(partly, allergies)).toContain('Something may be missing here.');
  const unknown = made([], { gaps: [{ ...gap, contributes: [] }] });
  expect([allergies, medicines, problems].map((code) => emptyReasonIn(unknown, code))).toEqual(
    Array.from({ length: 3 }, () => 'unavailable'),
  );
});

test('a role that does not get a type is told so, and not that there is none', () => {
  const bundle = made([], { mayHave: (type) => type !== 'AllergyIntolerance' });
  expect(ipsFaults(bundle)).toEqual([]);
  expect(emptyReasonIn(bundle, allergies)).toBe('unavailable');
  expect(toldIn(bundle, allergies)).toContain('Your role does not include allergies.');
});

test('narrative is made of the rows, as words and not as markup', () => {
  const bundle = made([penicillin]);
  expect(ipsFaults(bundle)).toEqual([]);
  expect(toldIn(bundle, allergies)).toContain(
    '<td>Penicillin &lt;b&gt;&amp; co&lt;/b&gt;</td><td></td><td>03-Feb-2020</td><td>Hospital</td>',
  );
});

test('what is in error or refuted is left out; what ended stands apart; a status nobody knows counts as current', () => {
  const verified = (code: string): JsonObject => ({ coding: [{ code }] });
  const medicine = (id: string, status: string): Resource => ({
    resourceType: 'MedicationRequest',
    id,
    status,
    medicationReference: { reference: 'Medication/m' },
  });
  const bundle = made([
    { ...penicillin, id: 'refuted', verificationStatus: verified('refuted') },
    { resourceType: 'Condition', id: 'now', code: { text: 'Asthma' } },
    { resourceType: 'Condition', id: 'past', code: { text: 'Measles' }, clinicalStatus: verified('resolved') },
    { resourceType: 'Condition', id: 'wrong', code: { text: 'x' }, verificationStatus: verified('entered-in-error') },
    medicine('active', 'active'),
    medicine('unknown', 'unknown'),
    medicine('stopped', 'stopped'),
    {
      resourceType: 'Medication',
      id: 'm',
      code: { text: 'Aspirin 75mg' },
      manufacturer: { reference: 'Organization/o' },
    },
    { resourceType: 'Organization', id: 'o', name: 'Maker' },
    { resourceType: 'Organization', id: 'nobody', name: 'Not pointed at' },
  ]);
  expect(ipsFaults(bundle)).toEqual([]);
  expect(emptyReasonIn(bundle, allergies)).toBe('nilknown');
  expect(entriesIn(bundle, problems)).toEqual(['Condition/now']);
  expect(entriesIn(bundle, '11348-0')).toEqual(['Condition/past']);
  expect(entriesIn(bundle, medicines)).toEqual(['MedicationRequest/active', 'MedicationRequest/unknown']);
  expect(toldIn(bundle, medicines)).toContain('<td>Aspirin 75mg</td>');
  const ids = entriesOf(bundle).map(idOf);
  expect(ids).toEqual(expect.arrayContaining(['m', 'o']));
  expect(ids).not.toContain('nobody');
});

test('results older than a year are left to the record, and their number is said; what has no date is kept', () => {
  const result = (id: string, effectiveDateTime?: string): Resource => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: 'Haemoglobin', coding: [{ system: system.loinc, code: '718-7' }] },
    valueQuantity: { value: 131, unit: 'g/L' },
    ...(effectiveDateTime === undefined ? {} : { effectiveDateTime }),
  });
  const bundle = made([result('new', '2026-10-01'), result('old', '2025-10-01'), result('undated')]);
  expect(ipsFaults(bundle)).toEqual([]);
  expect(entriesIn(bundle, results)).toEqual(['Observation/new', 'Observation/undated']);
  expect(toldIn(bundle, results)).toContain('1 older than 12 months is in the record and not in this summary.');
  expect(toldIn(bundle, results)).toContain('<td>131 g/L; final</td>');
  const onlyOld = made([result('old', '2025-10-01')]);
  expect(ipsFaults(onlyOld)).toEqual([]);
  expect(toldIn(onlyOld, results)).toContain('1 older than 12 months');
});

test('whatever the resources hold, the document keeps the rules', () => {
  const type = fc.constantFrom(
    'AllergyIntolerance',
    'Condition',
    'Observation',
    'MedicationRequest',
    'Flag',
    'Consent',
  );
  const any = fc
    .record({ resourceType: type, id: fc.uuid(), body: fc.jsonValue() })
    .map(({ resourceType, id, body }) => ({
      ...(typeof body === 'object' && body !== null && !Array.isArray(body) ? body : { code: body, note: body }),
      resourceType,
      id,
    }));
  const texts = fc.record({
    resourceType: type,
    id: fc.uuid(),
    code: fc.record({ text: fc.string({ unit: 'binary' }) }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(any, texts), { selector: (one) => one.id, maxLength: 8 }), (resources) => {
      expect(ipsFaults(made(resources))).toEqual([]);
    }),
  );
});

const published = join(import.meta.dirname, '../../../../shared/data/ips-r4');
describe.skipIf(!existsSync(published))('published summaries', () => {
  test.each(existsSync(published) ? readdirSync(published).filter((name) => name.endsWith('.json')) : [])(
    '%s comes out as a summary that holds its current allergies, medicines and problems',
    (name) => {
      const resources = entriesOf(JSON.parse(readFileSync(join(published, name), 'utf8')))
        .filter((one) => one.resourceType !== 'Composition' && one.resourceType !== 'Patient')
        .map((one, index): Resource => ({ ...one, id: idOf(one) ?? String(index) }));
      const bundle = made(resources);
      expect(ipsFaults(bundle)).toEqual([]);
      const inside = new Set(entriesOf(bundle).map((one) => `${one.resourceType}/${idOf(one)}`));
      const clinical = resources.filter(
        (one) =>
          ['AllergyIntolerance', 'Immunization', 'Procedure'].includes(one.resourceType) &&
          !JSON.stringify(one).includes('entered-in-error'),
      );
      expect(clinical.filter((one) => !inside.has(`${one.resourceType}/${idOf(one)}`))).toEqual([]);
      expect(clinical.length).toBeGreaterThan(0);
    },
  );
});
if (!existsSync(published)) process.stdout.write(`skipped: ${published} is not there\n`);
