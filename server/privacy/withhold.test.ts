import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { ohc } from '../../src/fhir/systems.ts';
import { createWithholding } from './withhold.ts';

const { categories } = await loadConfig('smart-config');
const withhold = createWithholding(categories);
const sct = 'http://snomed.info/sct';
const coded = (code: string, system = sct) => ({ coding: [{ system, code }] });
const at = (reference: string, more: object = {}) => ({ reference, ...more });

/** What is left of a resource with the rest of an answer; undefined where it went. */
function left(resources: readonly Resource[], id: string): Resource | undefined {
  return withhold(resources).find((one) => one['id'] === id);
}
function goes(resource: Resource, ...others: readonly Resource[]): boolean {
  return left([resource, ...others], String(resource['id'])) === undefined;
}

const condition = (code: unknown, more: object = {}): Resource => ({
  resourceType: 'Condition',
  id: 'c1',
  code,
  ...more,
});
const asthma = { coding: [{ system: sct, code: '195967001', display: 'Asthma' }] };
const gumVisit: Resource = { resourceType: 'Encounter', id: 'e1', status: 'finished', type: [coded('415272006')] };

describe('a code', () => {
  it.each([
    ['SNOMED CT', sct, '15628003'],
    ['SNOMED CT with its version', `${sct}/83821000000107/version/20250101`, '15628003'],
    ['SNOMED CT as OID', 'urn:oid:2.16.840.1.113883.6.96', '15628003'],
    ['SNOMED CT of 16 digits', sct, '1087051000119109'],
    ['a post-coordinated expression', sct, '64572001 |Disease| : 246075003 = 15628003 |Gonorrhea|'],
    ['no system', undefined, '15628003'],
    ['Read v2, padded', 'http://read.info/readv2', '43C3.'],
    ['Read v2, unpadded', 'http://read.info/readv2', '43C3'],
    ['Read v2 with a term suffix', 'http://read.info/readv2', '43C3.00'],
    ['CTV3', 'http://read.info/ctv3', 'XaJwU'],
    ['Read of either kind: v2 alone', 'http://read.info/read', 'A980000'],
    ['Read of either kind: CTV3 alone', 'http://read.info/read', 'XaJwU'],
    ['Read without a system', undefined, 'A980000'],
    ['ICD-10 below a stem', 'http://hl7.org/fhir/sid/icd-10', 'F64.0'],
    ['ICD-10 dotless', 'http://hl7.org/fhir/sid/icd-10-uk', 'A549'],
    ['ICD-10 of four characters, dotless', 'http://hl7.org/fhir/sid/icd-10', 'z311'],
    ['OPCS-4 below a stem', 'https://fhir.hl7.org.uk/Id/opcs-4', 'Q13.1'],
    ['OPCS-4 dotless', 'https://fhir.hl7.org.uk/Id/opcs-4', 'N344'],
    ['a treatment function', 'https://fhir.nhs.uk/Id/treatment-function-code', '504'],
    ['SHHAPT', 'https://fhir.example/CodeSystem/SHHAPT', 'B'],
  ])('goes: %s', (_name, system, code) => {
    expect(
      goes(
        condition({
          coding: [
            { system: sct, code: '64572001' },
            { system, code },
          ],
        }),
      ),
    ).toBe(true);
  });

  it.each([
    ['another case in Read v2', 'http://read.info/readv2', '43c3.'],
    ['infertility as a diagnosis', sct, '8619003'],
    ['the same digits in another system', 'http://loinc.org', '15628003'],
    ['a longer id that ends in a listed one', sct, '915628003'],
    ['a neighbour in ICD-10', 'http://hl7.org/fhir/sid/icd-10', 'F65.0'],
    ['a sibling of a four-character ICD-10 code', 'http://hl7.org/fhir/sid/icd-10', 'Z31.9'],
    ['a treatment function of another specialty', 'https://fhir.nhs.uk/Id/treatment-function-code', '340'],
    ['360 in the HL7 list of service types', 'http://terminology.hl7.org/CodeSystem/service-type', '360'],
    ['a Read v2 code in CTV3 alone', 'http://read.info/readv2', 'XaJwU'],
    ['five characters without a system', undefined, 'final'],
    ['a treatment function without a system where no service stands', undefined, '360'],
    ['another trust’s site', 'https://fhir.nhs.uk/Id/ods-site-code', 'RJE01'],
  ])('stays: %s', (_name, system, code) => {
    expect(goes(condition({ coding: [{ system, code }] }))).toBe(false);
  });

  it.each<[string, Resource]>([
    ['a reason', { resourceType: 'Encounter', id: 'x', reasonCode: [coded('15628003')] }],
    [
      'an extension at depth',
      condition(asthma, {
        id: 'x',
        extension: [{ url: 'u', extension: [{ url: 'v', valueCodeableConcept: coded('15628003') }] }],
      }),
    ],
    ['a component', { resourceType: 'Observation', id: 'x', component: [{ code: coded('15628003') }] }],
    ['a value', { resourceType: 'Observation', id: 'x', code: asthma, valueCodeableConcept: coded('15628003') }],
    [
      'an answer',
      {
        resourceType: 'QuestionnaireResponse',
        id: 'x',
        item: [{ item: [{ answer: [{ valueCoding: { system: sct, code: '15628003' } }] }] }],
      },
    ],
    [
      'a number where a text should be',
      { resourceType: 'Condition', id: 'x', code: { coding: [{ system: sct, code: 15628003 }] } },
    ],
    [
      'a list within a list',
      { resourceType: 'Encounter', id: 'x', type: [[{ coding: [[{ system: sct, code: '15628003' }]] }]] },
    ],
    [
      'a lone concept where a list should be',
      { resourceType: 'Encounter', id: 'x', type: { coding: { system: sct, code: '15628003' } } },
    ],
    [
      'the reason it is taken as needed',
      {
        resourceType: 'MedicationRequest',
        id: 'x',
        dosageInstruction: [{ asNeededCodeableConcept: coded('15628003') }],
      },
    ],
  ])('goes in %s', (_name, resource) => {
    expect(goes(resource)).toBe(true);
  });

  it('of sixteen digits and more that came as a number cannot be told, and goes', () => {
    const read = (json: string): Resource => condition(JSON.parse(json) as unknown);
    const rounded = '{"coding":[{"system":"http://snomed.info/sct","code":999004381000000103}]}';
    expect(goes(read(rounded))).toBe(true);
    expect(goes(read(rounded.replace('snomed.info/sct', 'loinc.org')))).toBe(false);
    expect(goes(read(rounded.replace('999004381000000103', '195967001')))).toBe(false);
    expect(createWithholding([])([read(rounded)])).toHaveLength(1);
  });

  it('of a category that is switched off stays', () => {
    const off = categories.map((one) => (one.id === 'sexual-health' ? { ...one, enabled: false } : one));
    expect(createWithholding(off)([condition(coded('15628003'))])).toHaveLength(1);
    expect(createWithholding([])([gumVisit])).toHaveLength(1);
  });
});

