import { isDeepStrictEqual } from 'node:util';
import { isObject, text } from '../../src/fhir/json.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { idOf, metaOf, type Resource } from '../../src/fhir/resource.ts';
import { patientId, type Case } from './case.ts';

/**
 * What is wrong with an answer. `leak`: something that must not appear, or that nobody sent, is in it; `lost`: something that
 * everybody may see is not; `changed`: it is, but not as it was sent.
 */
export type Finding = {
  readonly kind: 'leak' | 'lost' | 'changed';
  readonly index: number;
  readonly isTwin: boolean;
  readonly category: string;
  readonly channel: string;
  readonly what: string;
};

/** The facade's id of a source's resource. */
export type FacadeId = (type: string, localId: string) => string;

/** Inline documents that are longer are taken out, and led to instead. */
const inlineCharacters = 8 * 1024;

/** A resource's leaves, without what the facade writes itself: ids, `meta`, narrative; its references as the facade's. */
function leaves(value: unknown, reference: (literal: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => leaves(one, reference));
  if (!isObject(value)) return value;
  const into: Record<string, unknown> = {};
  const isDocument = typeof value['contentType'] === 'string';
  const { data } = value;
  const isLarge = isDocument && (typeof data !== 'string' || data.length > inlineCharacters);
  for (const name in value) {
    const inner = value[name];
    if (isObject(inner) && typeof inner['div'] === 'string') continue;
    if (isLarge && (name === 'data' || name === 'url' || name === 'size' || name === 'hash')) continue;
    into[name] = name === 'reference' && typeof inner === 'string' ? reference(inner) : leaves(inner, reference);
  }
  return into;
}

function leavesOf(resource: Resource, reference: (literal: string) => string): object {
  const { id: _id, meta: _meta, ...rest } = resource;
  return { ...(leaves(rest, reference) as object) };
}

/** What of the source's own `meta` comes through. */
function metaLeaves(resource: Resource): unknown {
  const { versionId, lastUpdated, profile, security } = metaOf(resource);
  return { versionId, lastUpdated, profile, security };
}

/** Where the two differ first, for whoever reads of it. */
function difference(sent: unknown, came: unknown, path = ''): string {
  if (isObject(sent) && isObject(came)) {
    for (const name of new Set([...Object.keys(sent), ...Object.keys(came)]))
      if (!isDeepStrictEqual(sent[name], came[name])) return difference(sent[name], came[name], `${path}.${name}`);
  } else if (Array.isArray(sent) && Array.isArray(came) && sent.length === came.length) {
    for (const [index, one] of sent.entries())
      if (!isDeepStrictEqual(one, came[index])) return difference(one, came[index], `${path}[${index}]`);
  }
  return `${path}: sent ${JSON.stringify(sent)?.slice(0, 160)}, came ${JSON.stringify(came)?.slice(0, 160)}`;
}

/**
 * Judges what came of cases: that each thing which everybody may see came through leaf for leaf, and nothing else.
 * Markers are looked for apart, in the bytes (decoding.ts). Pure.
 * @param released what came, by `Type/id`; the Patient and outcomes are no part of it
 */
export function judged(
  cases: readonly Case[],
  released: ReadonlyMap<string, Resource>,
  idAt: FacadeId,
  facadePatient: string,
): readonly Finding[] {
  const findings: Finding[] = [];
  const forms = new Map<string, string>();
  const expected = new Map<string, readonly [of: Case, sent: Resource]>();
  const gone = new Map<string, Case>();
  for (const one of cases)
    for (const { resource, fullUrl, expected: shown } of one.things) {
      const { resourceType } = resource;
      const name = `${resourceType}/${idAt(resourceType, idOf(resource) ?? '')}`;
      if (fullUrl !== undefined) forms.set(fullUrl, name);
      if (shown === undefined) gone.set(name, one);
      else expected.set(name, [one, shown]);
    }
  const ofFacade = (literal: string): string => {
    if (literal === `Patient/${patientId}`) return facadePatient;
    const known = forms.get(literal);
    if (known !== undefined) return known;
    const target = parseReference(literal);
    return target !== undefined && 'type' in target ? `${target.type}/${idAt(target.type, target.id)}` : literal;
  };
  const find = (kind: Finding['kind'], { index, isTwin, category, channel }: Case, what: string): void =>
    void findings.push({ kind, index, isTwin, category, channel, what });

  for (const [name, [of, sent]] of expected) {
    const came = released.get(name);
    const local = `${sent.resourceType}/${idOf(sent) ?? ''}`;
    if (came === undefined) {
      find('lost', of, local);
      continue;
    }
    const before = leavesOf(sent, ofFacade);
    const after = leavesOf(came, (literal) => literal);
    if (!isDeepStrictEqual(before, after)) find('changed', of, `${local}${difference(before, after)}`);
    else if (!isDeepStrictEqual(metaLeaves(sent), metaLeaves(came)))
      find('changed', of, `${local}.meta${difference(metaLeaves(sent), metaLeaves(came))}`);
  }
  for (const [name, resource] of released) {
    if (expected.has(name)) continue;
    const of = gone.get(name);
    if (of !== undefined) find('leak', of, `${name} came`);
    else if (cases[0] !== undefined)
      find('leak', cases[0], `${name} came, which nobody sent: ${text(resource['id']) ?? ''}`);
  }
  return findings;
}
