import { codingsOf } from '../../../src/fhir/coding.ts';
import { isObject } from '../../../src/fhir/json.ts';
import { parseReference, referenceOf } from '../../../src/fhir/reference.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { intervalOf, stands, type Interval } from './interval.ts';
import type { SearchParameter } from './parameter.ts';
import type { Criterion, Wanted } from './query.ts';

function step(value: unknown, member: string): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => step(one, member));
  const inner = isObject(value) ? value[member] : undefined;
  return inner === undefined ? [] : Array.isArray(inner) ? (inner as unknown[]) : [inner];
}

/** What stands in a resource where a parameter reads. */
export function valuesOf(resource: Resource, { paths }: SearchParameter): readonly unknown[] {
  return paths.flatMap((path) =>
    path
      .split('.')
      .reduce<readonly unknown[]>((values, member) => values.flatMap((one) => step(one, member)), [resource]),
  );
}

/** A literal reference within the record as type and id. */
export function targetOf(value: unknown): { readonly type: string; readonly id: string } | undefined {
  const target = parseReference(referenceOf(value) ?? '');
  return target?.kind === 'local' ? target : undefined;
}

function hasToken(value: unknown, wanted: Extract<Wanted, { kind: 'token' }>): boolean {
  // A plain code (`status`) has its system in the specification, not in the resource.
  if (typeof value === 'string' || typeof value === 'boolean')
    return wanted.code === String(value) && (wanted.system ?? '') === '';
  return codingsOf(value).some(
    (coding) =>
      (wanted.system === undefined || wanted.system === (coding.system ?? '')) &&
      (wanted.code === undefined || wanted.code === coding.code),
  );
}

function matchesOne(value: unknown, wanted: Wanted): boolean {
  switch (wanted.kind) {
    case 'token':
      return hasToken(value, wanted);
    case 'date': {
      const said = intervalOf(value);
      return said !== undefined && stands(said, wanted.prefix, wanted.interval);
    }
    case 'reference': {
      const target = targetOf(value);
      return target?.id === wanted.id && (wanted.type === undefined || wanted.type === target.type);
    }
    case 'id':
      return value === wanted.id;
  }
}

/** True where a resource meets every criterion: of each any value, in any of the places where it reads. Pure. */
export function matches(resource: Resource, criteria: readonly Criterion[]): boolean {
  return criteria.every(({ parameter, wanted }) => {
    const values = valuesOf(resource, parameter);
    return wanted.some((one) => values.some((value) => matchesOne(value, one)));
  });
}

/** The first date that a resource says where a parameter reads, for ordering by it; undefined where it says none. */
export function dateOf(resource: Resource, parameter: SearchParameter): Interval | undefined {
  return valuesOf(resource, parameter)
    .map(intervalOf)
    .find((one) => one !== undefined);
}
