import type { Resource } from '../../src/fhir/resource.ts';
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
  const mayRead = (type: string): boolean => type === 'Patient' || readable.type(type) || allowed.type(type);
  const everyType = mayRead('*');
  return resources.flatMap((resource) => {
    if (!allowed.resource(resource)) return [];
    const { resourceType } = resource;
    const kept = resourceType === 'List' && !everyType ? listWithin(resource, mayRead) : resource;
    const elements = Object.hasOwn(without, resourceType) ? without[resourceType] : undefined;
    const left = kept === undefined || elements === undefined ? kept : withoutElements(kept, elements, mayRead);
    return left === undefined ? [] : [left];
  });
}
