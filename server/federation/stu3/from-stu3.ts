import { object, objects, texts } from '../../../src/fhir/json.ts';
import { isResource, type Resource } from '../../../src/fhir/resource.ts';
import { ohc } from '../../../src/fhir/systems.ts';
import { entryOf, type Entry } from '../entry.ts';
import { allergyIntolerance } from './allergy-intolerance.ts';
import { appointment } from './appointment.ts';
import { carePlan } from './care-plan.ts';
import { condition } from './condition.ts';
import { diagnosticReport } from './diagnostic-report.ts';
import { documentReference } from './document-reference.ts';
import { encounter } from './encounter.ts';
import { renameUris } from './extension.ts';
import { familyMemberHistory } from './family-member-history.ts';
import { immunization } from './immunization.ts';
import { list } from './list.ts';
import { medication } from './medication.ts';
import { medicationRequest } from './medication-request.ts';
import { medicationStatement } from './medication-statement.ts';
import { observation } from './observation.ts';
import { flag, questionnaireResponse, relatedPerson, slot } from './other.ts';
import { healthcareService, location } from './place.ts';
import { procedure } from './procedure.ts';
import { procedureRequest, referralRequest } from './service-request.ts';

/** How each STU3 type reads in R4. A type that is not here is the same in both. */
const translators: Readonly<Record<string, (from: Resource) => Resource>> = {
  AllergyIntolerance: allergyIntolerance,
  Appointment: appointment,
  CarePlan: carePlan,
  Condition: condition,
  DiagnosticReport: diagnosticReport,
  DocumentReference: documentReference,
  Encounter: encounter,
  FamilyMemberHistory: familyMemberHistory,
  Flag: flag,
  HealthcareService: healthcareService,
  Immunization: immunization,
  Location: location,
  Medication: medication,
  MedicationRequest: medicationRequest,
  MedicationStatement: medicationStatement,
  Observation: observation,
  Procedure: procedure,
  ProcedureRequest: procedureRequest,
  QuestionnaireResponse: questionnaireResponse,
  ReferralRequest: referralRequest,
  RelatedPerson: relatedPerson,
  Slot: slot,
};

function translated(from: Resource): Resource {
  const translator = Object.hasOwn(translators, from.resourceType) ? translators[from.resourceType] : undefined;
  return translator === undefined ? from : translator(from);
}

/** A STU3 profile is no claim that an R4 resource may make: it is kept beside. */
function withoutProfile(resource: Resource): Resource {
  const meta = object(resource['meta']);
  if (meta?.['profile'] === undefined) return resource;
  const { profile, ...rest } = meta;
  const told = texts(profile).map((valueUri) => ({ url: `${ohc.gpConnect}profile`, valueUri }));
  return { ...resource, meta: { ...rest, extension: [...objects(rest['extension']), ...told] } };
}

/**
 * One STU3 entry as R4: mostly one, several where it carries resources that stand for themselves. References stay as
 * written; the entry keeps its STU3 name as its key. Nothing is left out: what R4 has no place for stands in an extension.
 */
export function fromStu3(entry: Entry): readonly Entry[] {
  const renamed = renameUris(entry.resource, '') as Resource;
  const id = entry.key.slice(entry.key.indexOf('/') + 1);
  const contained = objects(renamed['contained']).map((one) =>
    isResource(one) && !(renamed.resourceType === 'List' && one.resourceType === 'AllergyIntolerance')
      ? translated(one)
      : one,
  );
  const whole: Resource = contained.length === 0 ? renamed : { ...renamed, contained };
  const made = whole.resourceType === 'List' ? list(whole, id) : [translated(whole)];
  return made
    .map(withoutProfile)
    .map((resource, index) => {
      if (index > 0) return entryOf(resource, [], String(index));
      const made = entryOf({ ...resource, id }, entry.aliases, id);
      return made === undefined ? undefined : { ...made, key: entry.key };
    })
    .filter((one) => one !== undefined);
}
