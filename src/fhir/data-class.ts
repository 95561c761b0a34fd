import type { DataClass } from './status.ts';

/** The resource types that a kind of fact is told by, the first the surest. A type may tell of several. */
export const typesOfClass: Readonly<Record<DataClass, readonly string[]>> = {
  demographics: ['Patient'],
  allergies: ['AllergyIntolerance'],
  problems: ['Condition', 'FamilyMemberHistory'],
  medicines: [
    'MedicationRequest',
    'MedicationStatement',
    'MedicationDispense',
    'MedicationAdministration',
    'Medication',
  ],
  immunisations: ['Immunization', 'ImmunizationRecommendation'],
  results: ['Observation', 'DiagnosticReport', 'ImagingStudy', 'Media', 'Specimen'],
  'vital-signs': ['Observation'],
  procedures: ['Procedure'],
  encounters: ['Encounter', 'EpisodeOfCare', 'Communication'],
  appointments: ['Appointment'],
  referrals: ['ServiceRequest'],
  documents: ['DocumentReference', 'Composition'],
  'care-plans': ['CarePlan', 'Goal', 'Consent'],
  'mental-health': ['ClinicalImpression', 'QuestionnaireResponse', 'EpisodeOfCare'],
  'social-care': ['Task', 'QuestionnaireResponse', 'EpisodeOfCare'],
  alerts: ['Flag', 'DetectedIssue', 'RiskAssessment'],
  people: ['RelatedPerson', 'CareTeam', 'Practitioner', 'PractitionerRole', 'Organization'],
};

const classWords: Readonly<Record<DataClass, string>> = {
  demographics: 'the person’s details',
  allergies: 'allergies',
  problems: 'problems',
  medicines: 'medicines',
  immunisations: 'immunisations',
  results: 'results',
  'vital-signs': 'vital signs',
  procedures: 'procedures',
  encounters: 'contacts',
  appointments: 'appointments',
  referrals: 'referrals',
  documents: 'documents',
  'care-plans': 'care plans',
  'mental-health': 'mental health items',
  'social-care': 'social care items',
  alerts: 'alerts',
  people: 'people',
};

const classes = new Map<string, DataClass>();
for (const [name, types] of Object.entries(typesOfClass))
  // Object.entries loses the keys' type: they are those of the table above.
  for (const type of types) if (!classes.has(type)) classes.set(type, name as DataClass);

/** What resources of a type are called in a sentence such as "Your role does not include results." */
export function itemsOfType(type: string): string {
  const of = classes.get(type);
  return of === undefined ? 'this kind of item' : classWords[of];
}
