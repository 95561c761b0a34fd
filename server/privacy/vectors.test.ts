import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { loadConfig } from '../config/config.ts';
import { consentStatements, decideConsent } from './dissent.ts';
import { createWithholding } from './withhold.ts';

/** What these resources come to about consent. */
const saidBy = (resources: readonly Resource[]) => decideConsent(consentStatements(resources));

const { categories } = await loadConfig('smart-config');
const withhold = createWithholding(categories);
const sct = 'http://snomed.info/sct';
const practiceSetting = 'https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode';
const coded = (code: string, system = sct) => ({ coding: [{ system, code }] });
const at = (reference: string) => ({ reference });

/** The test vectors of the reference on UK health records that concern what is withheld: row, story, given, what stays. */
const vectors: readonly (readonly [number, string, readonly Resource[], readonly string[]])[] = [
  [
    1,
    'an appointment with treatment function 360 and no diagnosis, and a plan that points at it',
    [
      { resourceType: 'Appointment', id: 'a', serviceType: [coded('360', practiceSetting)] },
      { resourceType: 'CarePlan', id: 'p', title: 'Asthma', supportingInfo: [at('Appointment/a')] },
    ],
    ['{"resourceType":"CarePlan","id":"p","title":"Asthma"}'],
  ],
  [
    2,
    'an encounter of 504 with its observation and document',
    [
      { resourceType: 'Encounter', id: 'e', serviceType: coded('504', practiceSetting) },
      { resourceType: 'Observation', id: 'o', encounter: at('Encounter/e') },
      { resourceType: 'DocumentReference', id: 'd', context: { encounter: [at('Encounter/e')] } },
    ],
    [],
  ],
  [
    3,
    'a condition with Read 43C3. alone',
    [{ resourceType: 'Condition', id: 'c', code: coded('43C3.', 'http://read.info/readv2') }],
    [],
  ],
  [
    4,
    'a letter titled "IVF cycle 2"',
    [{ resourceType: 'DocumentReference', id: 'd', content: [{ attachment: { title: 'IVF cycle 2' } }] }],
    [],
  ],
  [
    5,
    'testosterone for hypogonadism',
    [
      { resourceType: 'MedicationRequest', id: 'm', reasonReference: [at('Condition/c')] },
      { resourceType: 'Condition', id: 'c', code: coded('48130008') },
    ],
    [
      '{"resourceType":"MedicationRequest","id":"m","reasonReference":[{"reference":"Condition/c"}]}',
      '{"resourceType":"Condition","id":"c","code":{"coding":[{"system":"http://snomed.info/sct","code":"48130008"}]}}',
    ],
  ],
  [
    5,
    'testosterone for what 407377005 says',
    [
      { resourceType: 'MedicationRequest', id: 'm', reasonReference: [at('Condition/c')] },
      { resourceType: 'Condition', id: 'c', code: coded('407377005') },
    ],
    [],
  ],
  [
    6,
    'clomifene for polycystic ovaries: no drug tells by itself',
    [
      {
        resourceType: 'MedicationRequest',
        id: 'm',
        medicationCodeableConcept: { text: 'Clomifene 50 mg tablets' },
        reasonCode: [{ text: 'Polycystic ovary syndrome' }],
      },
    ],
    [
      '{"resourceType":"MedicationRequest","id":"m","medicationCodeableConcept":{"text":"Clomifene 50 mg tablets"},"reasonCode":[{"text":"Polycystic ovary syndrome"}]}',
    ],
  ],
  [7, 'a referral 415272006', [{ resourceType: 'ServiceRequest', id: 's', code: coded('415272006') }], []],
  [
    8,
    'infertility as a diagnosis',
    [{ resourceType: 'Condition', id: 'c', code: coded('8619003') }],
    ['{"resourceType":"Condition","id":"c","code":{"coding":[{"system":"http://snomed.info/sct","code":"8619003"}]}}'],
  ],
  [
    9,
    'the label GDIS: a genetic disease',
    [{ resourceType: 'Condition', id: 'c', meta: { security: [{ code: 'GDIS' }] } }],
    ['{"resourceType":"Condition","id":"c","meta":{"security":[{"code":"GDIS"}]}}'],
  ],
  [
    18,
    'an id of sixteen digits beside one that is listed but for its last digit',
    [
      { resourceType: 'Condition', id: 'gone', code: coded('1087051000119109') },
      { resourceType: 'Condition', id: 'c', code: coded('1087051000119100') },
    ],
    [
      '{"resourceType":"Condition","id":"c","code":{"coding":[{"system":"http://snomed.info/sct","code":"1087051000119100"}]}}',
    ],
  ],
  [
    20,
    'an ended allergy contained in its list',
    [
      {
        resourceType: 'List',
        id: 'l',
        contained: [{ resourceType: 'AllergyIntolerance', id: 'a' }],
        entry: [{ item: at('#a') }],
      },
    ],
    [
      '{"resourceType":"List","id":"l","contained":[{"resourceType":"AllergyIntolerance","id":"a"}],"entry":[{"item":{"reference":"#a"}}]}',
    ],
  ],
];

describe('the vectors of the reference', () => {
  it.each(vectors)('%i: %s', (_row, _story, given, stays) => {
    expect(withhold(given).map((one) => JSON.stringify(one))).toEqual(stays);
  });

  it('13: consent 417528008 after dissent 416409005', () => {
    const said = (code: string, effectiveDateTime: string): Resource => ({
      resourceType: 'Observation',
      code: coded(code),
      effectiveDateTime,
    });
    expect(saidBy([said('416409005', '2023-05-01'), said('417528008', '2024-05-01')])).toBe('consent');
    expect(saidBy([said('417528008', '2023-05-01'), said('416409005', '2024-05-01')])).toBe('dissent');
  });
});
