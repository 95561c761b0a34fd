import type { Resource } from '../../src/fhir/resource.ts';
import { both, holds, implies, readQuery, writeQuery, type Condition } from './scope-query.ts';

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
  /** What a resource must hold to; none for all resources of the type. */
  readonly query: readonly Condition[];
};

/** The scopes that stand for no resource and that this server grants with a launch. */
export const staticScopes = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'launch/encounter',
  'online_access',
  'offline_access',
] as const;

/** Lets a client without a user ask about the tokens of others. */
export const introspectScope = 'https://one-health-and-care.nhs.uk/scope/introspect';

/** What a client without a user may be granted at all: administration, and never a person's record. */
const backendScopesServed = ['system/AuditEvent.rs', 'system/Consent.rs'];

const pattern = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]{1,63})\.(read|write|\*|c?r?u?d?s?)(?:\?(.+))?$/;
const v1Letters: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };
const letterOf: Readonly<Record<Interaction, string>> = {
  create: 'c',
  read: 'r',
  update: 'u',
  delete: 'd',
  search: 's',
};

/**
 * Reads a resource scope. Undefined for anything else, and for a query that cannot be held against a resource: such a
 * scope is not granted, since without its query it would say more.
 */
function parse(scope: string): ResourceScope | undefined {
  const [, level, type, written, asked] = pattern.exec(scope) ?? [];
  if ((level !== 'patient' && level !== 'user' && level !== 'system') || type === undefined || !written)
    return undefined;
  const letters = v1Letters[written];
  const v1 = letters !== undefined;
  // SMART 1 has no queries.
  const query = asked === undefined ? [] : v1 ? undefined : readQuery(asked, type);
  return query === undefined ? undefined : { level, type, letters: letters ?? written, v1, query };
}

function write({ level, type, letters, v1, query }: ResourceScope): string {
  const old =
    v1 && query.length === 0 ? Object.entries(v1Letters).find(([, meant]) => meant === letters)?.[0] : undefined;
  return `${level}/${type}.${old ?? letters}${query.length === 0 ? '' : `?${writeQuery(query)}`}`;
}

function intersect(asked: ResourceScope, allowed: ResourceScope): ResourceScope | undefined {
  if (asked.level !== allowed.level) return undefined;
  if (asked.type !== allowed.type && asked.type !== '*' && allowed.type !== '*') return undefined;
  const letters = [...asked.letters].filter((letter) => allowed.letters.includes(letter)).join('');
  if (letters === '') return undefined;
  const type = asked.type === '*' ? allowed.type : asked.type;
  return { ...asked, type, letters, query: both(asked.query, allowed.query) };
}

/** True where `wide` allows all that `narrow` does. */
function covers(wide: ResourceScope, narrow: ResourceScope): boolean {
  return (
    wide.level === narrow.level &&
    (wide.type === '*' || wide.type === narrow.type) &&
    [...narrow.letters].every((letter) => wide.letters.includes(letter)) &&
    implies(narrow.query, wide.query)
  );
}

const parsed = new WeakMap<readonly string[], readonly ResourceScope[]>();

/** Reads a list of scopes; remembered for as long as the list is, since each resource of a record asks anew. */
function parseAll(scopes: readonly string[]): readonly ResourceScope[] {
  const known = parsed.get(scopes);
  if (known !== undefined) return known;
  const all = scopes.map(parse).filter((one) => one !== undefined);
  parsed.set(scopes, all);
  return all;
}

/** True for a resource scope that this server can hold a client to. */
export function understood(scope: string): boolean {
  return parse(scope) !== undefined;
}

/**
 * What of the asked resource scopes is within the allowed ones: a wildcard becomes the types that are allowed, letters
 * become those that both have, and a resource must hold to the queries of both. A scope written in SMART 1's way stays
 * so where nothing of it was lost.
 */
export function narrow(asked: readonly string[], allowed: readonly string[]): readonly string[] {
  const limits = parseAll(allowed);
  const found = new Map<string, ResourceScope>();
  for (const one of parseAll(asked))
    for (const limit of limits) {
      const within = intersect(one, limit);
      if (within !== undefined) found.set(write(within), within);
    }
  // What two of them have in common may say nothing new; what was asked for in these words stays.
  const said = new Set(asked);
  const all = [...found];
  return all
    .filter(
      ([words, scope]) =>
        said.has(words) ||
        !all.some(([others, other]) => others !== words && covers(other, scope) && !covers(scope, other)),
    )
    .map(([words]) => words);
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

/** The scopes of a client without a user: what it asked, within what it is registered for and what is served. */
export function backendScopes(asked: string, registered: string): readonly string[] {
  const askedScopes = asked.split(' ');
  const registeredScopes = registered.split(' ');
  const mayIntrospect = [askedScopes, registeredScopes].every((scopes) => scopes.includes(introspectScope));
  return [
    ...(mayIntrospect ? [introspectScope] : []),
    ...narrow(narrow(askedScopes, registeredScopes), backendScopesServed),
  ];
}

function allows(scope: ResourceScope, resourceType: string, interaction: Interaction, level: Level): boolean {
  return (
    scope.level === level &&
    (scope.type === '*' || scope.type === resourceType) &&
    scope.letters.includes(letterOf[interaction])
  );
}

/**
 * True where one of the scopes lets its holder do this with resources of this type: with some of them at least, where
 * the scope has a query. Whether with this very resource says {@link permittedBy}.
 */
export function permits(
  scopes: readonly string[],
  resourceType: string,
  interaction: Interaction,
  level: Level = 'patient',
): boolean {
  return parseAll(scopes).some((scope) => allows(scope, resourceType, interaction, level));
}

/** True where one of the scopes lets its holder do this with this very resource, its query included. */
export function permittedBy(
  scopes: readonly string[],
  resource: Resource,
  interaction: Interaction,
  level: Level = 'patient',
): boolean {
  return parseAll(scopes).some(
    (scope) => allows(scope, resource.resourceType, interaction, level) && holds(scope.query, resource),
  );
}
