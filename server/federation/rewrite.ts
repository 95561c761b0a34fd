import { isObject, object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { isAttachment, type Entry } from './entry.ts';
import { baseOf, type Resolve } from './resolver.ts';
import { withoutLinks, type SourceHost } from './source-host.ts';

/** What rewriting one answer needs to know. */
export type Rewriting = {
  /** `Patient/<facade id>`: what every reference to the person becomes. */
  readonly patient: string;
  /** The keys that mean the person: those of the proved Patient. */
  readonly ownKeys: ReadonlySet<string>;
  readonly resolve: Resolve;
  /** The facade's reference (`Type/<facade id>`) for the key of a proved entry; undefined for any other. */
  readonly released: (key: string) => string | undefined;
  /** The facade's reference for a Binary of this source that was not sent along. */
  readonly binary: (localId: string) => string | undefined;
  /** Base URL of the source. */
  readonly base: string;
  /** Hides where the source stands on the network. */
  readonly host: SourceHost;
  /** Finds a name that this source alone has for the person: a narrative with one in it does not leave. */
  readonly strangeName: RegExp | undefined;
  /** True for an Identifier of the person: a reference may name the person so. */
  readonly isOwnIdentifier: (identifier: JsonObject) => boolean;
};

/** What a resource contains, by id, and for a Patient whether it is the person. */
type Contained = ReadonlyMap<string, 'own' | 'other' | 'thing'>;

/** Elements that say nothing without the one that they are about: they go with it where that is someone else. */
const carriers: ReadonlySet<string> = new Set(['actor', 'entity', 'item', 'target', 'member', 'individual', 'who']);

/** Where a subject is only called by a name, the name is the source's own for the person. */
const namesSubject: ReadonlySet<string> = new Set(['subject', 'patient', 'beneficiary']);

function isBareSubject(reference: JsonObject, member: string): boolean {
  return (
    namesSubject.has(member) &&
    typeof reference['display'] === 'string' &&
    reference['identifier'] === undefined &&
    (reference['type'] === undefined || reference['type'] === 'Patient')
  );
}

/** Types whose URL is a name for what is meant, and no link to follow. */
const definitions: ReadonlySet<string> = new Set([
  'CodeSystem',
  'ConceptMap',
  'NamingSystem',
  'Questionnaire',
  'StructureDefinition',
  'ValueSet',
]);

/** National directories name an organisation by a URL that ends in its ODS code; the filter must still know the code. */
const directoryUrl = /^https?:\/\/.+\/Organization\/([A-Z0-9]{3,12})$/;

function isAboutPatient(reference: JsonObject): boolean {
  const target = parseReference(text(reference['reference']) ?? '');
  return (
    (target !== undefined && 'type' in target && target.type === 'Patient') ||
    text(reference['reference'])?.startsWith('Patient?') === true ||
    text(reference['type']) === 'Patient' ||
    text(object(reference['identifier'])?.['system']) === system.nhsNumber
  );
}

/** The walk over one resource: every reference and link in it, at any depth, as the facade has it. */
class Rewriter {
  private readonly how: Rewriting;
  private readonly contained: Contained;

  constructor(how: Rewriting, contained: Contained) {
    this.how = how;
    this.contained = contained;
  }

  value(value: unknown, member: string): unknown {
    if (typeof value === 'string') return this.string(value, member);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      const list: unknown[] = [];
      for (const one of value as readonly unknown[]) {
        const rewritten = this.value(one, member);
        if (rewritten !== undefined) list.push(rewritten);
      }
      return list.length === 0 && value.length > 0 ? undefined : list;
    }
    const known = value as JsonObject;
    if (typeof known['reference'] === 'string') return this.reference(known, known['reference']);
    if (
      known['identifier'] !== undefined &&
      known['reference'] === undefined &&
      isAboutPatient(known) &&
      member !== 'contained'
    )
      return this.logical(known);
    if (isBareSubject(known, member)) return undefined;
    return this.members(known, member);
  }

  private members(from: JsonObject, member: string): JsonObject | undefined {
    const into: Record<string, unknown> = {};
    const attachment = member === 'relatedArtifact' || isAttachment(member, from);
    for (const name in from) {
      if (name === '__proto__') continue;
      const inner = from[name];
      const rewritten =
        typeof inner === 'string'
          ? attachment && name === 'url'
            ? this.link(inner)
            : this.string(inner, name)
          : this.value(inner, name);
      if (rewritten !== undefined) into[name] = rewritten;
      else if (carriers.has(name) && isObject(inner) && this.isKeptBack(inner)) return undefined;
    }
    return into;
  }

  private string(value: string, member: string): string | undefined {
    if (member === 'valueUrl') return this.link(value);
    if (member === 'valueUri') {
      const key = this.how.resolve(value);
      if (key !== undefined) return this.released(key);
      const target = parseReference(value);
      const isHere = target?.kind === 'absolute' && baseOf(target.base) === baseOf(this.how.base);
      if (isHere && !definitions.has(target.type)) return undefined;
    } else if (member === 'div') return this.how.host.hide(withoutLinks(value));
    return this.how.host.hide(value);
  }

  private released(key: string): string | undefined {
    return this.how.ownKeys.has(key) ? this.how.patient : this.how.released(key);
  }

  /** True for a reference to another person, by whatever name, and to what came but is not proved to be this one's. */
  private isKeptBack(reference: JsonObject): boolean {
    const literal = text(reference['reference']);
    if (literal === undefined) return isAboutPatient(reference) && this.logical(reference) === undefined;
    if (literal.startsWith('#')) return this.contained.get(literal.slice(1)) === 'other';
    const key = this.how.resolve(literal);
    if (key !== undefined) return this.released(key) === undefined;
    return isAboutPatient(reference) && this.logical(reference) === undefined;
  }

  /** A reference to the person is the facade's and says no more: a source's name for the person never leaves. */
  private reference(from: JsonObject, literal: string): JsonObject | undefined {
    if (literal.startsWith('#')) {
      const whose = this.contained.get(literal.slice(1));
      if (whose === 'own') return { reference: this.how.patient };
      if (whose === 'other') return undefined;
      return this.called(from, whose === 'thing' || literal === '#' ? literal : undefined);
    }
    const key = this.how.resolve(literal);
    if (key !== undefined && this.how.ownKeys.has(key)) return { reference: this.how.patient };
    if (key === undefined)
      return isAboutPatient(from) ? this.logical(from) : this.called(from, undefined, directoryUrl.exec(literal)?.[1]);
    const released = this.how.released(key);
    return released === undefined ? undefined : this.called(from, released);
  }

  /** A Reference with another target, or with none; undefined where nothing is left of it. */
  private called(from: JsonObject, reference: string | undefined, ods?: string): JsonObject | undefined {
    const into: Record<string, unknown> = reference === undefined ? {} : { reference };
    for (const name in from) {
      if (name === 'reference' || name === '__proto__') continue;
      const rewritten = this.value(from[name], name);
      if (rewritten !== undefined) into[name] = rewritten;
    }
    if (reference === undefined && ods !== undefined && into['identifier'] === undefined)
      into['identifier'] = { system: system.odsOrganisation, value: ods };
    return Object.keys(into).length === 0 ? undefined : into;
  }

  /** The person, where the reference names them by one of their identifiers. */
  private logical(from: JsonObject): JsonObject | undefined {
    const identifier = object(from['identifier']);
    return identifier !== undefined && this.how.isOwnIdentifier(identifier)
      ? { reference: this.how.patient }
      : undefined;
  }

  /** An attachment's URL: a document at the source is reached through the facade, anything elsewhere is not. */
  private link(url: string): string | undefined {
    const key = this.how.resolve(url);
    if (key !== undefined) return this.how.released(key);
    if (url.startsWith('#')) return url;
    const target = parseReference(url);
    if (target === undefined || !('type' in target) || target.type !== 'Binary') return undefined;
    if (target.kind === 'absolute' && baseOf(target.base) !== baseOf(this.how.base)) return undefined;
    return this.how.binary(target.id);
  }
}

