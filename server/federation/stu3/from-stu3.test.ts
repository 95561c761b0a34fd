import { describe, expect, test } from 'vitest';
import type { Resource } from '../../../src/fhir/resource.ts';
import { ohc } from '../../../src/fhir/systems.ts';
import { entryOf } from '../entry.ts';
import { fromStu3 } from './from-stu3.ts';

function translated(resource: Resource): readonly Resource[] {
  const entry = entryOf(resource, [], '0');
  return entry === undefined ? [] : fromStu3(entry).map((one) => one.resource);
}

const extension = (name: string, value: object): object => ({ url: `${ohc.gpConnect}${name}`, ...value });
const practitioner = { reference: 'Practitioner/d' };

/** Each STU3 type with what differs in R4 (uk-health-records §3.4): what goes in, and what comes out. */
const cases: readonly (readonly [string, object, object])[] = [
  [
    'AllergyIntolerance',
    {
      clinicalStatus: 'active',
      verificationStatus: 'unconfirmed',
      assertedDate: '2020',
      _assertedDate: { id: 'x' },
      criticality: 'high',
    },
    {
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }],
      },
      verificationStatus: {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification', code: 'unconfirmed' },
        ],
      },
      recordedDate: '2020',
      _recordedDate: { id: 'x' },
      criticality: 'high',
    },
  ],
  [
    'Condition',
    {
      clinicalStatus: 'remission',
      verificationStatus: 'unknown',
      assertedDate: '2020',
      context: { reference: 'Encounter/e' },
      stage: { summary: { text: 'II' } },
    },
    {
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'remission' }],
      },
      verificationStatus: { text: 'unknown' },
      recordedDate: '2020',
      encounter: { reference: 'Encounter/e' },
      stage: [{ summary: { text: 'II' } }],
    },
  ],
  [
    'MedicationStatement',
    {
      status: 'active',
      taken: 'n',
      reasonNotTaken: [{ text: 'sick' }],
      context: { reference: 'Encounter/e' },
      dosage: [{ text: 'one', doseQuantity: { value: 1 } }],
    },
    {
      status: 'not-taken',
      statusReason: [{ text: 'sick' }],
      context: { reference: 'Encounter/e' },
      dosage: [{ text: 'one', doseAndRate: [{ doseQuantity: { value: 1 } }] }],
      extension: [extension('status', { valueString: 'active' }), extension('taken', { valueString: 'n' })],
    },
  ],
  [
    'MedicationRequest',
    {
      intent: 'plan',
      requester: { agent: practitioner, onBehalfOf: { reference: 'Organization/o' } },
      context: { reference: 'EpisodeOfCare/c' },
      category: { text: 'x' },
      substitution: { allowed: true },
    },
    {
      status: 'unknown',
      intent: 'plan',
      requester: practitioner,
      category: [{ text: 'x' }],
      substitution: { allowedBoolean: true },
      extension: [
        extension('requester-onBehalfOf', { valueReference: { reference: 'Organization/o' } }),
        extension('context', { valueReference: { reference: 'EpisodeOfCare/c' } }),
      ],
    },
  ],
  [
    'Medication',
    {
      isBrand: false,
      ingredient: [{ amount: { numerator: { value: 1 } } }],
      package: { container: { text: 'box' }, batch: [{ lotNumber: 'a' }, { lotNumber: 'b' }] },
    },
    {
      ingredient: [{ strength: { numerator: { value: 1 } } }],
      batch: { lotNumber: 'a' },
      extension: [
        extension('isBrand', { valueBoolean: false }),
        extension('package-batch', { extension: [{ url: 'lotNumber', valueString: 'b' }] }),
        extension('package', { extension: [{ url: 'container', valueCodeableConcept: { text: 'box' } }] }),
      ],
    },
  ],
  [
    'Immunization',
    {
      status: 'completed',
      notGiven: true,
      date: '2020-01-06',
      practitioner: [{ actor: practitioner, role: { text: 'AP' } }],
      explanation: { reasonNotGiven: [{ text: 'ill' }, { text: 'away' }] },
      vaccinationProtocol: [{ doseSequence: 2, seriesDoses: 3, series: 's', doseStatus: { text: 'count' } }],
    },
    {
      status: 'not-done',
      occurrenceDateTime: '2020-01-06',
      performer: [{ actor: practitioner, function: { text: 'AP' } }],
      statusReason: { text: 'ill' },
      protocolApplied: [
        {
          doseNumberPositiveInt: 2,
          seriesDosesPositiveInt: 3,
          series: 's',
          extension: [extension('vaccinationProtocol-doseStatus', { valueCodeableConcept: { text: 'count' } })],
        },
      ],
      extension: [
        extension('status', { valueString: 'completed' }),
        extension('explanation-reasonNotGiven', { valueCodeableConcept: { text: 'away' } }),
      ],
    },
  ],
  [
    'Observation',
    {
      context: { reference: 'Encounter/e' },
      comment: 'said',
      interpretation: { text: 'High' },
      component: [{ interpretation: { text: 'Low' } }],
      related: [
        { type: 'has-member', target: { reference: 'Observation/m' } },
        { type: 'derived-from', target: { reference: 'Observation/d' } },
        { type: 'sequel-to', target: { reference: 'Observation/s' } },
      ],
    },
    {
      encounter: { reference: 'Encounter/e' },
      note: [{ text: 'said' }],
      interpretation: [{ text: 'High' }],
      component: [{ interpretation: [{ text: 'Low' }] }],
      hasMember: [{ reference: 'Observation/m' }],
      derivedFrom: [{ reference: 'Observation/d' }],
      extension: [
        extension('related', {
          extension: [
            { url: 'type', valueString: 'sequel-to' },
            { url: 'target', valueReference: { reference: 'Observation/s' } },
          ],
        }),
      ],
    },
  ],
  [
    'DiagnosticReport',
    {
      context: { reference: 'Encounter/e' },
      category: { text: 'lab' },
      codedDiagnosis: [{ text: 'x' }],
      image: [{ comment: 'c' }],
      performer: [{ actor: practitioner, role: { text: 'r' } }, { reference: 'Organization/o' }],
    },
    {
      encounter: { reference: 'Encounter/e' },
      category: [{ text: 'lab' }],
      conclusionCode: [{ text: 'x' }],
      media: [{ comment: 'c' }],
      performer: [
        { ...practitioner, extension: [extension('performer-role', { valueCodeableConcept: { text: 'r' } })] },
        { reference: 'Organization/o' },
      ],
    },
  ],
  [
    'Encounter',
    {
      reason: [{ text: 'x' }],
      incomingReferral: [{ reference: 'ReferralRequest/r' }],
      diagnosis: [{ role: { text: 'x' } }],
    },
    {
      class: { system: 'http://terminology.hl7.org/CodeSystem/v3-NullFlavor', code: 'UNK', display: 'unknown' },
      reasonCode: [{ text: 'x' }],
      basedOn: [{ reference: 'ReferralRequest/r' }],
      diagnosis: [{ use: { text: 'x' } }],
    },
  ],
  [
    'Procedure',
    {
      status: 'completed',
      notDone: true,
      notDoneReason: { text: 'x' },
      context: { reference: 'Encounter/e' },
      performer: [{ role: { text: 'x' } }],
    },
    {
      status: 'not-done',
      statusReason: { text: 'x' },
      encounter: { reference: 'Encounter/e' },
      performer: [{ function: { text: 'x' } }],
      extension: [extension('status', { valueString: 'completed' })],
    },
  ],
  [
    'DocumentReference',
    {
      class: { text: 'x' },
      created: '2020',
      indexed: '2021',
      content: [{ attachment: { contentType: 'a/b' } }],
      context: { encounter: { reference: 'Encounter/e' }, related: [{ ref: { reference: 'Condition/c' } }] },
    },
    {
      category: [{ text: 'x' }],
      date: '2021',
      content: [{ attachment: { contentType: 'a/b', creation: '2020' } }],
      context: { encounter: [{ reference: 'Encounter/e' }], related: [{ reference: 'Condition/c' }] },
    },
  ],
  [
    'Appointment',
    { reason: [{ text: 'x' }], indication: [{ reference: 'Condition/c' }], serviceCategory: { text: 's' } },
    { reasonCode: [{ text: 'x' }], reasonReference: [{ reference: 'Condition/c' }], serviceCategory: [{ text: 's' }] },
  ],
  [
    'FamilyMemberHistory',
    { gender: 'male', notDoneReason: { text: 'x' } },
    {
      sex: { coding: [{ system: 'http://hl7.org/fhir/administrative-gender', code: 'male' }] },
      dataAbsentReason: { text: 'x' },
    },
  ],
  ['Location', { type: { text: 'Surgery' } }, { type: [{ text: 'Surgery' }] }],
  [
    'HealthcareService',
    { eligibility: { text: 'all' }, eligibilityNote: 'note', programName: ['p'] },
    { eligibility: [{ code: { text: 'all' }, comment: 'note' }], program: [{ text: 'p' }] },
  ],
  ['Flag', { category: { text: 'x' } }, { category: [{ text: 'x' }] }],
  ['Organization', { name: 'unchanged' }, { name: 'unchanged' }],
  ['Specimen', { receivedTime: '2020' }, { receivedTime: '2020' }],
  ['Invented', { anything: [1] }, { anything: [1] }],
];

