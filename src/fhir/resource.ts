import { isObject, object, objects, text, type JsonObject } from './json.ts';

/** A FHIR resource of any type: its type is known, its other members are to be narrowed by the reader. */
export type Resource = JsonObject & { readonly resourceType: string };

/** True for an object that says which resource type it is. */
export function isResource(value: unknown): value is Resource {
  return isObject(value) && text(value['resourceType']) !== undefined;
}

/** The resource's own id, or undefined. */
export function idOf(resource: Resource): string | undefined {
  return text(resource['id']);
}

/** The resource's `meta`, empty where it has none. */
export function metaOf(resource: Resource): JsonObject {
  return object(resource['meta']) ?? {};
}

/** The resources in a Bundle's entries, in their order; none for anything that is no Bundle. */
export function entriesOf(bundle: unknown): readonly Resource[] {
  if (!isResource(bundle) || bundle.resourceType !== 'Bundle') return [];
  return objects(bundle['entry'])
    .map((entry) => entry['resource'])
    .filter(isResource);
}
