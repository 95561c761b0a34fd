import { outcome } from '../../../src/fhir/outcome.ts';
import { idOf, type Resource } from '../../../src/fhir/resource.ts';
import { ohc } from '../../../src/fhir/systems.ts';
import { targetOf, valuesOf } from './match.ts';
import type { Include } from './query.ts';

const keyOf = (resource: Resource): string => `${resource.resourceType}/${idOf(resource) ?? ''}`;

/** What the matches of a page lead to by `_include`, of what was released; each once, and no match again. */
function included(
  matches: readonly Resource[],
  includes: readonly Include[],
  released: readonly Resource[],
): readonly Resource[] {
  if (includes.length === 0) return [];
  const byKey = new Map(released.map((one) => [keyOf(one), one]));
  const found = new Map<string, Resource>();
  const matched = new Set(matches.map(keyOf));
  for (const match of matches)
    for (const { parameter, target } of includes)
      for (const value of valuesOf(match, parameter)) {
        const to = targetOf(value);
        if (to === undefined || (target !== undefined && target !== to.type)) continue;
        const key = `${to.type}/${to.id}`;
        const resource = byKey.get(key);
        if (resource !== undefined && !matched.has(key)) found.set(key, resource);
      }
  return [...found.values()];
}

/** The outcome that names what lenient handling passed over; none where there is nothing to name. */
export function passedOver(names: readonly string[]): readonly Resource[] {
  if (names.length === 0) return [];
  return [
    outcome({
      severity: 'warning',
      issue: 'not-supported',
      system: ohc.errorCode,
      code: 'parameter-ignored',
      text: `These parameters are not known here and were passed over: ${names.join(', ')}.`,
    }),
  ];
}

/**
 * A page of a search as a Bundle. `total` is exact, or absent where a source is missing and nobody can know. Sources that
 * are missing stand in it as outcomes, so that no app takes them for none.
 */
export function searchset(options: {
  readonly base: string;
  /** What was asked, below the base: `Observation`, `Patient/1/$everything`. */
  readonly path: string;
  /** The parameters as they were understood, for `self`. */
  readonly used: readonly (readonly [name: string, value: string])[];
  readonly includes: readonly Include[];
  readonly ignored: readonly string[];
  readonly total: number | undefined;
  readonly matches: readonly Resource[];
  /** All that was released for this search: what `_include` finds its targets in. */
  readonly released: readonly Resource[];
  readonly outcomes: readonly Resource[];
  /** The sealed page that this is, absent for the first. */
  readonly self: string | undefined;
  readonly next: string | undefined;
}): Resource {
  const { base, total, matches, next } = options;
  const asked = `${base}/${options.path}`;
  const page = (sealed: string): string => `${asked}?_page=${sealed}`;
  const words = new URLSearchParams(options.used.map(([name, value]) => [name, value])).toString();
  const first = `${asked}${words === '' ? '' : `?${words}`}`;
  const entry = (resource: Resource, mode: 'match' | 'include') => ({
    fullUrl: `${base}/${keyOf(resource)}`,
    resource,
    search: { mode },
  });
  const entries = [
    ...matches.map((one) => entry(one, 'match')),
    ...included(matches, options.includes, options.released).map((one) => entry(one, 'include')),
    ...[...passedOver(options.ignored), ...options.outcomes].map((resource) => ({
      resource,
      search: { mode: 'outcome' },
    })),
  ];
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(total === undefined ? {} : { total }),
    link: [
      { relation: 'self', url: options.self === undefined ? first : page(options.self) },
      ...(next === undefined ? [] : [{ relation: 'next', url: page(next) }]),
    ],
    // FHIR has no empty lists.
    ...(entries.length === 0 ? {} : { entry: entries }),
  };
}
