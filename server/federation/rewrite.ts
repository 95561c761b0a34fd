import { isObject, object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { parseReference } from '../../src/fhir/reference.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import { isAttachment, type Entry } from './entry.ts';
import { baseOf, type Resolve } from './resolver.ts';

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
  /** Finds a name that this source alone has for the person: a narrative with one in it does not leave. */
  readonly strangeName: RegExp | undefined;
  /** True for an Identifier of the person: a reference may name the person so. */
  readonly isOwnIdentifier: (identifier: JsonObject) => boolean;
};

type ContainedPatients = ReadonlyMap<string, 'own' | 'other'>;

function isAboutPatient(reference: JsonObject): boolean {
  const target = parseReference(text(reference['reference']) ?? '');
  return (
    (target !== undefined && 'type' in target && target.type === 'Patient') ||
    text(reference['type']) === 'Patient' ||
    text(object(reference['identifier'])?.['system']) === system.nhsNumber
  );
}

/** The walk over one resource: every reference and link in it, at any depth, as the facade has it. */
class Rewriter {
  private readonly how: Rewriting;
  private readonly contained: ContainedPatients;

  constructor(how: Rewriting, contained: ContainedPatients) {
    this.how = how;
    this.contained = contained;
  }

  value(value: unknown, member: string): unknown {
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
    return this.members(known, member);
  }

  private members(from: JsonObject, member: string): JsonObject {
    const into: Record<string, unknown> = {};
    const attachment = isAttachment(member, from);
    for (const name in from) {
      if (name === '__proto__') continue;
      const inner = from[name];
      const rewritten =
        attachment && name === 'url' && typeof inner === 'string'
          ? this.link(inner)
          : typeof inner === 'object'
            ? this.value(inner, name)
            : inner;
      if (rewritten !== undefined) into[name] = rewritten;
    }
    return into;
  }

  /** A reference to the person is the facade's and says no more: a source's name for the person never leaves. */
  private reference(from: JsonObject, literal: string): JsonObject | undefined {
    if (literal.startsWith('#')) {
      const whose = this.contained.get(literal.slice(1));
      if (whose === undefined) return this.members(from, 'reference');
      return whose === 'own' ? { reference: this.how.patient } : undefined;
    }
    const key = this.how.resolve(literal);
    if (key !== undefined && this.how.ownKeys.has(key)) return { reference: this.how.patient };
    // Another person, by whatever name, is no one whom this record may name.
    if (key?.startsWith('Patient/') === true || (key === undefined && isAboutPatient(from))) return undefined;
    const released = key === undefined ? undefined : this.how.released(key);
    if (key !== undefined && released === undefined) return undefined;
    const into: Record<string, unknown> = released === undefined ? {} : { reference: released };
    for (const name in from) {
      if (name === 'reference' || name === '__proto__') continue;
      const rewritten = this.value(from[name], name);
      if (rewritten !== undefined) into[name] = rewritten;
    }
    return Object.keys(into).length === 0 ? undefined : into;
  }

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

/** An element of the source's Patient with its references and links as the facade has them. */
export function rewriteElement(value: unknown, member: string, how: Rewriting): unknown {
  return new Rewriter(how, new Map()).value(value, member);
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
  const patients = new Map<string, 'own' | 'other'>();
  for (const one of contained)
    if (isResource(one) && one.resourceType === 'Patient')
      patients.set(text(one['id']) ?? '', isPerson(one) ? 'own' : 'other');
  const rewriter = new Rewriter(how, patients);
  const into: Record<string, unknown> & { resourceType: string } = { resourceType: resource.resourceType, id, meta };
  for (const name in resource) {
    if (name === '__proto__' || name === 'resourceType' || name === 'id' || name === 'meta' || name === 'implicitRules')
      continue;
    if (name === 'text' && how.strangeName?.test(text(object(resource[name])?.['div']) ?? '') === true) continue;
    if (!entry.linked.includes(name)) {
      into[name] = resource[name];
      continue;
    }
    const from = name === 'contained' ? contained.filter((one) => one['resourceType'] !== 'Patient') : resource[name];
    if (name === 'contained' && contained.length > 0 && Array.isArray(from) && from.length === 0) continue;
    const rewritten = isObject(from) || Array.isArray(from) ? rewriter.value(from, name) : from;
    if (rewritten !== undefined) into[name] = rewritten;
  }
  return into;
}
