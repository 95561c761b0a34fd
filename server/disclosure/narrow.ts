import type { Resource } from '../../src/fhir/resource.ts';
import { permits } from '../auth/scope.ts';

/**
 * Step 4. Keeps what this launch's scopes allow, by resource type. The scopes were narrowed by role when they were
 * granted; to check them again here means that no route can forget to.
 */
export function narrow(resources: readonly Resource[], scopes: readonly string[]): readonly Resource[] {
  const allowed = new Map<string, boolean>();
  return resources.filter(({ resourceType }) => {
    const known = allowed.get(resourceType) ?? permits(scopes, resourceType, 'search');
    allowed.set(resourceType, known);
    return known;
  });
}
