import { object, objects } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { kept, listed, translate, translateAs } from './element.ts';

/** DocumentReference: when it was made stands with the attachment in R4, when it was filed is its date. */
export function documentReference(from: Resource): Resource {
  const { created } = from;
  return translateAs('DocumentReference', from, {
    class: listed('category'),
    indexed: 'date',
    created: (value) => (objects(from['content']).length === 0 ? kept('created', value) : {}),
    content: (value) => ({
      content: objects(value).map((one) => {
        const attachment = object(one['attachment']);
        if (created === undefined || attachment === undefined || attachment['creation'] !== undefined) return one;
        return { ...one, attachment: { ...attachment, creation: created } };
      }),
    }),
    context: (value) => ({
      context: translate(object(value) ?? {}, {
        encounter: listed('encounter'),
        related: (related) => ({
          related: objects(related).map((one) => {
            const { identifier, ref } = one;
            return { ...object(ref), ...(identifier === undefined ? {} : { identifier }) };
          }),
        }),
      }),
    }),
  });
}