it('what is left stands in its place, so that nothing tells that something was taken out', () => {
  const gone: Resource = { resourceType: 'Condition', id: 'gone', code: coded('15628003') };
  const inside = { resourceType: 'Basic', id: 'inside' };
  const left: Resource = { resourceType: 'Observation', id: 'x', contained: [inside], code: { text: 'Asthma' } };
  const [released] = createWithholding(categories)([{ ...left, focus: [{ reference: 'Condition/gone' }] }, gone]);
  expect(JSON.stringify(released)).toBe(JSON.stringify(left));
});

describe('a service', () => {
  const practiceSetting = 'https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode';
  it.each<[string, Resource]>([
    [
      'an appointment with treatment function 360 alone',
      { resourceType: 'Appointment', id: 'x', serviceType: [coded('360', practiceSetting)] },
    ],
    [
      'a service of the type of a bare 360',
      { resourceType: 'HealthcareService', id: 'x', type: [{ coding: [{ code: '360' }] }] },
    ],
    [
      'an appointment with a bare 360',
      { resourceType: 'Appointment', id: 'x', specialty: [{ coding: [{ code: '360' }] }] },
    ],
    [
      'a document with a practice setting',
      { resourceType: 'DocumentReference', id: 'x', context: { practiceSetting: coded('788122004') } },
    ],
    ['a referral', { resourceType: 'ServiceRequest', id: 'x', code: coded('415272006') }],
    [
      'an organisation by its ODS code',
      {
        resourceType: 'Organization',
        id: 'x',
        identifier: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'RNK' }],
      },
    ],
    [
      'an encounter at an organisation named by ODS code',
      {
        resourceType: 'Encounter',
        id: 'x',
        serviceProvider: { identifier: { system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'RNK' } },
      },
    ],
    [
      'an encounter at a site of such an organisation',
      {
        resourceType: 'Encounter',
        id: 'x',
        location: [{ location: { identifier: { system: 'https://fhir.nhs.uk/Id/ods-site-code', value: 'RNK01' } } }],
      },
    ],
    [
      'an encounter at an organisation named by its directory URL',
      {
        resourceType: 'Encounter',
        id: 'x',
        serviceProvider: at('https://directory.spineservices.nhs.uk/STU3/Organization/RNK'),
      },
    ],
    [
      'an encounter at an organisation named by an older directory’s URL',
      { resourceType: 'Encounter', id: 'x', serviceProvider: at('http://directory.example/Organization/RNK') },
    ],
    [
      'what is tagged as that organisation’s',
      condition(asthma, {
        id: 'x',
        meta: { tag: [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', code: 'RNK' }] },
      }),
    ],
    [
      'an encounter at a place that is only called so',
      { resourceType: 'Encounter', id: 'x', location: [{ location: { display: 'Sexual Health Clinic, room 2' } }] },
    ],
  ])('goes: %s', (_name, resource) => {
    expect(goes(resource)).toBe(true);
  });

  const clinic: Resource = { resourceType: 'HealthcareService', id: 'h1', specialty: [coded('360', practiceSetting)] };
  const place: Resource = { resourceType: 'Location', id: 'l1', name: 'GUM clinic' };
  const role: Resource = {
    resourceType: 'PractitionerRole',
    id: 'r1',
    healthcareService: [at('HealthcareService/h1')],
    practitioner: at('Practitioner/p1'),
  };
  it.each<[string, Resource]>([
    [
      'an appointment with the service',
      { resourceType: 'Appointment', id: 'x', participant: [{ actor: at('HealthcareService/h1') }] },
    ],
    ['an encounter at the place', { resourceType: 'Encounter', id: 'x', location: [{ location: at('Location/l1') }] }],
    [
      'a request by a role of the service',
      { resourceType: 'MedicationRequest', id: 'x', requester: at('PractitionerRole/r1') },
    ],
    ['a document of the service', { resourceType: 'DocumentReference', id: 'x', author: [at('PractitionerRole/r1')] }],
  ])('takes with it: %s', (_name, resource) => {
    expect(goes(resource, clinic, place, role)).toBe(true);
  });

  it.each([
    'https://directory.example/Organization/RNK-other',
    'https://directory.example/Location/RNK',
    'urn:x:https://directory.example/Organization/RNK',
    'https://directory.example/Organization/xRNK',
    'Organization/RNK',
  ])('is named by no other address: %s', (reference) => {
    expect(goes({ resourceType: 'Encounter', id: 'x', serviceProvider: at(reference) })).toBe(false);
  });

  it('that is merely pointed at takes nothing with it', () => {
    const stay: Resource = {
      resourceType: 'Encounter',
      id: 'x',
      hospitalization: {
        destination: at('Location/l1', { display: 'GUM clinic' }),
        dischargeDisposition: { text: 'Home' },
      },
    };
    expect(left([stay, place], 'x')).toEqual({
      resourceType: 'Encounter',
      id: 'x',
      hospitalization: { dischargeDisposition: { text: 'Home' } },
    });
  });

  it('that shares its trust’s ODS code does not take the trust with it', () => {
    const identifier = [{ system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'RJE' }];
    const department: Resource = { resourceType: 'Organization', id: 'o1', name: 'Sexual health', identifier };
    const stay: Resource = { resourceType: 'Encounter', id: 'x', serviceProvider: { identifier: identifier[0] } };
    expect(withhold([department, stay])).toEqual([stay]);
  });
});

