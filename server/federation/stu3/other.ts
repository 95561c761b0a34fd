import type { Resource } from '../../../src/fhir/resource.ts';
import { context, keep, listed, translateAs } from './element.ts';

/** Flag, RelatedPerson, Slot, QuestionnaireResponse and CarePlan differ in a member or two. */
export function flag(from: Resource): Resource {
  return translateAs('Flag', from, { category: listed('category') });
}
export function relatedPerson(from: Resource): Resource {
  return translateAs('RelatedPerson', from, { relationship: listed('relationship') });
}
export function slot(from: Resource): Resource {
  return translateAs('Slot', from, { serviceCategory: listed('serviceCategory') });
}
export function questionnaireResponse(from: Resource): Resource {
  return translateAs('QuestionnaireResponse', from, { context, parent: 'partOf' });
}
export function carePlan(from: Resource): Resource {
  return translateAs('CarePlan', from, { context, definition: keep('definition') });
}
