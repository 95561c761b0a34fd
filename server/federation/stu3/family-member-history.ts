import type { Resource } from '../../../src/fhir/resource.ts';
import { concept, keep, translateAs } from './element.ts';

/** FamilyMemberHistory: the relative's sex is a concept in R4, why nothing is known has its own member. */
export function familyMemberHistory(from: Resource): Resource {
  return translateAs('FamilyMemberHistory', from, {
    definition: keep('definition'),
    notDone: keep('notDone'),
    notDoneReason: 'dataAbsentReason',
    gender: concept('sex', 'http://hl7.org/fhir/administrative-gender', ['male', 'female', 'other', 'unknown']),
  });
}
