import { codingsOf } from '../../src/fhir/coding.ts';
import type { Resource } from '../../src/fhir/resource.ts';

/** What a scope lets a client do with a resource type. */
export type Interaction = 'create' | 'read' | 'update' | 'delete' | 'search';

/** On whose data: the person of the launch, or whatever the user may see. `system` is for clients without a user. */
export type Level = 'patient' | 'user' | 'system';

/** A SMART scope on FHIR resources (SMART App Launch 2.2, "Scopes for requesting FHIR Resources"). */
type ResourceScope = {
  readonly level: Level;
  /** A resource type, or `*`. */
  readonly type: string;
  /** Letters of `cruds`, in that order. */
  readonly letters: string;
  /** True where it was written in the way of SMART 1: `.read`, `.write`, `.*`. */
  readonly v1: boolean;
  /** `category=…` or `type=…`: the scope says this of such resources alone. */
  readonly query: string | undefined;
};

/** The scopes that stand for no resource and that this server grants. */
export const staticScopes = ['openid', 'fhirUser', 'launch', 'online_access'] as const;

const pattern =
  /^(patient|user|system)\/(\*|[A-Z][A-Za-z]{1,63})\.(read|write|\*|c?r?u?d?s?)(?:\?((?:category|type)=[^&\s]+))?$/;
const v1Letters: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };
const letterOf: Readonly<Record<Interaction, string>> = {
  create: 'c',
  read: 'r',
  update: 'u',
  delete: 'd',
  search: 's',
};

/** Reads a resource scope. Undefined for anything else, and for a scope with a query that is not held to. */
function parse(scope: string): ResourceScope | undefined {
  const [, level, type, written, query] = pattern.exec(scope) ?? [];
  if ((level !== 'patient' && level !== 'user' && level !== 'system') || type === undefined || !written)
    return undefined;
  const letters = v1Letters[written];
  return { level, type, letters: letters ?? written, v1: letters !== undefined, query };
}

function write({ level, type, letters, v1, query }: ResourceScope): string {
  const old = v1 ? Object.entries(v1Letters).find(([, meant]) => meant === letters)?.[0] : undefined;
  return `${level}/${type}.${old ?? letters}${query === undefined ? '' : `?${query}`}`;
}

function intersect(asked: ResourceScope, allowed: ResourceScope): ResourceScope | undefined {
  if (asked.level !== allowed.level) return undefined;
  if (asked.type !== allowed.type && asked.type !== '*' && allowed.type !== '*') return undefined;
  const letters = [...asked.letters].filter((letter) => allowed.letters.includes(letter)).join('');
  if (letters === '') return undefined;
  if (asked.query !== undefined && allowed.query !== undefined && asked.query !== allowed.query) return undefined;
  const type = asked.type === '*' ? allowed.type : asked.type;
  return { ...asked, type, letters, query: asked.query ?? allowed.query };
}

function parseAll(scopes: readonly string[]): readonly ResourceScope[] {
  return scopes.map(parse).filter((one) => one !== undefined);
}

/**
 * What of the asked resource scopes is within the allowed ones: a wildcard becomes the types that are allowed, letters
 * become those that both have. A scope written in SMART 1's way stays so where nothing of it was lost.
 */
export function narrow(asked: readonly string[], allowed: readonly string[]): readonly string[] {
  const limits = parseAll(allowed);
  const both = parseAll(asked).flatMap((one) => limits.map((limit) => intersect(one, limit)));
  return [...new Set(both.filter((one) => one !== undefined).map(write))];
}

/**
 * The scopes of a grant: what was asked, within what the client is registered for, within what the role may see.
 * @param asked the request's `scope`; @param registered the client's
 */
export function grantedScopes(asked: string, registered: string, role: readonly string[]): readonly string[] {
  const askedScopes = asked.split(' ');
  const registeredScopes = registered.split(' ');
  const plain = staticScopes.filter((one) => askedScopes.includes(one) && registeredScopes.includes(one));
  return [...plain, ...narrow(narrow(askedScopes, registeredScopes), role)];
}

/** True where one of the scopes lets its holder do this with resources of this type. */
export function permits(
  scopes: readonly string[],
  resourceType: string,
  interaction: Interaction,
  level: Level = 'patient',
): boolean {
  return parseAll(scopes).some(
    (scope) =>
      scope.level === level &&
      (scope.type === '*' || scope.type === resourceType) &&
      scope.letters.includes(letterOf[interaction]),
  );
}

/** True where the resource holds to `category=…`: one of its codings is one of the values. */
function holds(query: string, resource: Resource): boolean {
  const at = query.indexOf('=');
  const codings = codingsOf(resource[query.slice(0, at)]);
  return query
    .slice(at + 1)
    .split(',')
    .some((value) => {
      const bar = value.indexOf('|');
      return codings.some(
        (one) => (bar < 0 || (one.system ?? '') === value.slice(0, bar)) && one.code === value.slice(bar + 1),
      );
    });
}

/** True where one of the scopes lets its holder do this with this very resource: its query included. */
export function permittedBy(
  scopes: readonly string[],
  resource: Resource,
  interaction: Interaction,
  level: Level = 'patient',
): boolean {
  return parseAll(scopes).some(
    (scope) =>
      scope.level === level &&
      (scope.type === '*' || scope.type === resource.resourceType) &&
      scope.letters.includes(letterOf[interaction]) &&
      (scope.query === undefined || holds(scope.query, resource)),
  );
}
