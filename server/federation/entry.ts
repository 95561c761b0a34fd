import { parseDate } from '../../src/fhir/date.ts';
import { isObject, object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';

/** How deep a resource may nest. Deeper is no FHIR but an attack, and is not walked. */
export const maxDepth = 100;

/** One resource of a source's answer, and by what names the rest of the answer may point at it. */
export type Entry = {
  /** `Type/id` as the source has it (a STU3 type where it is STU3); made up from its place where it has no id. */
  readonly key: string;
  /** Further names: its full URL. */
  readonly aliases: readonly string[];
  readonly resource: Resource;
  /** Every literal reference and attachment URL in it, as written. */
  readonly links: readonly string[];
  /** What it names by an identifier alone: see {@link identifierKey}. */
  readonly logical: readonly string[];
  /** Its members in which, at any depth, something may have to be rewritten: a reference, a link, an identifier. */
  readonly linked: readonly string[];
  /** True where it holds a document, or leads to one. */
  readonly attached: boolean;
};

/** Members that hold an Attachment: their `url` is a link to follow, other `url`s are names. */
const attachmentMembers: ReadonlySet<string> = new Set(['attachment', 'photo', 'presentedForm', 'content', 'document']);

/** True for an Attachment, or a Binary inside, by where it stands or by what it looks like. */
export function isAttachment(member: string, value: JsonObject): boolean {
  return (
    (typeof value['url'] === 'string' || typeof value['data'] === 'string') &&
    member !== 'extension' &&
    member !== 'modifierExtension' &&
    (attachmentMembers.has(member) ||
      member.endsWith('Attachment') ||
      typeof value['contentType'] === 'string' ||
      value['resourceType'] === 'Binary')
  );
}

/** Texts that are a link, or hold some. */
const leadsElsewhere: ReadonlySet<string> = new Set(['valueUrl', 'valueUri', 'div']);

/** Root members that are looked at in any case: what stands within, and whom a resource is about. */
const alwaysLinked: ReadonlySet<string> = new Set([
  'contained',
  'subject',
  'patient',
  'beneficiary',
  'relatedArtifact',
]);

/** What one look at a resource finds. */
type Links = {
  readonly found: string[];
  readonly logical: string[];
  /** True where it cannot be given on: it nests too deep, or holds a number that JSON has no word for. */
  unfit: boolean;
  /** True where an attachment stands in it. */
  attached: boolean;
};

/** JSON.parse reads 1e999 as infinite, and JSON.stringify would write it as null: another value than was sent. */
const isOutOfRange = (value: unknown): boolean => value === Infinity || value === -Infinity;

/** An Identifier as it is compared, where it has a system and a value. */
export function identifierKey(identifier: unknown): string | undefined {
  if (!isObject(identifier)) return undefined;
  const { system, value } = identifier;
  return typeof system === 'string' && typeof value === 'string' ? `${system}|${value}` : undefined;
}

/** Collects the links of a value. @returns true where something in it may have to be rewritten */
function collect(value: object, member: string, depth: number, links: Links): boolean {
  if (depth > maxDepth) {
    links.unfit = true;
    return false;
  }
  let linked = false;
  if (Array.isArray(value)) {
    for (const one of value as readonly unknown[])
      if (typeof one === 'object' && one !== null && collect(one, member, depth + 1, links)) linked = true;
    return linked;
  }
  const known = value as JsonObject;
  for (const name in known) {
    const inner = known[name];
    if (name === 'identifier' || name === '__proto__') linked = true;
    if (typeof inner === 'object') {
      if (inner === null) continue;
      if (name === 'identifier' && typeof known['reference'] !== 'string') {
        const key = identifierKey(inner);
        if (key !== undefined) links.logical.push(key);
      }
      if (collect(inner, name, depth + 1, links)) linked = true;
    } else if (typeof inner !== 'string') {
      if (isOutOfRange(inner)) links.unfit = true;
    } else if (name === 'reference') {
      links.found.push(inner);
      linked = true;
    } else if ((name === 'url' || name === 'data') && typeof known['reference'] !== 'string') {
      if (!isAttachment(member, known)) continue;
      if (name === 'url') links.found.push(inner);
      links.attached = true;
      linked = true;
    } else if (leadsElsewhere.has(name)) linked = true;
  }
  return linked;
}

/** An entry for a resource, or undefined where it cannot be read. `place` names one that has no id. */
export function entryOf(resource: Resource, aliases: readonly string[], place: string): Entry | undefined {
  const links: Links = { found: [], logical: [], unfit: false, attached: resource.resourceType === 'Binary' };
  const linked: string[] = [];
  for (const name in resource) {
    const inner = resource[name];
    const isLinked = typeof inner === 'object' && inner !== null && collect(inner, name, 1, links);
    if (isLinked || alwaysLinked.has(name)) linked.push(name);
    if (isOutOfRange(inner)) links.unfit = true;
  }
  if (links.unfit) return undefined;
  return {
    key: `${resource.resourceType}/${text(resource['id']) ?? `~${place}`}`,
    aliases,
    resource,
    links: links.found,
    logical: links.logical,
    linked,
    attached: links.attached,
  };
}

/** What a Bundle held. */
export type Contents = {
  readonly entries: readonly Entry[];
  /** Entries that are no resource or cannot be read. */
  readonly unreadable: number;
  /** True where it holds an OperationOutcome that is more than information: something is missing (UK Core Access). */
  readonly warned: boolean;
  /** `meta.lastUpdated` of the Bundle: when the source brought its data up to date. */
  readonly updated: string | undefined;
};

function isWarning(outcome: Resource): boolean {
  const issues = objects(outcome['issue']);
  return issues.length === 0 || issues.some((issue) => text(issue['severity']) !== 'information');
}

/** Reads a Bundle's entries. Undefined for anything that is no Bundle. */
export function contentsOf(bundle: unknown): Contents | undefined {
  if (!isResource(bundle) || bundle.resourceType !== 'Bundle') return undefined;
  const entries: Entry[] = [];
  let unreadable = 0;
  let warned = false;
  const unnamed = new Map<string, number>();
  const listed: readonly unknown[] = Array.isArray(bundle['entry']) ? bundle['entry'] : [];
  for (const one of listed) {
    const resource = object(one)?.['resource'];
    if (!isResource(resource) || !/^[A-Z][A-Za-z]{1,63}$/.test(resource.resourceType)) {
      unreadable += 1;
    } else if (resource.resourceType === 'OperationOutcome') {
      warned ||= isWarning(resource);
    } else {
      // GP Connect's lists come without an id: their place among their kind names them.
      const ordinal = unnamed.get(resource.resourceType) ?? 0;
      if (text(resource['id']) === undefined) unnamed.set(resource.resourceType, ordinal + 1);
      const fullUrl = text(object(one)?.['fullUrl']);
      const entry = entryOf(resource, fullUrl === undefined ? [] : [fullUrl], String(ordinal));
      if (entry === undefined) unreadable += 1;
      else entries.push(entry);
    }
  }
  return { entries, unreadable, warned, updated: text(object(bundle['meta'])?.['lastUpdated']) };
}

/** The oldest date that the pages give for their data, as an instant; undefined where they give none. */
export function dataAsOf(contents: readonly Contents[]): string | undefined {
  const instants = contents.flatMap((one) => {
    const at = parseDate(one.updated);
    return at?.precision === 'time' ? [at.instant] : [];
  });
  return instants.length === 0 ? undefined : new Date(Math.min(...instants)).toISOString();
}