describe('STU3 to R4', () => {
  test.each(cases)('%s', (resourceType, from, to) => {
    expect(translated({ resourceType, id: 'x', ...from })).toEqual([{ resourceType, id: 'x', ...to }]);
  });

  test('a request for a procedure and a referral are ServiceRequests, told apart by category', () => {
    const [procedure] = translated({
      resourceType: 'ProcedureRequest',
      id: 'x',
      status: 'suspended',
      intent: 'plan',
      requester: { agent: practitioner },
      performer: practitioner,
      occurrenceDateTime: '2027',
    });
    expect(procedure).toEqual({
      resourceType: 'ServiceRequest',
      id: 'x',
      status: 'on-hold',
      intent: 'plan',
      requester: practitioner,
      performer: [practitioner],
      occurrenceDateTime: '2027',
    });
    const [referral] = translated({
      resourceType: 'ReferralRequest',
      id: 'x',
      status: 'cancelled',
      type: { text: 't' },
      serviceRequested: [{ text: 'a' }, { text: 'b' }],
      specialty: { text: 's' },
      recipient: [practitioner],
      description: 'd',
      note: [{ text: 'n' }],
    });
    expect(referral).toMatchObject({
      resourceType: 'ServiceRequest',
      status: 'revoked',
      category: [{ text: 't' }, { coding: [{ code: '3457005' }] }],
      code: { text: 'a' },
      orderDetail: [{ text: 'b' }],
      performerType: { text: 's' },
      performer: [practitioner],
      note: [{ text: 'd' }, { text: 'n' }],
    });
  });

  test('ended allergies come out of their list, resolved unless they say otherwise, and the list points at them', () => {
    const made = translated({
      resourceType: 'List',
      id: 'l',
      contained: [
        { resourceType: 'AllergyIntolerance', id: 'a', verificationStatus: 'confirmed' },
        { resourceType: 'AllergyIntolerance', id: 'b', clinicalStatus: 'inactive' },
        { resourceType: 'Observation', id: 'c', comment: 'inside' },
      ],
      entry: [{ item: { reference: '#a' } }, { item: { reference: '#b' } }, { item: { reference: '#c' } }],
    });
    expect(made.map((one) => [one.resourceType, one['id']])).toEqual([
      ['List', 'l'],
      ['AllergyIntolerance', 'l.a'],
      ['AllergyIntolerance', 'l.b'],
    ]);
    expect(made[0]).toMatchObject({
      contained: [{ resourceType: 'Observation', note: [{ text: 'inside' }] }],
      entry: [
        { item: { reference: 'AllergyIntolerance/l.a' } },
        { item: { reference: 'AllergyIntolerance/l.b' } },
        { item: { reference: '#c' } },
      ],
    });
    expect(made[1]).toMatchObject({ clinicalStatus: { coding: [{ code: 'resolved' }] } });
    expect(made[2]).toMatchObject({ clinicalStatus: { coding: [{ code: 'inactive' }] } });
  });

  test('extensions have UK Core’s name where it has one, ours else; moved code systems follow; a STU3 profile is no claim', () => {
    const care = 'StructureDefinition/Extension-CareConnect';
    const [made] = translated({
      resourceType: 'List',
      id: 'l',
      meta: { profile: ['https://stu3.example'] },
      extension: [
        { url: `https://fhir.nhs.uk/STU3/${care}-GPC-ListWarningCode-1`, valueCode: 'confidential-items' },
        { url: `https://fhir.hl7.org.uk/STU3/${care}-ListWarningCode-1`, valueCode: 'data-in-transit' },
        { url: `https://fhir.nhs.uk/STU3/${care}-GPC-PrescriptionType-1`, valueCode: 'x' },
        {
          url: 'http://hl7.org/fhir/StructureDefinition/encounter-associatedEncounter',
          valueReference: { reference: 'Encounter/e' },
        },
      ],
      orderedBy: { coding: [{ system: 'http://hl7.org/fhir/list-order', code: 'event-date' }] },
      emptyReason: {
        coding: [
          {
            system: 'https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1',
            code: 'no-content-recorded',
          },
        ],
      },
    });
    const warningOf = (code: string): object => ({
      url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ListWarningCode',
      valueCodeableConcept: {
        coding: [{ system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-ListWarningCode', code }],
      },
    });
    expect(made).toMatchObject({
      meta: { extension: [extension('profile', { valueUri: 'https://stu3.example' })] },
      extension: [
        warningOf('confidential-items'),
        warningOf('data-in-transit'),
        extension('PrescriptionType', { valueCode: 'x' }),
        { url: 'http://hl7.org/fhir/StructureDefinition/encounter-associatedEncounter' },
      ],
      orderedBy: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/list-order' }] },
      emptyReason: {
        coding: [
          { system: 'https://fhir.hl7.org.uk/CodeSystem/UKCore-ListEmptyReasonCode', code: 'no-content-recorded' },
        ],
      },
    });
  });

  test('extensions whose content is another in R4', () => {
    const [made] = translated({
      resourceType: 'MedicationRequest',
      id: 'm',
      extension: [
        {
          url: 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-MedicationRepeatInformation-1',
          extension: [
            { url: 'numberOfRepeatPrescriptionsIssued', valueUnsignedInt: 3 },
            { url: 'numberOfRepeatPrescriptionsAllowed', valueUnsignedInt: 6 },
          ],
        },
      ],
      medicationCodeableConcept: {
        coding: [
          {
            system: 'http://snomed.info/sct',
            code: '319773006',
            extension: [
              {
                url: 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-coding-sctdescid',
                extension: [
                  { url: 'descriptionId', valueId: '1234' },
                  { url: 'descriptionDisplay', valueString: 'Aspirin' },
                ],
              },
            ],
          },
        ],
      },
    });
    expect(made).toMatchObject({
      extension: [
        {
          url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationRepeatInformation',
          extension: [{ url: 'numberOfPrescriptionsIssued' }, { url: 'numberOfRepeatPrescriptionsAllowed' }],
        },
      ],
      medicationCodeableConcept: {
        coding: [
          {
            extension: [
              {
                url: 'http://hl7.org/fhir/StructureDefinition/coding-sctdescid',
                valueId: '1234',
                _valueId: {
                  extension: [
                    {
                      url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-CodingSCTDescDisplay',
                      valueString: 'Aspirin',
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    });
  });

  test.each([
    [
      'a description with a third part',
      {
        extension: [
          { url: 'descriptionId', valueId: '1' },
          { url: 'x', valueId: '2' },
        ],
      },
    ],
    [
      'two ids',
      {
        extension: [
          { url: 'descriptionId', valueId: '1' },
          { url: 'descriptionId', valueId: '2' },
        ],
      },
    ],
    ['no id', { extension: [{ url: 'descriptionDisplay', valueString: 'Aspirin' }] }],
    ['a value', { valueString: 'Aspirin' }],
  ])('an extension with %s stays as it is', (_name, more) => {
    const as = { url: 'https://fhir.nhs.uk/STU3/StructureDefinition/Extension-coding-sctdescid', ...more };
    const [made] = translated({
      resourceType: 'Observation',
      id: 'o',
      code: { coding: [{ code: '1', extension: [as] }] },
    });
    expect(made?.['code']).toEqual({ coding: [{ code: '1', extension: [as] }] });
  });

  test('an allergy hangs on its consultation by an element, an immunisation says when it was recorded', () => {
    const consultation = (id: string): object => ({
      url: 'http://hl7.org/fhir/StructureDefinition/encounter-associatedEncounter',
      valueReference: { reference: `Encounter/${id}` },
    });
    const [allergy] = translated({ resourceType: 'AllergyIntolerance', id: 'a', extension: [consultation('e')] });
    expect(allergy).toEqual({ resourceType: 'AllergyIntolerance', id: 'a', encounter: { reference: 'Encounter/e' } });
    const two = [consultation('e'), consultation('f')];
    const [kept] = translated({ resourceType: 'AllergyIntolerance', id: 'a', extension: two });
    expect(kept).toEqual({ resourceType: 'AllergyIntolerance', id: 'a', extension: two });
    const [given] = translated({
      resourceType: 'Immunization',
      id: 'i',
      date: '2020-01-06',
      extension: [
        {
          url: 'https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-DateRecorded-1',
          valueDateTime: '2020-12-14',
        },
      ],
    });
    expect(given).toEqual({
      resourceType: 'Immunization',
      id: 'i',
      occurrenceDateTime: '2020-01-06',
      recorded: '2020-12-14',
    });
  });

  test.each([
    ['Immunization', { notGiven: true }],
    ['Procedure', { notDone: true }],
    ['MedicationStatement', { taken: 'n' }],
  ])('a %s that was entered in error stays so, whatever it says besides (H6)', (resourceType, more) => {
    const [made] = translated({ resourceType, id: 'x', status: 'entered-in-error', ...more });
    expect(made?.['status']).toBe('entered-in-error');
    expect(JSON.stringify(made)).toContain(`gp-connect-${Object.keys(more).join('')}`);
  });

  test('an ended allergy that was entered in error has no clinical status', () => {
    const [, made] = translated({
      resourceType: 'List',
      id: 'l',
      contained: [{ resourceType: 'AllergyIntolerance', id: 'a', verificationStatus: 'entered-in-error' }],
    });
    expect(made).toMatchObject({ verificationStatus: { coding: [{ code: 'entered-in-error' }] } });
    expect(made).not.toHaveProperty('clinicalStatus');
  });
});