describe('a security label', () => {
  it.each(['STD', 'SEX', 'GENDER', 'HIV'])('%s goes', (code) => {
    expect(goes(condition(asthma, { meta: { security: [{ code }] } }))).toBe(true);
  });
  it.each(['R', 'MH', 'PSY', 'SUD', 'SDV', 'GDIS'])('%s alone stays', (code) => {
    expect(goes(condition(asthma, { meta: { security: [{ code }] } }))).toBe(false);
  });
  it('on a document goes', () => {
    expect(goes({ resourceType: 'DocumentReference', id: 'd', securityLabel: [{ coding: [{ code: 'STD' }] }] })).toBe(
      true,
    );
  });
  it('on a place that could not be read takes what was done there, and no allergy, whatever is configured', () => {
    const place: Resource = {
      resourceType: 'Location',
      id: 'l',
      meta: { security: [{ system: ohc.unread, code: ohc.unreadCode }] },
    };
    const visit: Resource = { resourceType: 'Encounter', id: 'v', location: [{ location: at('Location/l') }] };
    const seen: Resource = { resourceType: 'Observation', id: 'o', encounter: at('Encounter/v') };
    const allergy: Resource = { resourceType: 'AllergyIntolerance', id: 'a', encounter: at('Encounter/v') };
    const other: Resource = { resourceType: 'Encounter', id: 'w' };
    for (const filter of [withhold, createWithholding([])])
      expect(filter([place, visit, seen, allergy, other]).map((one) => one['id'])).toEqual(['a', 'w']);
  });

  it('is no label elsewhere', () => {
    expect(
      goes({ resourceType: 'Observation', id: 'o', code: { coding: [{ system: 'http://local', code: 'SEX' }] } }),
    ).toBe(false);
  });
});

describe('words', () => {
  it.each<[string, object]>([
    ['a title', { content: [{ attachment: { title: 'IVF cycle 2' } }] }],
    ['a description', { description: 'Letter from the Sexual-Health service' }],
    ['a type’s text', { type: { text: 'Genitourinary  medicine letter' } }],
    ['a display', { type: { coding: [{ system: 'http://local', code: '7', display: 'H.I.V. clinic letter' }] } }],
    ['an extension’s string', { extension: [{ url: 'u', valueString: 'seen for ICSI' }] }],
    ['American spelling', { description: 'in vitro fertilization' }],
    ['a number behind', { description: 'HIV-1 antibody' }],
    ['AIDS in capitals', { description: 'Opportunistic infection in AIDS' }],
    ['a text that begins with a date', { description: '2024-01-01 HIV clinic' }],
    ['a text that begins with a mark', { description: '(HIV clinic)' }],
    ['a text that ends with a number', { description: 'HIV clinic 2024-01-01' }],
    ['a list within a list', { description: [['Letter', 'HIV clinic']] }],
    ['a file’s address', { content: [{ attachment: { url: 'https://a.example/hiv-clinic/7' } }] }],
    [
      'a file’s address in an extension',
      { extension: [{ url: 'u', valueAttachment: { url: 'https://a.example/hiv-clinic/7' } }] },
    ],
  ])('in %s go', (_name, more) => {
    expect(goes({ resourceType: 'DocumentReference', id: 'd', ...more })).toBe(true);
  });

  it.each([
    'Hearing aids review',
    'NHS HEARING AIDS CLINIC',
    'IV fluids',
    'Shiver',
    'Archive',
    'Health of sexual partners',
  ])('that only look alike stay: %s', (description) => {
    expect(goes({ resourceType: 'DocumentReference', id: 'd', description })).toBe(false);
  });

  it('in a person’s name stay', () => {
    expect(goes({ resourceType: 'Practitioner', id: 'p', name: [{ family: 'Hiv', text: 'Dr Hiv' }] })).toBe(false);
  });

  it('in what is said about a thing are cut out, and the thing stays', () => {
    const warfarin: Resource = {
      resourceType: 'MedicationRequest',
      id: 'm',
      medicationCodeableConcept: { text: 'Warfarin' },
      note: [{ text: 'Interacts with her HIV treatment' }, { text: 'Take at night' }],
      dosageInstruction: [{ text: 'One daily, see HIV clinic', doseAndRate: [{ doseQuantity: { value: 1 } }] }],
    };
    expect(left([warfarin], 'm')).toEqual({
      ...warfarin,
      note: [{ text: 'Take at night' }],
      dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value: 1 } }] }],
    });
  });

  it('in a GP system’s comment note make it go whole', () => {
    const note = { resourceType: 'Observation', id: 'o', note: [{ text: 'Discussed IVF' }] };
    expect(goes({ ...note, code: coded('37331000000100') })).toBe(true);
    expect(goes({ ...note, code: { coding: [...asthma.coding, ...coded('37331000000100').coding] } })).toBe(true);
    expect(goes({ ...note, code: [asthma, coded('37331000000100')] })).toBe(true);
    expect(goes({ ...note, code: asthma })).toBe(false);
    expect(goes({ ...note, code: coded('37331000000100', 'http://local') })).toBe(false);
    expect(goes({ ...note, resourceType: 'Condition', code: coded('37331000000100') })).toBe(false);
  });
});

