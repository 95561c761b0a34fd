import { object, text } from './json.ts';

/** What a literal FHIR reference points at. `contained` is the id behind `#`. */
export type Target =
  | { readonly kind: 'local'; readonly type: string; readonly id: string }
  | { readonly kind: 'contained'; readonly id: string }
  | { readonly kind: 'urn'; readonly urn: string }
  | { readonly kind: 'absolute'; readonly base: string; readonly type: string; readonly id: string };

/** Reads a reference text: `Type/id`, with a version, behind a base URL, `#contained` or `urn:uuid:…`. Else undefined. */
export function parseReference(reference: string): Target | undefined {
  if (reference.startsWith('#'))
    return reference.length > 1 ? { kind: 'contained', id: reference.slice(1) } : undefined;
  if (/^urn:(uuid|oid):/i.test(reference)) return { kind: 'urn', urn: reference };
  const match = /^(?:(https?:\/\/.+)\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]+)(?:\/_history\/[A-Za-z0-9\-.]+)?$/.exec(
    reference,
  );
  if (match === null) return undefined;
  const [, base, type, id] = match;
  if (type === undefined || id === undefined) return undefined;
  return base === undefined ? { kind: 'local', type, id } : { kind: 'absolute', base, type, id };
}

/** The text of a Reference element, or undefined. */
export function referenceOf(value: unknown): string | undefined {
  return text(object(value)?.['reference']);
}

/** The `display` of a Reference element, or undefined. */
export function displayOf(value: unknown): string | undefined {
  return text(object(value)?.['display']);
}
