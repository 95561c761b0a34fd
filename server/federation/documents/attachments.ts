import { createHash } from 'node:crypto';
import { parseDate } from '../../../src/fhir/date.ts';
import { isObject, text, type JsonObject } from '../../../src/fhir/json.ts';
import { parseReference } from '../../../src/fhir/reference.ts';
import { metaOf, type Resource } from '../../../src/fhir/resource.ts';
import { isAttachment, type Entry } from '../entry.ts';
import { isUnder } from '../paging.ts';
import { baseOf, type Resolve } from '../resolver.ts';
import type { Place } from './source-document.ts';

/** A document as it stands in a source's answer. */
export type Found = {
  /** Its id as a Binary of the source; made up where it is none. */
  readonly localId: string;
  /** The entries that hold it, and within which contained resource. */
  readonly holders: readonly { readonly entry: Entry; readonly contained?: string }[];
  readonly contentType?: string;
  readonly place: Place;
  /** What the source says of this version of it; undefined where it says nothing. Not needed for what came inline. */
  readonly version?: string;
  /** When it was made, or else filed: milliseconds since 1970, 0 where nobody knows. */
  readonly at: number;
};

/** What came inline and is larger is taken out of the record and served as a Binary. */
const inlineCharacters = 8 * 1024;

const made = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\u0000')).digest('hex');

function instantOf(...dates: readonly unknown[]): number {
  for (const one of dates) {
    const date = parseDate(text(one));
    if (date !== undefined) return date.instant;
  }
  return 0;
}

/** The walk over one answer. It leaves its input as it is. */
class Taking {
  readonly found = new Map<string, Found>();
  private readonly base: string;
  private readonly resolve: Resolve;

  constructor(base: string, resolve: Resolve) {
    this.base = baseOf(base);
    this.resolve = resolve;
  }

  entry(entry: Entry): Entry {
    const { resource } = entry;
    if (resource.resourceType === 'Binary') return { ...entry, resource: this.binary(entry, resource) };
    if (!entry.attached) return entry;
    let count = 0;
    const walk = (value: unknown, member: string, contained: string | undefined): unknown => {
      if (Array.isArray(value)) return value.map((one: unknown) => walk(one, member, contained));
      if (!isObject(value)) return value;
      const inside = member === 'contained' ? (text(value['id']) ?? '') : contained;
      const into: Record<string, unknown> = {};
      for (const name in value) if (name !== '__proto__') into[name] = walk(value[name], name, inside);
      if (!isAttachment(member, value)) return into;
      count += 1;
      return this.attachment(entry, into, `${count}`, inside);
    };
    return { ...entry, resource: walk(resource, '', undefined) as Resource };
  }

  /** A Binary that came: what leads to it leads to it through the facade, and so does it itself. */
  private binary(entry: Entry, resource: Resource): Resource {
    const { data, ...rest } = resource;
    const localId = entry.key.slice(entry.key.indexOf('/') + 1);
    const contentType = text(resource['contentType']);
    const inline = typeof data === 'string' && data !== '';
    this.add(localId, entry, undefined, {
      ...(contentType === undefined ? {} : { contentType }),
      place: inline
        ? { kind: 'inline', bytes: Buffer.from(data, 'base64') }
        : { kind: 'address', url: `${this.base}/Binary/${localId}` },
      ...versionOf(resource, {}),
      at: 0,
    });
    return inline && data.length > inlineCharacters ? rest : resource;
  }

  private attachment(entry: Entry, attachment: JsonObject, ordinal: string, contained: string | undefined): JsonObject {
    const { resource } = entry;
    const { data, url, ...rest } = attachment;
    const contentType = text(attachment['contentType']);
    const at = instantOf(
      attachment['creation'],
      resource['date'],
      resource['effectiveDateTime'],
      resource['issued'],
      resource['sent'],
      metaOf(resource)['lastUpdated'],
    );
    const said = { ...(contentType === undefined ? {} : { contentType }), at };
    if (typeof data === 'string' && data !== '') {
      const bytes = Buffer.from(data, 'base64');
      const localId = made(entry.key, ordinal);
      this.add(localId, entry, contained, { ...said, place: { kind: 'inline', bytes } });
      // An allergy stays whatever a document says: it keeps a link at most, which can be cut.
      const light = data.length <= inlineCharacters && resource.resourceType !== 'AllergyIntolerance';
      if (light || attachment['resourceType'] === 'Binary') return { ...rest, data };
      return {
        ...rest,
        url: `Binary/${localId}`,
        size: rest['size'] ?? bytes.byteLength,
        hash: rest['hash'] ?? createHash('sha1').update(bytes).digest('base64'),
      };
    }
    const literal = text(url);
    const target = literal === undefined ? undefined : this.target(literal);
    if (target === undefined) return attachment;
    this.add(target.localId, entry, contained, {
      ...said,
      place: { kind: 'address', url: target.url },
      ...versionOf(resource, attachment),
    });
    return { ...attachment, url: `Binary/${target.localId}` };
  }

  /** What an attachment's URL leads to, where it is the source's own. */
  private target(literal: string): { readonly localId: string; readonly url: string } | undefined {
    const key = this.resolve(literal);
    if (key !== undefined)
      return key.startsWith('Binary/')
        ? { localId: key.slice('Binary/'.length), url: `${this.base}/${key}` }
        : undefined;
    if (/^(?:#|urn:|data:)/i.test(literal) || !URL.canParse(literal, `${this.base}/`)) return undefined;
    const url = new URL(literal, `${this.base}/`);
    if (!isUnder(this.base, url) || url.pathname === new URL(this.base).pathname) return undefined;
    url.hash = '';
    const target = parseReference(literal);
    const isBinary = target !== undefined && 'type' in target && target.type === 'Binary' && url.search === '';
    return { localId: isBinary ? target.id : made(url.href), url: url.href };
  }

  private add(
    localId: string,
    entry: Entry,
    contained: string | undefined,
    document: Omit<Found, 'localId' | 'holders'>,
  ): void {
    const holder = { entry, ...(contained === undefined ? {} : { contained }) };
    const before = this.found.get(localId);
    // What came inline is what it is, whatever else leads to it.
    const itself = before?.place.kind === 'inline' || document.place.kind === 'address' ? before : undefined;
    this.found.set(localId, {
      localId,
      ...document,
      ...itself,
      at: Math.max(before?.at ?? 0, document.at),
      holders: [...(before?.holders ?? []), holder],
    });
  }
}

/** What tells one version of a document from another, as the source has it. */
function versionOf(holder: Resource, attachment: JsonObject): { readonly version?: string } {
  const { versionId, lastUpdated } = metaOf(holder);
  const said = [attachment['hash'], versionId, lastUpdated].map((one) => text(one));
  if (said.every((one) => one === undefined)) return {};
  return { version: JSON.stringify([...said, text(attachment['creation']), attachment['size'] ?? null]) };
}

/**
 * Finds every document of the proved entries of an answer: inline, as a Binary that came, or at an address of the source's
 * own. Large ones are taken out of the entries, which lead to them instead (`Binary/…`), with size and hash.
 * @returns the entries in their order
 */
export function takeAttachments(
  entries: readonly Entry[],
  base: string,
  resolve: Resolve,
): { readonly entries: readonly Entry[]; readonly found: readonly Found[] } {
  const taking = new Taking(base, resolve);
  const left = entries.map((entry) => taking.entry(entry));
  return { entries: left, found: [...taking.found.values()] };
}
