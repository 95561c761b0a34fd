import type { Concept } from '../codes.ts';
import type { Practice } from '../systems.ts';

/** Canonical URLs of GP Connect (STU3). */
const gpc = 'https://fhir.nhs.uk/STU3/StructureDefinition';
const careConnect = 'https://fhir.hl7.org.uk/STU3/StructureDefinition';

export const bundleProfile = `${gpc}/GPConnect-StructuredRecord-Bundle-1`;
export const outcomeProfile = `${gpc}/GPConnect-OperationOutcome-1`;

/** The profile that GP Connect names for a type. */
export function profileOf(resourceType: string): string {
  if (resourceType === 'Condition') return `${gpc}/CareConnect-GPC-ProblemHeader-Condition-1`;
  if (resourceType === 'Specimen' || resourceType === 'DiagnosticReport' || resourceType === 'HealthcareService')
    return `${careConnect}/CareConnect-${resourceType}-1`;
  return `${gpc}/CareConnect-GPC-${resourceType}-1`;
}

/** Extension URLs. */
export const extension = {
  registration: `${gpc}/Extension-CareConnect-GPC-RegistrationDetails-1`,
  nhsNumberStatus: `${gpc}/Extension-CareConnect-GPC-NHSNumberVerificationStatus-1`,
  clinicalSetting: `${gpc}/Extension-CareConnect-GPC-ClinicalSetting-1`,
  listWarning: `${gpc}/Extension-CareConnect-GPC-ListWarningCode-1`,
  prescriptionType: `${gpc}/Extension-CareConnect-GPC-PrescriptionType-1`,
  repeat: `${gpc}/Extension-CareConnect-GPC-MedicationRepeatInformation-1`,
  statusReason: `${gpc}/Extension-CareConnect-GPC-MedicationStatusReason-1`,
  lastIssue: `${gpc}/Extension-CareConnect-GPC-MedicationStatementLastIssueDate-1`,
  agency: `${gpc}/Extension-CareConnect-GPC-PrescribingAgency-1`,
  allergyEnd: `${careConnect}/Extension-CareConnect-AllergyIntoleranceEnd-1`,
  actualProblem: `${careConnect}/Extension-CareConnect-ActualProblem-1`,
  relatedContent: `${careConnect}/Extension-CareConnect-RelatedClinicalContent-1`,
  significance: `${careConnect}/Extension-CareConnect-ProblemSignificance-1`,
  dateRecorded: `${careConnect}/Extension-CareConnect-DateRecorded-1`,
  vaccination: `${careConnect}/Extension-CareConnect-VaccinationProcedure-1`,
} as const;

/** A code of GP Connect's own code systems. */
export function gpcCode(name: string, code: string, display: string): Concept {
  return { coding: [{ system: `https://fhir.nhs.uk/STU3/CodeSystem/${name}`, code, display }] };
}

/** A Read v2 or CTV3 code before the SNOMED CT one, as the practice's system chose it. */
export function withLegacy(practice: Practice, concept: Concept, code: string | undefined, display: string): unknown {
  if (code === undefined) return concept;
  const legacy = {
    system: practice.legacy === 'CTV3' ? 'http://read.info/ctv3' : 'http://read.info/readv2',
    code,
    display,
    userSelected: true,
  };
  return { ...concept, coding: [legacy, ...(concept.coding ?? [])] };
}

/** The primary lists: which parameter asks for each, its SNOMED CT code and title. */
export const primaryLists = {
  allergies: { parameter: 'includeAllergies', code: '886921000000105', title: 'Allergies and adverse reactions' },
  endedAllergies: { parameter: 'includeAllergies', code: '1103671000000101', title: 'Ended allergies' },
  medications: { parameter: 'includeMedication', code: '933361000000108', title: 'Medications and medical devices' },
  problems: { parameter: 'includeProblems', code: '717711000000103', title: 'Problems' },
  consultations: { parameter: 'includeConsultations', code: '1149501000000101', title: 'List of consultations' },
  immunisations: { parameter: 'includeImmunisations', code: '1102181000000102', title: 'Immunisations' },
  uncategorised: {
    parameter: 'includeUncategorisedData',
    code: '826501000000100',
    title: 'Uncategorised data',
    display: 'Miscellaneous record',
  },
  investigations: { parameter: 'includeInvestigations', code: '887191000000108', title: 'Investigations and results' },
  referrals: { parameter: 'includeReferrals', code: '792931000000107', title: 'Outbound referral' },
  diary: {
    parameter: 'includeDiaryEntries',
    code: '714311000000108',
    title: 'Patient recall administration',
  },
} as const;
export type ListKey = keyof typeof primaryLists;

/** Warnings that a practice's system sets on a list, with the words that go with each. */
export const listWarnings = {
  'confidential-items': 'Items excluded due to confidentiality and/or patient preferences.',
  'data-in-transit':
    'Patient record transfer from previous GP practice not yet complete; information recorded before {date} may be missing.',
  'data-awaiting-filing':
    'Patient record contains some items in the GP practice workflow that have not been reviewed for inclusion in this message; information recorded before {date} may be missing.',
} as const;
export type ListWarning = keyof typeof listWarnings;
