import { isObject } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';

/**
 * The resource with a value at a path (`component*.code`). Where a member repeats (`*`) the value, or what it stands in,
 * is one more of them, behind what is there. `beside`: further members of the innermost element that is made for it.
 */
export function plant(resource: Resource, path: string, value: unknown, beside: object = {}): Resource {
  const steps = path.split('.');
  const put = (into: Readonly<Record<string, unknown>>, index: number): Record<string, unknown> => {
    const step = steps[index] ?? '';
    const repeats = step.endsWith('*');
    const member = repeats ? step.slice(0, -1) : step;
    const before = into[member];
    const last = index === steps.length - 1;
    if (repeats) {
      const innermost = index === steps.length - 2 && !(steps[index + 1] ?? '').endsWith('*');
      const one = last ? value : put(innermost ? { ...beside } : {}, index + 1);
      return { ...into, [member]: [...(Array.isArray(before) ? (before as unknown[]) : []), one] };
    }
    return { ...into, [member]: last ? value : put(isObject(before) ? before : {}, index + 1) };
  };
  return { ...put(resource, 0), resourceType: resource.resourceType };
}

/** The member of the resource that a path begins in. */
export function rootOf(path: string): string {
  return path.split(/[*.]/)[0] ?? '';
}