const nothingInside: Contained = new Map();

function insideOf(contained: readonly JsonObject[], isPerson: (patient: Resource) => boolean): Contained {
  return new Map(
    contained.map((one) => [
      text(one['id']) ?? '',
      !isResource(one) || one.resourceType !== 'Patient' ? 'thing' : isPerson(one) ? 'own' : 'other',
    ]),
  );
}

/** An element of the source's Patient with its references and links as the facade has them. */
export function rewriteElement(value: unknown, member: string, how: Rewriting): unknown {
  return new Rewriter(how, nothingInside).value(value, member);
}

/**
 * One proved resource as the facade has it: ids, references and attachment links rewritten, `meta` as given. The source's
 * Patient does not ride along as a contained resource. Its input is left as it is.
 */
export function rewrite(
  entry: Entry,
  id: string,
  meta: JsonObject,
  how: Rewriting,
  isPerson: (patient: Resource) => boolean,
): Resource {
  const { resource } = entry;
  const contained = objects(resource['contained']);
  const rewriter = new Rewriter(how, contained.length === 0 ? nothingInside : insideOf(contained, isPerson));
  const mayLink = (member: string): boolean => entry.linked.includes(member) || how.host.isIn(resource[member]);
  const into: Record<string, unknown> & { resourceType: string } = {
    resourceType: resource.resourceType,
    id,
    meta: mayLink('meta') ? rewriter.value(meta, 'meta') : meta,
  };
  for (const name in resource) {
    if (name === '__proto__' || name === 'resourceType' || name === 'id' || name === 'meta' || name === 'implicitRules')
      continue;
    if (name === 'text' && how.strangeName?.test(text(object(resource[name])?.['div']) ?? '') === true) continue;
    // Where a source's own systems find its pictures is of no use outside.
    if (name === 'address' && resource.resourceType === 'Endpoint') continue;
    if (!mayLink(name)) {
      into[name] = resource[name];
      continue;
    }
    const from = name === 'contained' ? contained.filter((one) => one['resourceType'] !== 'Patient') : resource[name];
    if (name === 'contained' && contained.length > 0 && Array.isArray(from) && from.length === 0) continue;
    const rewritten = rewriter.value(from, name);
    if (rewritten !== undefined) into[name] = rewritten;
  }
  return into;
}
