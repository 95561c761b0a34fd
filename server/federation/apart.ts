import { isObject, text, type JsonObject } from '../../src/fhir/json.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { metaOf, type Resource } from '../../src/fhir/resource.ts';
import { entryOf, type Entry } from './entry.ts';
import { baseOf } from './resolver.ts';

/** The server that an entry's full URL says it lives on; undefined where it says none. */
function serverOf(entry: Entry): string | undefined {
  for (const alias of entry.aliases) {
    const target = alias.startsWith('http') ? parseReference(alias) : undefined;
    if (target?.kind === 'absolute' && `${target.type}/${target.id}` === entry.key) return target.base;
  }
  return undefined;
}

/** A copy whose relative references and links are to the server that the resource lives on (FHIR R4, Bundle: resolving references). */
function absolute(value: unknown, server: string): unknown {
  if (Array.isArray(value)) return value.map((one) => absolute(one, server));
  if (!isObject(value)) return value;
  const into: Record<string, unknown> = {};
  for (const name in value) {
    const inner = value[name];
    if (name === '__proto__') continue;
    into[name] =
      (name === 'reference' || name === 'url') && typeof inner === 'string' && parseReference(inner)?.kind === 'local'
        ? `${server}/${inner}`
        : absolute(inner, server);
  }
  return into;
}

function elsewhere(entry: Entry, server: string): Entry {
  const resource = absolute(entry.resource, server) as JsonObject & Resource;
  const made = entryOf(resource, entry.aliases, '') ?? entry;
  return { ...made, key: `${entry.key}~${server}` };
}

/**
 * A Bundle may hold what lives on several servers, where the same id means different things, and `Patient/1` of one is
 * another person than `Patient/1` of the other (H1). What does not live where most of the answer does is called by its
 * server too. An answer that is all of one server, under whatever name it knows itself by, is left as it is.
 */
function byServer(entries: readonly Entry[], base: string): readonly Entry[] {
  const own = `${baseOf(base)}/`;
  const isOwn = (entry: Entry): boolean => entry.aliases.some((alias) => alias.startsWith(own));
  const others = entries.filter((entry) => entry.aliases.length > 0 && !isOwn(entry));
  if (others.length === 0) return entries;
  const servers = new Map(others.map((entry) => [entry, serverOf(entry)]));
  const named = new Set([...servers.values()].filter((one) => one !== undefined));
  const ownIsNamed = entries.some(isOwn);
  if (named.size === 0 || (named.size === 1 && !ownIsNamed)) return entries;
  const patient = others.find((entry) => entry.resource.resourceType === 'Patient' && servers.get(entry) !== undefined);
  const home = ownIsNamed || patient === undefined ? undefined : servers.get(patient);
  return entries.map((entry) => {
    const server = servers.get(entry);
    return server === undefined || server === home ? entry : elsewhere(entry, server);
  });
}

/** Which of two versions is the newer: above 0 where the second is, 0 where nobody can tell. */
function newer(first: Entry, second: Entry): number {
  const [was, is] = [metaOf(first.resource), metaOf(second.resource)];
  const at = (meta: JsonObject): number => Date.parse(text(meta['lastUpdated']) ?? '');
  const later = at(is) - at(was);
  if (!Number.isNaN(later) && later !== 0) return later;
  const number = (meta: JsonObject): number =>
    /^\d{1,15}$/.test(text(meta['versionId']) ?? '') ? Number(meta['versionId']) : NaN;
  const higher = number(is) - number(was);
  return Number.isNaN(higher) ? 0 : higher;
}

/**
 * Gives everything in an answer a key of its own. An id twice is mostly a page sent twice, or two versions: the same is
 * taken once, of versions the newest, whichever page it came on. What merely shares an id is kept beside the first under
 * one of its own.
 * @returns `clashed`: true where two things could not be told for versions of one
 */
export function apart(
  given: readonly Entry[],
  base: string,
): { readonly entries: readonly Entry[]; readonly clashed: boolean } {
  const byKey = new Map<string, Entry>();
  let clashed = false;
  for (const entry of byServer(given, base)) {
    const first = byKey.get(entry.key);
    if (first === undefined) {
      byKey.set(entry.key, entry);
      continue;
    }
    if (JSON.stringify(first.resource) === JSON.stringify(entry.resource)) continue;
    const order = newer(first, entry);
    if (order > 0) byKey.set(entry.key, entry);
    if (order !== 0) continue;
    clashed = true;
    let number = 2;
    while (byKey.has(`${entry.key}~${number}`)) number += 1;
    byKey.set(`${entry.key}~${number}`, { ...entry, key: `${entry.key}~${number}` });
  }
  return { entries: [...byKey.values()], clashed };
}
