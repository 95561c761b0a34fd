import type { Resource } from '../../../src/fhir/resource.ts';
import { concept, translateAs } from './element.ts';

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
  });
}
