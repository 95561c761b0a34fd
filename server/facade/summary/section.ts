import { codingsOf, hasCode } from '../../../src/fhir/coding.ts';
import { parseDate } from '../../../src/fhir/date.ts';
import { object, text } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import type { DataClass } from '../../../src/fhir/status.ts';
import { system } from '../../../src/fhir/systems.ts';

/** A section of the International Patient Summary (IPS 2.0, Composition-uv-ips). */
export type Section = {
  readonly title: string;
  /** LOINC. */
  readonly code: string;
  readonly display: string;
  /** What sources that hold such facts contribute. */
  readonly holds: DataClass;
  /** The types that may stand here: where a role gets none of them, the section says so. */
  readonly types: readonly string[];
  /** IPS demands the section, also where there is nothing to put into it. */
  readonly required: boolean;
  /** What stands here of older date is left to the record, and said so. */
  readonly lastMonths?: number;
  readonly takes: (resource: Resource) => boolean;
};

const isType =
  (...types: readonly string[]) =>
  (resource: Resource): boolean =>
    types.includes(resource.resourceType);

function status(resource: Resource): string {
  return text(resource['status']) ?? '';
}

/** True for what its source says was never so: nobody is to read it in a summary. */
export function isRefuted(resource: Resource): boolean {
  const verification = codingsOf(resource['verificationStatus']).map((one) => one.code);
  return (
    status(resource) === 'entered-in-error' ||
    verification.includes('entered-in-error') ||
    verification.includes('refuted')
  );
}

const endedProblem = ['inactive', 'remission', 'resolved'];

function isEndedProblem(resource: Resource): boolean {
  const said = codingsOf(resource['clinicalStatus']).some((one) => endedProblem.includes(one.code ?? ''));
  return said || resource['abatementDateTime'] !== undefined;
}

const observationCategory = 'http://terminology.hl7.org/CodeSystem/observation-category';
const inCategory = (resource: Resource, ...codes: readonly string[]): boolean =>
  hasCode(resource['category'], observationCategory, ...codes);

/** LOINC codes of the IPS pregnancy observations: status, expected date of delivery, history of outcomes. */
const pregnancy = [
  '82810-3',
  '11778-8',
  '11779-6',
  '11780-4',
  '11636-8',
  '11637-6',
  '11638-4',
  '11639-2',
  '11640-0',
  '11612-9',
  '11613-7',
  '11614-5',
  '33065-4',
];
const isPregnancy = (resource: Resource): boolean => hasCode(resource['code'], system.loinc, ...pregnancy);

const endedMedicine = ['stopped', 'completed', 'cancelled', 'draft', 'not-taken'];