describe('what hangs on a withheld thing', () => {
  const on = (element: string) => ({ [element]: at('Encounter/e1') });
  it.each<[string, Resource]>([
    ['encounter', { resourceType: 'Observation', id: 'x', ...on('encounter') }],
    ['context', { resourceType: 'MedicationAdministration', id: 'x', ...on('context') }],
    ['partOf', { resourceType: 'Encounter', id: 'x', ...on('partOf') }],
    ['context.encounter', { resourceType: 'DocumentReference', id: 'x', context: { encounter: [at('Encounter/e1')] } }],
    ['context.related', { resourceType: 'DocumentReference', id: 'x', context: { related: [at('Encounter/e1')] } }],
    ['a versioned reference', { resourceType: 'Observation', id: 'x', encounter: at('Encounter/e1/_history/2') }],
    [
      'an absolute reference',
      { resourceType: 'Observation', id: 'x', encounter: at('https://a.example/fhir/Encounter/e1') },
    ],
    [
      'the associated encounter of an extension',
      {
        resourceType: 'Condition',
        id: 'x',
        extension: [
          {
            url: 'http://hl7.org/fhir/StructureDefinition/encounter-associatedEncounter',
            valueReference: at('Encounter/e1'),
          },
        ],
      },
    ],
  ])('goes by %s', (_name, resource) => {
    expect(goes(resource, gumVisit)).toBe(true);
    expect(goes(resource, { ...gumVisit, type: [asthma] })).toBe(false);
  });

  const secret = (resourceType: string): Resource => ({ resourceType, id: 'w', code: coded('15628003') });
  it.each<[string, Resource, Resource]>([
    [
      'episodeOfCare',
      { resourceType: 'Encounter', id: 'x', episodeOfCare: [at('EpisodeOfCare/w')] },
      secret('EpisodeOfCare'),
    ],
    ['appointment', { resourceType: 'Encounter', id: 'x', appointment: [at('Appointment/w')] }, secret('Appointment')],
    ['basedOn', { resourceType: 'Observation', id: 'x', basedOn: [at('ServiceRequest/w')] }, secret('ServiceRequest')],
    [
      'authorizingPrescription',
      { resourceType: 'MedicationDispense', id: 'x', authorizingPrescription: [at('MedicationRequest/w')] },
      secret('MedicationRequest'),
    ],
    ['request', { resourceType: 'Specimen', id: 'x', request: [at('ServiceRequest/w')] }, secret('ServiceRequest')],
    [
      'reasonReference of a Procedure',
      { resourceType: 'Procedure', id: 'x', reasonReference: [at('Condition/w')] },
      secret('Condition'),
    ],
    [
      'reasonReference of a MedicationRequest',
      { resourceType: 'MedicationRequest', id: 'x', reasonReference: [at('Condition/w')] },
      secret('Condition'),
    ],
    [
      'reasonReference of a MedicationStatement',
      { resourceType: 'MedicationStatement', id: 'x', reasonReference: [at('Condition/w')] },
      secret('Condition'),
    ],
    [
      'reasonReference of a MedicationAdministration',
      { resourceType: 'MedicationAdministration', id: 'x', reasonReference: [at('Condition/w')] },
      secret('Condition'),
    ],
    ['Provenance.target', { resourceType: 'Provenance', id: 'x', target: [at('Condition/w')] }, secret('Condition')],
    [
      'medicationReference',
      { resourceType: 'MedicationRequest', id: 'x', medicationReference: at('Medication/w') },
      secret('Medication'),
    ],
    [
      'a report’s result',
      { resourceType: 'Observation', id: 'x' },
      { ...secret('DiagnosticReport'), result: [at('Observation/x')] },
    ],
    [
      'a report’s specimen',
      { resourceType: 'Specimen', id: 'x' },
      { ...secret('DiagnosticReport'), specimen: [at('Specimen/x')] },
    ],
    [
      'a result’s member',
      { resourceType: 'Observation', id: 'x' },
      { ...secret('Observation'), hasMember: [at('Observation/x')] },
    ],
    [
      'a result’s specimen',
      { resourceType: 'Specimen', id: 'x' },
      { ...secret('Observation'), specimen: at('Specimen/x') },
    ],
    [
      'a document’s Binary',
      { resourceType: 'Binary', id: 'x', data: 'AAAA' },
      { ...secret('DocumentReference'), content: [{ attachment: { url: 'Binary/x' } }] },
    ],
    [
      'a Binary’s security context',
      { resourceType: 'Binary', id: 'x', securityContext: at('DocumentReference/w') },
      secret('DocumentReference'),
    ],
    [
      'a reference by identifier',
      {
        resourceType: 'Observation',
        id: 'x',
        basedOn: [{ identifier: { system: 'https://fhir.nhs.uk/Id/UBRN', value: '1' } }],
      },
      { ...secret('ServiceRequest'), identifier: [{ system: 'https://fhir.nhs.uk/Id/UBRN', value: '1' }] },
    ],
  ])('goes by %s', (_name, resource, whole) => {
    expect(goes(resource, whole)).toBe(true);
    expect(goes(resource, { ...whole, code: asthma })).toBe(false);
  });

  it('goes to a fixed point', () => {
    const chain: Resource[] = [
      { resourceType: 'Observation', id: 'o', basedOn: [at('ServiceRequest/s')] },
      { resourceType: 'Provenance', id: 'p', target: [at('Observation/o')] },
      { resourceType: 'ServiceRequest', id: 's', encounter: at('Encounter/e2') },
      { resourceType: 'Encounter', id: 'e2', partOf: at('Encounter/e1') },
    ];
    expect(withhold([...chain, gumVisit])).toEqual([]);
  });

  it('never goes from part to whole: a mixed consultation keeps its asthma', () => {
    const visit: Resource = {
      resourceType: 'Encounter',
      id: 'e2',
      diagnosis: [
        { condition: at('Condition/w', { display: 'Gonorrhoea' }), rank: 1 },
        { condition: at('Condition/c1') },
      ],
    };
    const kept = condition(asthma, { encounter: at('Encounter/e2') });
    expect(withhold([visit, kept, { ...secret('Condition'), encounter: at('Encounter/e2') }])).toEqual([
      { ...visit, diagnosis: [{ condition: at('Condition/c1') }] },
      kept,
    ]);
  });

  it('a referral for a withheld reason only points at it', () => {
    const referral: Resource = {
      resourceType: 'ServiceRequest',
      id: 'x',
      code: { text: 'Physiotherapy' },
      reasonReference: [at('Condition/w')],
    };
    expect(left([referral, secret('Condition')], 'x')).toEqual({
      resourceType: 'ServiceRequest',
      id: 'x',
      code: { text: 'Physiotherapy' },
    });
  });

  it('testosterone stays for hypogonadism and goes with a listed reason', () => {
    const testosterone: Resource = {
      resourceType: 'MedicationRequest',
      id: 'm',
      medicationCodeableConcept: { text: 'Testosterone' },
      reasonReference: [at('Condition/c1')],
    };
    expect(goes(testosterone, condition(coded('48130008')))).toBe(false);
    expect(goes(testosterone, condition(coded('407377005')))).toBe(true);
  });

  it('a Provenance stays for what it is still about', () => {
    const provenance: Resource = {
      resourceType: 'Provenance',
      id: 'p',
      target: [at('Condition/c1'), at('Encounter/e1')],
    };
    expect(left([provenance, condition(asthma), gumVisit], 'p')).toEqual({
      ...provenance,
      target: [at('Condition/c1')],
    });
  });

  it('a Provenance counts each target once, however often it is named and whoever bears its name', () => {
    const identifier = { system: 'https://fhir.nhs.uk/Id/UBRN', value: '1' };
    const order: Resource = { ...secret('ServiceRequest'), identifier: [identifier] };
    const target = [at('ServiceRequest/w', { identifier }), at('Condition/c1')];
    const provenance: Resource = { resourceType: 'Provenance', id: 'p', target };
    for (const orders of [[order], [order, { ...order }]])
      for (const answer of [
        [provenance, condition(asthma), ...orders],
        [...orders, provenance, condition(asthma)],
      ])
        expect(left(answer, 'p')).toEqual({ ...provenance, target: [at('Condition/c1')] });
  });

  it('a Provenance is not about what its target’s own words give away', () => {
    const provenance: Resource = { resourceType: 'Provenance', id: 'p', target: [{ display: 'GUM clinic visit' }] };
    expect(goes(provenance)).toBe(true);
    expect(left([{ ...provenance, target: [{ display: 'GUM clinic visit' }, at('Condition/c1')] }], 'p')).toEqual({
      ...provenance,
      target: [at('Condition/c1')],
    });
  });

  it('a Provenance goes when nothing is left that it is about, whoever wrote it', () => {
    const agent = [{ who: at('Practitioner/p1') }, { who: at('Practitioner/p2') }];
    expect(goes({ resourceType: 'Provenance', id: 'p', target: [at('Encounter/e1')], agent }, gumVisit)).toBe(true);
  });

  it('the NHS number is nobody’s name but the person’s', () => {
    const identifier = { system: 'https://fhir.nhs.uk/Id/nhs-number', value: '9990000018' };
    const kept = condition(asthma, { subject: { identifier } });
    expect(withhold([{ ...gumVisit, identifier: [identifier] }, kept])).toEqual([kept]);
  });

  it('the medicine, doctor and ward that only it needed go, and those that others need stay', () => {
    const visit = {
      ...gumVisit,
      participant: [{ individual: at('Practitioner/p1') }, { individual: at('Practitioner/p2') }],
      location: [{ location: at('Location/l1') }],
    };
    const needed: Resource = { resourceType: 'Observation', id: 'o', performer: [at('Practitioner/p2')] };
    const people: Resource[] = ['p1', 'p2', 'p3'].map((id) => ({ resourceType: 'Practitioner', id }));
    const place: Resource = { resourceType: 'Location', id: 'l1', managingOrganization: at('Organization/o1') };
    const trust: Resource = { resourceType: 'Organization', id: 'o1' };
    expect(withhold([visit, needed, ...people, place, trust])).toEqual([needed, people[1], people[2]]);
  });
});

