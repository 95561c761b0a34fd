import { objects } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { concept, translateAs, type Members } from './element.ts';

const consultation = 'http://hl7.org/fhir/StructureDefinition/encounter-associatedEncounter';

/** The consultation stands in an extension in STU3 and has an element in R4. */
function extension(value: unknown): Members {
  const all = objects(value);
  const encounters = all.filter((one) => one['url'] === consultation && one['valueReference'] !== undefined);
  const [only] = encounters;
  if (only === undefined || encounters.length > 1) return { extension: value };
  return { encounter: only['valueReference'], extension: all.filter((one) => one !== only) };
}

/** AllergyIntolerance: its statuses are concepts in R4, and when it was asserted is when it was recorded. */
export function allergyIntolerance(from: Resource): Resource {
  return translateAs('AllergyIntolerance', from, {
    clinicalStatus: concept('clinicalStatus', 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', [
      'active',
      'inactive',
      'resolved',
    ]),
    verificationStatus: concept(
      'verificationStatus',
      'http://terminology.hl7.org/CodeSystem/allergyintolerance-verification',
      ['unconfirmed', 'confirmed', 'refuted', 'entered-in-error'],
    ),
    assertedDate: 'recordedDate',
    extension,
  });
}