/** The sections in the order in which a reader meets them; a resource stands in the first that takes it. */
export const sections: readonly Section[] = [
  {
    title: 'Allergies and intolerances',
    code: '48765-2',
    display: 'Allergies and adverse reactions Document',
    holds: 'allergies',
    types: ['AllergyIntolerance'],
    required: true,
    takes: isType('AllergyIntolerance'),
  },
  {
    title: 'Medicines',
    code: '10160-0',
    display: 'History of Medication use Narrative',
    holds: 'medicines',
    types: ['MedicationRequest', 'MedicationStatement'],
    required: true,
    takes: (resource) =>
      isType('MedicationRequest', 'MedicationStatement')(resource) && !endedMedicine.includes(status(resource)),
  },
  {
    title: 'Problems',
    code: '11450-4',
    display: 'Problem list - Reported',
    holds: 'problems',
    types: ['Condition'],
    required: true,
    takes: (resource) => isType('Condition')(resource) && !isEndedProblem(resource),
  },
  {
    title: 'Alerts',
    code: '104605-1',
    display: 'Alert',
    holds: 'alerts',
    types: ['Flag'],
    required: false,
    takes: (resource) => isType('Flag')(resource) && status(resource) !== 'inactive',
  },
  {
    title: 'Advance directives',
    code: '42348-3',
    display: 'Advance healthcare directives',
    holds: 'care-plans',
    types: ['Consent'],
    required: false,
    takes: isType('Consent'),
  },
  {
    title: 'Past problems',
    code: '11348-0',
    display: 'History of Past illness Narrative',
    holds: 'problems',
    types: ['Condition'],
    required: false,
    takes: isType('Condition'),
  },
  {
    title: 'Immunisations',
    code: '11369-6',
    display: 'History of Immunization Narrative',
    holds: 'immunisations',
    types: ['Immunization'],
    required: false,
    takes: isType('Immunization'),
  },
  {
    title: 'Procedures',
    code: '47519-4',
    display: 'History of Procedures Document',
    holds: 'procedures',
    types: ['Procedure'],
    required: false,
    takes: isType('Procedure'),
  },
  {
    title: 'Pregnancies',
    code: '10162-6',
    display: 'History of pregnancies Narrative',
    holds: 'results',
    types: ['Observation'],
    required: false,
    takes: (resource) => isType('Observation')(resource) && isPregnancy(resource),
  },
  {
    title: 'Vital signs',
    code: '8716-3',
    display: 'Vital signs',
    holds: 'vital-signs',
    types: ['Observation'],
    required: false,
    lastMonths: 12,
    takes: (resource) => isType('Observation')(resource) && inCategory(resource, 'vital-signs'),
  },
  {
    title: 'Social history',
    code: '29762-2',
    display: 'Social history Narrative',
    holds: 'results',
    types: ['Observation'],
    required: false,
    takes: (resource) => isType('Observation')(resource) && inCategory(resource, 'social-history'),
  },
  {
    title: 'Functional status',
    code: '47420-5',
    display: 'Functional status assessment note',
    holds: 'mental-health',
    types: ['ClinicalImpression'],
    required: false,
    takes: isType('ClinicalImpression'),
  },
  {
    title: 'Results',
    code: '30954-2',
    display: 'Relevant diagnostic tests/laboratory data Narrative',
    holds: 'results',
    types: ['Observation', 'DiagnosticReport'],
    required: false,
    lastMonths: 12,
    takes: isType('Observation', 'DiagnosticReport'),
  },
  {
    title: 'Devices',
    code: '46264-8',
    display: 'History of medical device use',
    holds: 'procedures',
    types: ['DeviceUseStatement'],
    required: false,
    takes: isType('DeviceUseStatement'),
  },
  {
    title: 'Plan of care',
    code: '18776-5',
    display: 'Plan of care note',
    holds: 'care-plans',
    types: ['CarePlan'],
    required: false,
    takes: (resource) => isType('CarePlan')(resource) && !['completed', 'revoked', 'draft'].includes(status(resource)),
  },
  {
    title: 'Family history',
    code: '10157-6',
    display: 'History of family member diseases Narrative',
    holds: 'problems',
    types: ['FamilyMemberHistory'],
    required: false,
    takes: isType('FamilyMemberHistory'),
  },
];

const dated = [
  'effectiveDateTime',
  'effectiveInstant',
  'onsetDateTime',
  'performedDateTime',
  'occurrenceDateTime',
  'authoredOn',
  'recordedDate',
  'dateAsserted',
  'dateTime',
  'issued',
  'date',
] as const;
const periods = ['effectivePeriod', 'performedPeriod', 'onsetPeriod', 'period', 'timingPeriod'] as const;

/** When a fact was so, as its source wrote it (a FHIR date or dateTime), or undefined where it says none. */
export function whenOf(resource: Resource): string | undefined {
  const candidates = [
    ...dated.map((member) => resource[member]),
    ...periods.map((member) => object(resource[member])?.['start']),
  ];
  return candidates.map(text).find((one) => parseDate(one) !== undefined);
}

/** True for what a section leaves to the record for its age. What has no date is never old. */
export function isOld(section: Section, resource: Resource, now: Date): boolean {
  if (section.lastMonths === undefined) return false;
  const at = parseDate(whenOf(resource));
  if (at === undefined) return false;
  const since = new Date(now);
  since.setUTCMonth(since.getUTCMonth() - section.lastMonths);
  return at.instant < since.getTime();
}