describe('what survives', () => {
  it('is the very resource where nothing has to be taken from it', () => {
    const kept = condition(asthma, { encounter: at('Encounter/e9') });
    expect(withhold([kept, gumVisit])[0]).toBe(kept);
  });

  it('is the very resource also where a source sent nothing as null', () => {
    const kept = condition(asthma, { category: null, stage: [null], evidence: { detail: null } });
    expect(withhold([kept])[0]).toBe(kept);
  });

  it('is not touched for what stands in the one before it', () => {
    const told: Resource = { resourceType: 'Basic', id: 'b', text: { div: '<div>x</div>' } };
    const kept = condition(asthma);
    expect(withhold([told, kept])[1]).toBe(kept);
  });

  it('loses its narrative, at any depth', () => {
    const text = { status: 'generated', div: '<div>x</div>' };
    expect(withhold([{ resourceType: 'Composition', id: 'x', text, section: [{ title: 'A', text }] }])).toEqual([
      { resourceType: 'Composition', id: 'x', section: [{ title: 'A' }] },
    ]);
  });

  it.each<[string, Resource, Resource]>([
    [
      'a list’s entry',
      {
        resourceType: 'List',
        id: 'x',
        entry: [{ flag: { text: 'new' }, item: at('Encounter/e1') }, { item: at('Condition/c1') }],
      },
      { resourceType: 'List', id: 'x', entry: [{ item: at('Condition/c1') }] },
    ],
    [
      'a section’s entry',
      { resourceType: 'Composition', id: 'x', section: [{ title: 'A', entry: [at('Encounter/e1')] }] },
      { resourceType: 'Composition', id: 'x', section: [{ title: 'A' }] },
    ],
    [
      'a plan’s activity',
      {
        resourceType: 'CarePlan',
        id: 'x',
        activity: [{ reference: at('Encounter/e1'), progress: [{ text: 'done' }] }],
      },
      { resourceType: 'CarePlan', id: 'x' },
    ],
    [
      'an extension at depth',
      {
        resourceType: 'Condition',
        id: 'x',
        extension: [
          { url: 'a', extension: [{ url: 'b', valueReference: at('Encounter/e1') }] },
          { url: 'c', valueString: 'kept' },
        ],
      },
      { resourceType: 'Condition', id: 'x', extension: [{ url: 'c', valueString: 'kept' }] },
    ],
    [
      'display and identifier with it',
      {
        resourceType: 'Observation',
        id: 'x',
        focus: [at('Encounter/e1', { display: 'Clinic visit', identifier: { value: '7' } })],
      },
      { resourceType: 'Observation', id: 'x' },
    ],
    [
      'an address as a text',
      { resourceType: 'Observation', id: 'x', extension: [{ url: 'u', valueUri: 'Encounter/e1' }] },
      { resourceType: 'Observation', id: 'x' },
    ],
    [
      'a pointer that tells by itself',
      {
        resourceType: 'CareTeam',
        id: 'x',
        participant: [{ member: { display: 'GUM clinic nurse' }, role: [{ text: 'nurse' }] }],
      },
      { resourceType: 'CareTeam', id: 'x' },
    ],
  ])('loses %s', (_name, resource, expected) => {
    expect(left([resource, gumVisit], 'x')).toStrictEqual(expected);
  });

  it.each<[string, string]>([
    ['a contained thing’s name as a text', '#in'],
    ['an address of any length', `https://a.example/${'long/'.repeat(100)}Encounter/e1`],
  ])('loses %s', (_name, valueUri) => {
    const secret = { resourceType: 'Condition', id: 'in', code: coded('15628003') };
    const extension = [{ url: 'u', valueUri }];
    expect(left([{ resourceType: 'Basic', id: 'x', contained: [secret], extension }, gumVisit], 'x')).toEqual({
      resourceType: 'Basic',
      id: 'x',
    });
  });

  it('loses what only one of a pointer’s two names leads to', () => {
    const identifier = { system: 'urn:visits', value: '7' };
    const visit = { ...gumVisit, identifier: [identifier] };
    for (const pointer of [
      { reference: 'Encounter/e1', identifier: { ...identifier, value: '8' } },
      { reference: 'Encounter/elsewhere', identifier },
    ])
      expect(left([{ resourceType: 'Basic', id: 'x', focus: [pointer] }, visit], 'x')).toEqual({
        resourceType: 'Basic',
        id: 'x',
      });
  });

  it('loses a pointer beside a person’s name, and keeps the name', () => {
    const name = { family: 'Hiv', text: 'Dr Hiv', period: { start: '2020' } };
    const extension = [{ url: 'u', valueReference: at('Encounter/e1') }];
    expect(left([{ resourceType: 'Practitioner', id: 'x', name: [{ ...name, extension }] }, gumVisit], 'x')).toEqual({
      resourceType: 'Practitioner',
      id: 'x',
      name: [name],
    });
  });

  it.each<[string, object, object]>([
    [
      'the rest of a list, at any depth',
      { section: [{ title: 'A', section: [{ title: 'B', entry: [at('Encounter/e1'), at('Condition/c1')] }] }] },
      { section: [{ title: 'A', section: [{ title: 'B', entry: [at('Condition/c1')] }] }] },
    ],
    [
      'an element whose pointer stays, less what stood in it',
      {
        participant: [
          { role: 'r', actor: at('Practitioner/p', { extension: [{ url: 'u', valueReference: at('Encounter/e1') }] }) },
        ],
      },
      { participant: [{ role: 'r', actor: at('Practitioner/p') }] },
    ],
    [
      'a note whose author goes',
      { note: [{ authorReference: at('Encounter/e1'), text: 'Take at night' }] },
      { note: [{ text: 'Take at night' }] },
    ],
    [
      'what is measured in a remark',
      { dosageInstruction: [{ text: 'see HIV clinic', doseAndRate: [{ doseQuantity: { value: 1, unit: 'HIV' } }] }] },
      { dosageInstruction: [{ doseAndRate: [{ doseQuantity: { value: 1, unit: 'HIV' } }] }] },
    ],
    [
      'an extension’s name in a remark',
      {
        dosageInstruction: [
          { text: 'see HIV clinic', extension: [{ url: 'https://hiv.example/hiv', valueCode: 'c' }] },
        ],
      },
      { dosageInstruction: [{ extension: [{ url: 'https://hiv.example/hiv', valueCode: 'c' }] }] },
    ],
    [
      'no note without its text',
      { note: [{ authorString: 'Dr A', time: '2024-01-01', text: 'Seen at the HIV clinic' }, { text: 'kept' }] },
      { note: [{ text: 'kept' }] },
    ],
    ['nothing but an id', { hospitalization: { id: 'h', destination: at('Encounter/e1') } }, {}],
  ])('keeps %s', (_name, members, expected) => {
    expect(left([{ resourceType: 'Basic', id: 'x', ...members }, gumVisit], 'x')).toEqual({
      resourceType: 'Basic',
      id: 'x',
      ...expected,
    });
  });

  it.each<[string, object]>([
    [
      'what a pointer calls its target, though it looks like an address',
      { subject: at('Patient/p', { display: 'Asthma/COPD' }) },
    ],
    ['a number that names a service elsewhere', { category: { coding: [{ code: '360', display: 'Peak flow' }] } }],
  ])('keeps %s', (_name, members) => {
    const kept: Resource = { resourceType: 'Basic', id: 'x', ...members };
    expect(left([{ ...kept, text: { div: '<div>x</div>' } }], 'x')).toEqual(kept);
  });

  it('keeps its members in their order', () => {
    const kept = { id: 'x', resourceType: 'Basic', focus: at('Encounter/e1'), subject: at('Patient/p') };
    const { focus: _, ...rest } = kept;
    expect(JSON.stringify(left([kept, gumVisit], 'x'))).toBe(JSON.stringify(rest));
  });

  it('keeps its other addresses', () => {
    const kept: Resource = {
      resourceType: 'Basic',
      id: 'x',
      extension: [{ url: 'u', valueUri: 'Condition/elsewhere' }],
    };
    expect(left([{ ...kept, focus: [at('Encounter/e1')] }, gumVisit], 'x')).toEqual(kept);
  });

  it('keeps the gaps of primitive lists', () => {
    const kept = {
      resourceType: 'Observation',
      id: 'x',
      focus: [at('Encounter/e1')],
      issuedBy: ['a', null],
      _issuedBy: [null, { id: 'y' }],
    };
    const { focus: _, ...rest } = kept;
    expect(left([kept, gumVisit], 'x')).toEqual(rest);
  });
});

