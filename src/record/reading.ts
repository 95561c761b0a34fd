import { readAllergy } from './allergies.ts';
import { readAppointment, readServiceRequest } from './appointments.ts';
import { readFlag, readRisk } from './alerts.ts';
import { readCarePlan, readConsent, readGoal } from './care-plans.ts';
import { readBinary, readComposition, readDocument } from './documents.ts';
import { readCommunication, readEncounter, readEpisode } from './encounters.ts';
import type { Fact, Reader } from './fact.ts';
import { readImmunisation, readRecommendation } from './immunisations.ts';
import {
  readDeviceUse,
  readMedicationAdministration,
  readMedicationDispense,
  readMedicationRequest,
  readMedicationStatement,
} from './medicines.ts';
import { readCareTeam, readProfessional, readRelatedPerson } from './people.ts';
import { readCondition, readFamilyHistory } from './problems.ts';
import { readProcedure } from './procedures.ts';
import { readImaging, readObservation, readReport } from './results.ts';
import { readAssessment, readImpression, readTask } from './social-care.ts';
import { readSupporting, readUnknown } from './supporting.ts';

/** Where each type of resource is at home. A type that is not here is shown under About this record, "other". */
const readers = new Map<string, (reader: Reader) => Fact>([
  ['AllergyIntolerance', readAllergy],
  ['Condition', readCondition],
  ['FamilyMemberHistory', readFamilyHistory],
  ['MedicationStatement', readMedicationStatement],
  ['MedicationRequest', readMedicationRequest],
  ['MedicationDispense', readMedicationDispense],
  ['MedicationAdministration', readMedicationAdministration],
  ['DeviceUseStatement', readDeviceUse],
  ['DeviceRequest', readDeviceUse],
  ['Observation', readObservation],
  ['DiagnosticReport', readReport],
  ['ImagingStudy', readImaging],
  ['Media', readImaging],
  ['Encounter', readEncounter],
  ['EpisodeOfCare', readEpisode],
  ['Communication', readCommunication],
  ['Appointment', readAppointment],
  ['ServiceRequest', readServiceRequest],
  ['ReferralRequest', readServiceRequest],
  ['ProcedureRequest', readServiceRequest],
  ['Procedure', readProcedure],
  ['Immunization', readImmunisation],
  ['ImmunizationRecommendation', readRecommendation],
  ['DocumentReference', readDocument],
  ['Composition', readComposition],
  ['Binary', readBinary],
  ['CarePlan', readCarePlan],
  ['Goal', readGoal],
  ['Consent', readConsent],
  ['Task', readTask],
  ['QuestionnaireResponse', readAssessment],
  ['ClinicalImpression', readImpression],
  ['Flag', readFlag],
  ['DetectedIssue', readRisk],
  ['RiskAssessment', readRisk],
  ['RelatedPerson', readRelatedPerson],
  ['CareTeam', readCareTeam],
  ['Practitioner', readProfessional],
  ['PractitionerRole', readProfessional],
  ['Organization', readProfessional],
  ...[
    'Patient',
    'Medication',
    'Location',
    'List',
    'Specimen',
    'Provenance',
    'HealthcareService',
    'Device',
    'Questionnaire',
    'Substance',
    'Schedule',
    'Slot',
    'BodyStructure',
    'Endpoint',
    'Group',
  ].map((type): [string, (reader: Reader) => Fact] => [type, readSupporting]),
]);

/** What a resource says. A resource that its own reader cannot read is shown as an unknown one and breaks nothing (H2). */
export function readFact(reader: Reader): Fact {
  const read = readers.get(reader.resource.resourceType) ?? readUnknown;
  try {
    return read(reader);
  } catch {
    return readUnknown(reader);
  }
}

/** True for types that a List or another resource may carry within it and that are facts of their own (GP Connect's ended allergies). */
export function isClinical(type: string): boolean {
  const read = readers.get(type);
  return read !== undefined && read !== readSupporting && read !== readProfessional;
}
