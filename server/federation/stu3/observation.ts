import { objects, text } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { annotation, context, each, keep, kept, listed, translate, translateAs } from './element.ts';

/** Observation: a comment is a note, related results are members or what it is derived from. */
export function observation(from: Resource): Resource {
  return translateAs('Observation', from, {
    context,
    comment: annotation,
    interpretation: listed('interpretation'),
    valueAttachment: keep('valueAttachment'),
    component: each('component', (one) =>
      translate(one, { interpretation: listed('interpretation'), valueAttachment: keep('component-valueAttachment') }),
    ),
    related: (value) => {
      const all = objects(value);
      const of = (type: string): readonly unknown[] =>
        all.filter((one) => text(one['type']) === type && one['target'] !== undefined).map((one) => one['target']);
      const others = all.filter((one) => !['has-member', 'derived-from'].includes(text(one['type']) ?? ''));
      return {
        ...(of('has-member').length === 0 ? {} : { hasMember: of('has-member') }),
        ...(of('derived-from').length === 0 ? {} : { derivedFrom: of('derived-from') }),
        ...(others.length === 0 ? {} : kept('related', others)),
      };
    },
  });
}