describe('a contained resource', () => {
  const secret = { resourceType: 'Condition', id: 'in', code: coded('15628003') };
  it('goes alone where it is merely pointed at', () => {
    const referral: Resource = {
      resourceType: 'ServiceRequest',
      id: 'x',
      contained: [secret, { resourceType: 'Practitioner', id: 'dr' }],
      requester: at('#dr'),
      reasonReference: [at('#in')],
    };
    expect(left([referral], 'x')).toEqual({
      resourceType: 'ServiceRequest',
      id: 'x',
      contained: [{ resourceType: 'Practitioner', id: 'dr' }],
      requester: at('#dr'),
    });
  });
  it('goes also where nothing points at it', () => {
    const kept: Resource = { resourceType: 'ServiceRequest', id: 'x' };
    expect(withhold([{ ...kept, contained: [secret] }])).toEqual([kept]);
  });
  it('of a withheld resource keeps nobody in the record', () => {
    const role = { resourceType: 'PractitionerRole', id: 'role', practitioner: at('Practitioner/p1') };
    expect(
      withhold([
        { ...gumVisit, contained: [role] },
        { resourceType: 'Practitioner', id: 'p1' },
      ]),
    ).toEqual([]);
  });
  it('takes its container with it where it is what that means', () => {
    expect(
      goes({
        resourceType: 'MedicationRequest',
        id: 'x',
        contained: [{ ...secret, resourceType: 'Medication' }],
        medicationReference: at('#in'),
      }),
    ).toBe(true);
    expect(
      goes({
        resourceType: 'Encounter',
        id: 'x',
        contained: [{ resourceType: 'Location', id: 'in', name: 'GUM clinic' }],
        location: [{ location: at('#in') }],
      }),
    ).toBe(true);
  });
  it('does not answer to another container’s name', () => {
    const other: Resource = {
      resourceType: 'MedicationRequest',
      id: 'y',
      contained: [{ resourceType: 'Medication', id: 'in', code: asthma }],
      medicationReference: at('#in'),
    };
    const first: Resource = {
      resourceType: 'MedicationRequest',
      id: 'x',
      contained: [{ ...secret, resourceType: 'Medication' }],
      medicationReference: at('#in'),
    };
    expect(withhold([first, other])).toEqual([other]);
  });
  it('that is no resource goes, since nobody looked at it, and a lone one counts as a list of one', () => {
    const { resourceType: _, ...loose } = secret;
    const kept: Resource = { resourceType: 'ServiceRequest', id: 'x' };
    const inside = { resourceType: 'Practitioner', id: 'dr' };
    expect(withhold([{ ...kept, contained: [loose, 'HIV', inside] }])).toEqual([{ ...kept, contained: [inside] }]);
    expect(withhold([{ ...kept, contained: [loose] }])).toEqual([kept]);
    expect(withhold([{ ...kept, contained: secret }])).toEqual([kept]);
    expect(withhold([{ ...kept, contained: inside }])).toEqual([{ ...kept, contained: [inside] }]);
    expect(withhold([{ ...kept, contained: 'HIV' }])).toEqual([kept]);
    expect(withhold([{ ...kept, contained: [{ id: 'loose', status: 'final' }] }])).toEqual([kept]);
  });
  it('loses what tells, though nothing is taken from its container; else all stands as it is', () => {
    const inside = { resourceType: 'Observation', id: 'in' };
    const kept: Resource = { resourceType: 'List', id: 'x', contained: [inside], entry: [{ item: at('#in') }] };
    expect(withhold([kept])[0]).toBe(kept);
    expect(withhold([{ ...kept, contained: [{ ...inside, focus: [at('Encounter/e1')] }] }, gumVisit])).toEqual([kept]);
    const many: Resource = {
      ...kept,
      contained: [
        { ...inside, focus: [at('Encounter/e1')] },
        { ...inside, id: 'two' },
      ],
    };
    expect(withhold([many, gumVisit])).toEqual([{ ...kept, contained: [inside, { ...inside, id: 'two' }] }]);
  });
  it('that hangs on a withheld visit goes', () => {
    const list: Resource = {
      resourceType: 'List',
      id: 'x',
      contained: [{ resourceType: 'Observation', id: 'in', encounter: at('Encounter/e1') }],
      entry: [{ item: at('#in') }],
    };
    expect(left([list, gumVisit], 'x')).toEqual({ resourceType: 'List', id: 'x' });
  });
});

