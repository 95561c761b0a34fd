import { parseReference } from '../../src/fhir/reference.ts';
import type { Entry } from './entry.ts';

/** Finds the entry's key that a reference, as written by the source, points at; undefined where it did not come. */
export type Resolve = (reference: string) => string | undefined;

/** A base URL as references begin with it: no slash at its end. */
export function baseOf(url: string): string {
  return url.replace(/\/+$/, '');
}

/**
 * Reads references inside one answer: local, with a version, behind the source's own base URL, by an entry's full URL,
 * `urn:uuid:` of a full URL or of an id. Nothing else is followed.
 */
export function createResolver(entries: readonly Entry[], base: string): Resolve {
  const keys = new Map<string, string>();
  for (const entry of entries) {
    keys.set(entry.key, entry.key);
    for (const alias of entry.aliases) {
      const name = alias.startsWith('urn:') ? alias.toLowerCase() : alias;
      if (!keys.has(name)) keys.set(name, entry.key);
    }
  }
  const own = baseOf(base);
  let byId: Map<string, string> | undefined;
  const idKeys = (): Map<string, string> => {
    byId ??= new Map(entries.map((entry) => [entry.key.slice(entry.key.indexOf('/') + 1).toLowerCase(), entry.key]));
    return byId;
  };
  return (reference) => {
    const direct = keys.get(reference);
    if (direct !== undefined) return direct;
    const target = parseReference(reference);
    switch (target?.kind) {
      case 'local':
        return keys.get(`${target.type}/${target.id}`);
      case 'absolute':
        return (
          keys.get(`${target.base}/${target.type}/${target.id}`) ??
          (baseOf(target.base) === own ? keys.get(`${target.type}/${target.id}`) : undefined)
        );
      case 'urn': {
        const urn = target.urn.toLowerCase();
        return keys.get(urn) ?? idKeys().get(urn.slice(urn.lastIndexOf(':') + 1));
      }
      case 'contained':
      case undefined:
        return undefined;
    }
  };
}
