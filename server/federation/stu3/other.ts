import type { JsonObject } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { context, each, keep, listed, translate, translateAs, type Members } from './element.ts';

/** Flag, RelatedPerson, Slot and QuestionnaireResponse differ in a member or two. */
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
  const item = (one: JsonObject): Members =>
    translate(one, {
      subject: keep('item-subject'),
      item: each('item', item),
      answer: each('answer', (answer) => translate(answer, { item: each('item', item) })),
    });
  return translateAs('QuestionnaireResponse', from, {
    context,
    parent: 'partOf',
    // A reference, where R4 wants the questionnaire's canonical URL.
    questionnaire: keep('questionnaire'),
    item: each('item', item),
  });
}