describe('an allergy', () => {
  const allergy: Resource = { resourceType: 'AllergyIntolerance', id: 'a', code: { text: 'Penicillin' } };
  it('stays for whatever it hangs on, without what tells', () => {
    const recorded: Resource = {
      ...allergy,
      encounter: at('Encounter/e1', { display: 'GUM clinic' }),
      recorder: at('PractitionerRole/r1'),
      note: [{ text: 'Told at the sexual health clinic' }],
      extension: [{ url: 'u', valueCodeableConcept: coded('15628003') }],
      reaction: [{ description: 'Rash after HIV medicine', manifestation: [{ text: 'Rash' }] }],
    };
    const role: Resource = { resourceType: 'PractitionerRole', id: 'r1', specialty: [{ coding: [{ code: '360' }] }] };
    expect(left([recorded, gumVisit, role], 'a')).toEqual({
      ...allergy,
      reaction: [{ manifestation: [{ text: 'Rash' }] }],
    });
  });
  it.each<[string, object]>([
    ['a note', { note: [{ text: 'Told at the sexual health clinic' }] }],
    ['a code in an extension', { extension: [{ url: 'u', valueCodeableConcept: coded('15628003') }] }],
    [
      'a code’s own words in an extension',
      { extension: [{ url: 'u', valueCodeableConcept: { ...coded('15628003'), text: 'the usual' } }] },
    ],
    [
      'a code beside another in an extension',
      {
        extension: [
          { url: 'u', valueCodeableConcept: { coding: [...asthma.coding, ...coded('15628003').coding], text: 'x' } },
        ],
      },
    ],
    [
      'a lone code in an extension',
      { extension: [{ url: 'u', valueCoding: { system: sct, code: '15628003', display: 'x' } }] },
    ],
    ['a bare treatment function', { serviceType: { coding: [{ code: '360' }], text: 'x' } }],
    ['an address', { extension: [{ url: 'u', valueAttachment: { url: 'https://a.example/hiv-clinic/7' } }] }],
    ['a manifestation', { reaction: [{ manifestation: [coded('15628003')] }] }],
    ['a place', { encounter: { display: 'GUM clinic' } }],
    [
      'a pointer within its code',
      { code: { ...(allergy['code'] as object), extension: [{ url: 'u', valueReference: at('Encounter/e1') }] } },
    ],
  ])('is cut down to what tells nothing: %s', (_name, more) => {
    expect(left([{ ...allergy, ...more }, gumVisit], 'a')).toEqual(allergy);
  });
  it('keeps the name of a person, whatever they are called', () => {
    const named = [{ url: 'u', valueHumanName: { family: 'Hiv', text: 'Dr Hiv' } }];
    expect(left([{ ...allergy, extension: named, note: [{ text: 'Told at the HIV clinic' }] }], 'a')).toEqual({
      ...allergy,
      extension: named,
    });
  });
  it('keeps the same digits of another system', () => {
    const local = [{ url: 'u', valueCoding: { system: 'http://local', code: '15628003' } }];
    expect(left([{ ...allergy, extension: local, note: [{ text: 'Told at the HIV clinic' }] }], 'a')).toEqual({
      ...allergy,
      extension: local,
    });
  });
  it('stays whatever it is called: a word is no substance', () => {
    const called = { ...allergy, code: { text: 'Abacavir (HIV medicine)' } };
    expect(left([called], 'a')).toBe(called);
    expect(left([{ ...called, note: [{ text: 'Told at the HIV clinic' }] }], 'a')).toEqual(called);
  });
  it('stays where a withheld report names it as a result', () => {
    expect(
      goes(allergy, {
        resourceType: 'DiagnosticReport',
        id: 'd',
        code: coded('15628003'),
        result: [at('AllergyIntolerance/a')],
      }),
    ).toBe(false);
  });
  it.each<[string, object]>([
    ['substance', { code: coded('15628003') }],
    ['reaction’s substance', { reaction: [{ substance: coded('15628003') }] }],
    ['label', { meta: { security: [{ code: 'STD' }] } }],
  ])('goes for its own %s', (_name, more) => {
    expect(goes({ ...allergy, ...more })).toBe(true);
  });
});

