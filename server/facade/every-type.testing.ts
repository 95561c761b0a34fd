import type { Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { servedTypes, supportingTypes } from './search/parameter.ts';

const about = { reference: 'Patient/p' };
const category = (code: string) => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
];
const snomed = (code: string, display: string) => ({ coding: [{ system: system.snomed, code, display }] });

/** A word that no role may read who does not get what an appointment is for. It stands wherever that can be told. */
export const telling = 'Nephrology';

/** An appointment that tells what it is for in every place where a source could put it. */
export const appointment: Resource = {
  resourceType: 'Appointment',
  id: 'appointment-0',
  meta: {
    lastUpdated: '2026-11-01T08:00:00Z',
    profile: [`https://source.example/${telling}`],
    security: [{ system: 'urn:source', code: telling }],
    tag: [{ system: 'urn:source', code: telling }],
    source: 'https://one-health-and-care.nhs.uk/source/acute',
  },
  text: { status: 'generated', div: `<div>${telling}</div>` },
  contained: [{ resourceType: 'HealthcareService', id: 'service', name: telling }],
  extension: [{ url: `urn:${telling}`, valueString: telling }],
  identifier: [{ system: 'urn:booking', value: '000012345678', type: { text: telling } }],
  status: 'booked',
  cancelationReason: { text: telling },
  serviceCategory: [{ text: telling }],
  serviceType: [{ text: telling }],
  specialty: [{ text: telling }],
  appointmentType: { text: telling },
  reasonCode: [{ text: telling }],
  reasonReference: [{ reference: 'Condition/condition-0', display: telling }],
  priority: 5,
  description: telling,
  supportingInformation: [{ reference: 'DocumentReference/letter', display: telling }],
  start: '2026-12-01T10:00:00Z',
  _start: { extension: [{ url: 'urn:why', valueString: telling }] },
  end: '2026-12-01T10:20:00Z',
  minutesDuration: 20,
  slot: [{ reference: 'Slot/1', display: telling }],
  created: '2026-11-01',
  comment: telling,
  patientInstruction: telling,
  basedOn: [{ reference: 'ServiceRequest/servicerequest-0', display: telling }],
  // Of other versions of FHIR, or of nobody's.
  reason: [{ concept: { text: telling } }],
  note: [{ text: telling }],
  indication: [{ display: telling }],
  participant: [
    { actor: about, status: 'accepted' },
    { actor: { reference: 'Location/location-0', display: 'Outpatients 4, level 2' }, status: 'accepted' },
    {
      type: [{ text: telling }],
      actor: { reference: 'Practitioner/practitioner-0', display: `Dr A Example, ${telling}` },
      status: 'accepted',
    },
    { actor: { reference: 'PractitionerRole/practitionerrole-0', display: telling }, status: 'accepted' },
    { actor: { reference: 'HealthcareService/healthcareservice-0', display: telling }, status: 'accepted' },
    { actor: { reference: '#service', display: telling }, status: 'accepted' },
    { actor: { display: telling }, status: 'accepted' },
  ],
};

/** A letter, as against a plan. */
const letter: Resource = {
  resourceType: 'DocumentReference',
  id: 'letter',
  status: 'current',
  type: snomed('373942005', 'Discharge summary'),
  subject: about,
};

/** The resources that show what a role gets of a type where it gets a part of it alone. */
const special: Readonly<Record<string, readonly Resource[]>> = {
  Appointment: [appointment],
  Observation: ['laboratory', 'imaging', 'vital-signs', 'social-history', 'exam', 'none'].map((one) => ({
    resourceType: 'Observation',
    id: `observation-${one}`,
    status: 'final',
    ...(one === 'none' ? {} : { category: category(one) }),
    code: { text: one },
    subject: about,
    effectiveDateTime: '2026-10-01',
  })),
  DocumentReference: [letter, { ...letter, id: 'plan', type: snomed('1382601000000107', 'ReSPECT form') }],
  List: (
    [
      ['problems', '717711000000103', ['Condition/condition-0']],
      ['allergies', '886921000000105', ['AllergyIntolerance/allergyintolerance-0']],
      [
        'mixed',
        undefined,
        ['Condition/condition-0', 'AllergyIntolerance/allergyintolerance-0', 'Observation/observation-exam'],
      ],
    ] as const
  ).map(([name, code, items]) => ({
    resourceType: 'List',
    id: `list-${name}`,
    status: 'current',
    mode: 'snapshot',
    ...(code === undefined ? {} : { code: snomed(code, name) }),
    subject: about,
    text: { status: 'generated', div: `<div>${name}</div>` },
    entry: items.map((reference) => ({ item: { reference, display: reference } })),
  })),
  Location: [
    {
      resourceType: 'Location',
      id: 'location-0',
      name: 'Outpatients 4',
      type: [{ text: telling }],
      description: telling,
    },
  ],
  Organization: [
    { resourceType: 'Organization', id: 'organization-0', name: 'University Hospital', type: [{ text: telling }] },
  ],
  Practitioner: [
    {
      resourceType: 'Practitioner',
      id: 'practitioner-0',
      name: [{ text: 'Dr A Example' }],
      qualification: [{ code: { text: telling } }],
    },
  ],
};

function plain(resourceType: string): Resource {
  return {
    resourceType,
    id: `${resourceType.toLowerCase()}-0`,
    ...(supportingTypes.has(resourceType) ? {} : { subject: about }),
    note: [{ text: 'A note of the one who wrote it.' }],
  };
}

/** Resources of every type that is served, as sources would have given them; the Patient is the demographics service's. */
export const everyType: ReadonlyMap<string, readonly Resource[]> = new Map(
  servedTypes.map((type) => [type, type === 'Patient' ? [] : (special[type] ?? [plain(type)])]),
);
