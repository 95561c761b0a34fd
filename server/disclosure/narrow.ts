import { idOf, type Resource } from '../../src/fhir/resource.ts';
import type { Interaction } from '../auth/scope.ts';
import { listWithin } from './lists.ts';
import { allowance, type Rights } from './rights.ts';
import { withoutElements } from './without.ts';

/**
 * Step 4. Keeps what this launch's role and scopes allow now: by resource type, by what a scope's query says of the
 * resource, and within a type less the elements that the role does not get. The scopes were narrowed by role when they
 * were granted; to check them again here means that no route can forget to. It never adds and never reorders.
 */
export function narrow(
  resources: readonly Resource[],
  { scopes, without }: Pick<Rights, 'scopes' | 'without'>,
  interaction: Interaction = 'search',
): readonly Resource[] {
  const allowed = allowance(scopes, interaction);
  const readable = allowance(scopes, 'read');
  // The Patient is this very person: to point at them says nothing.
  const mayRead = (type: string): boolean =>
    type === 'Patient' || readable.type(type) !== 'none' || allowed.type(type) !== 'none';
  const everyType = allowed.type('*') === 'all';
  const kept = resources.filter(allowed.resource);
  const released = everyType ? undefined : new Set(kept.map((one) => `${one.resourceType}/${idOf(one) ?? ''}`));
  return kept.flatMap((resource) => {
    const { resourceType } = resource;
    const within =
      resourceType === 'List' && released !== undefined
        ? listWithin(resource, allowed.type, (reference) => released.has(reference))
        : resource;
    const elements = Object.hasOwn(without, resourceType) ? without[resourceType] : undefined;
    const left = within === undefined || elements === undefined ? within : withoutElements(within, elements, mayRead);
    return left === undefined ? [] : [left];
  });
}