describe('what goes for its documents’ words', () => {
  const letter: Resource = {
    resourceType: 'DocumentReference',
    id: 'd',
    content: [{ attachment: { url: 'Binary/b' } }],
  };
  const told = new Set(['Binary/b', 'DocumentReference/d']);

  it('goes, with what hangs on it and the document, and leaves no pointer to either', () => {
    const part: Resource = { resourceType: 'Observation', id: 'o', partOf: [at('DocumentReference/d')] };
    const binary: Resource = { resourceType: 'Binary', id: 'b' };
    const other = condition(asthma, {
      extension: [{ url: 'u', valueUrl: 'Binary/b' }],
      evidence: [{ detail: [at('Binary/b')] }],
    });
    expect(withhold([letter, part, binary, other], told)).toEqual([condition(asthma)]);
    expect(withhold([letter, part, binary, other])).toHaveLength(4);
  });

  it('leaves no pointer to a document that came as no resource, and touches no other', () => {
    const kept = (url: string) => condition(asthma, { extension: [{ url: 'u', valueUrl: url }] });
    expect(withhold([letter, kept('Binary/b')], told)).toEqual([condition(asthma)]);
    expect(withhold([letter, kept('Binary/c')], told)).toEqual([kept('Binary/c')]);
  });

  it('goes alone where one inside another holds it', () => {
    const inside = { resourceType: 'DocumentReference', id: 'in' };
    const list: Resource = {
      resourceType: 'List',
      id: 'l',
      contained: [inside, { ...inside, id: 'other' }],
      entry: [{ item: at('#in') }, { item: at('#other') }],
    };
    expect(withhold([list], new Set(['Binary/b', 'List/l#in']))).toEqual([
      { ...list, contained: [{ ...inside, id: 'other' }], entry: [{ item: at('#other') }] },
    ]);
    expect(withhold([{ ...list, id: 'm' }], new Set(['Binary/b', 'List/l#in']))).toEqual([{ ...list, id: 'm' }]);
  });

  it('stays where it is an allergy, without what leads to the document', () => {
    const allergy: Resource = { resourceType: 'AllergyIntolerance', id: 'a', code: { text: 'Penicillin' } };
    const text = { status: 'generated', div: '<div>x</div>' };
    const extension = [{ url: 'u', valueAttachment: { url: 'Binary/b' } }];
    const list: Resource = { resourceType: 'List', id: 'l', entry: [{ item: at('AllergyIntolerance/a') }] };
    const names = new Set(['Binary/b', 'AllergyIntolerance/a']);
    expect(withhold([{ ...allergy, text, extension }, list], names)).toEqual([allergy, list]);
  });

  it('is nobody without an id', () => {
    const { id: _, ...nameless } = condition(asthma);
    expect(withhold([nameless], told)).toEqual([nameless]);
  });
});
