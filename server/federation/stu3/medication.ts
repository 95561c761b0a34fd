import { object, objects } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { each, keep, kept, translate, translateAs } from './element.ts';

/** Medication: the package's batch is the medication's in R4, the strength of an ingredient has its own name. */
export function medication(from: Resource): Resource {
  return translateAs('Medication', from, {
    isBrand: keep('isBrand'),
    isOverTheCounter: keep('isOverTheCounter'),
    image: keep('image'),
    ingredient: each('ingredient', (one) => translate(one, { amount: 'strength' })),
    package: (value) => {
      const { batch, ...rest } = object(value) ?? {};
      const [first, ...others] = objects(batch);
      return {
        ...(first === undefined ? {} : { batch: first }),
        extension: [
          ...kept('package-batch', others).extension,
          ...(Object.keys(rest).length === 0 ? [] : kept('package', rest).extension),
        ],
      };
    },
  });
}
