import { lookup, object, objects, text } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { context, each, keep, requestStatus, translate, translateAs } from './element.ts';

/** CarePlan: R4 has one author, the others contribute; what kind of activity it is has no place in R4. */
export function carePlan(from: Resource): Resource {
  return translateAs('CarePlan', from, {
    status: (value) => ({ status: lookup(requestStatus, text(value)) ?? value }),
    context,
    definition: keep('definition'),
    author: (value) => {
      const [author, ...contributor] = objects(value);
      return {
        ...(author === undefined ? {} : { author }),
        ...(contributor.length === 0 ? {} : { contributor }),
      };
    },
    activity: each('activity', (one) =>
      translate(one, {
        detail: (value) => ({
          detail: translate(object(value) ?? {}, {
            category: keep('activity-detail-category'),
            definition: keep('activity-detail-definition'),
            prohibited: 'doNotPerform',
            statusReason: (reason) => ({ statusReason: { text: reason } }),
          }),
        }),
      }),
    ),
  });
}
