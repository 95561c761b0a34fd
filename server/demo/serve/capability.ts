import type { Resource } from '../../../src/fhir/resource.ts';
import type { R4System } from '../systems.ts';

/** The types that are about a person; each can be searched with `patient` where a system is asked by search. */
export const personTypes: ReadonlySet<string> = new Set([
  'AllergyIntolerance',
  'Appointment',
  'CarePlan',
  'CareTeam',
  'ClinicalImpression',
  'Condition',
  'Consent',
  'Device',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'EpisodeOfCare',
  'FamilyMemberHistory',
  'Flag',
  'Goal',
  'ImagingStudy',
  'Immunization',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Procedure',
  'QuestionnaireResponse',
  'RelatedPerson',
  'ResearchSubject',
  'RiskAssessment',
  'ServiceRequest',
  'Specimen',
  'Task',
]);

const hospital = [
  'AllergyIntolerance',
  'Appointment',
  'Condition',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'ImagingStudy',
  'MedicationRequest',
  'Observation',
  'Procedure',
  'ServiceRequest',
  'Specimen',
] as const;
const mentalHealth = [
  'Appointment',
  'CarePlan',
  'CareTeam',
  'ClinicalImpression',
  'Condition',
  'Consent',
  'DocumentReference',
  'Encounter',
  'EpisodeOfCare',
  'Flag',
  'Goal',
  'MedicationRequest',
  'Observation',
  'QuestionnaireResponse',
  'RelatedPerson',
  'RiskAssessment',
] as const;
const council = [
  'CarePlan',
  'CareTeam',
  'Consent',
  'EpisodeOfCare',
  'Flag',
  'Goal',
  'QuestionnaireResponse',
  'RelatedPerson',
  'Task',
] as const;

/** The types that a search-only system says it can be asked for; the others answer for every type at once. */
export const searchedTypes: { readonly [system: string]: readonly string[] } = {
  uhdb: hospital,
  nscht: mentalHealth,
  scc: council,
  chc: council,
};

/** What a system says that it can do. */
export function capabilityOf(system: R4System): Resource {
  const types = searchedTypes[system.id] ?? [...personTypes];
  const read = { code: 'read' };
  const search = { code: 'search-type' };
  const everything = system.style.asked === 'everything';
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2025-01-01',
    kind: 'instance',
    software: { name: `${system.name}: demo system` },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        resource: [
          {
            type: 'Patient',
            interaction: [read, search],
            searchParam: [{ name: 'identifier', type: 'token' }],
            ...(everything
              ? {
                  operation: [
                    { name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' },
                  ],
                }
              : {}),
          },
          ...types.map((type) => ({
            type,
            interaction: everything ? [read] : [read, search],
            ...(everything ? {} : { searchParam: [{ name: 'patient', type: 'reference' }] }),
          })),
          ...['Organization', 'Practitioner', 'Location', 'Binary'].map((type) => ({ type, interaction: [read] })),
        ],
      },
    ],
  };
}
