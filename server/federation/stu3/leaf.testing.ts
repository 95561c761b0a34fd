import { readFileSync } from 'node:fs';
import { isObject } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';

/** One value of a resource and where it stands: `MedicationRequest.dosageInstruction.text`. */
export type Leaf = { readonly path: string; readonly value: unknown };

/** Every value of a resource, extensions by the last part of their URL. */
export function leavesOf(value: unknown, path: string): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap((one) => leavesOf(one, path));
  if (!isObject(value)) return [{ path, value }];
  const url = value['url'];
  const at = path.endsWith('extension') && typeof url === 'string' ? `${path}(${url.split('/').at(-1) ?? ''})` : path;
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, `${at}.${name}`));
}

/** Why a leaf of STU3 does not stand in R4 as it was: a row of `definitions/not-carried.tsv`. */
export type Justified = {
  /** A path, or its end after a `*`. */
  readonly path: string;
  /** The value that it is said of; empty for any. */
  readonly value: string;
  /** What stands for it in R4; empty where nothing does. */
  readonly becomes: string;
  readonly reason: string;
};

export const justified: readonly Justified[] = readFileSync(
  new URL('definitions/not-carried.tsv', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [path = '', value = '', becomes = '', reason = ''] = line.split('\t');
    return { path, value, becomes, reason };
  });

function counted(leaves: readonly Leaf[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { value } of leaves) {
    const key = JSON.stringify(value);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/**
 * Accounts for every leaf of a resource: in what it became there is as often the same value, a reference to what its
 * target became, or a row justifies that there is not, and what it says stands for it is there. The resource's own id is
 * the caller's: `to` was found by it. `used` collects the rows.
 * @param target the reference that stands for one of the source's
 * @returns the leaves that nobody accounts for
 */
export function unaccounted(
  from: Resource,
  to: readonly unknown[],
  target: (reference: string) => string | undefined,
  used: Set<Justified>,
): readonly Leaf[] {
  const { id: _, ...rest } = from;
  const left = counted(to.flatMap((one) => leavesOf(one, '')));
  const take = (value: unknown): boolean => {
    const key = JSON.stringify(value);
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    return count > 0;
  };
  const missing = leavesOf(rest, from.resourceType).filter(
    ({ path, value }) => !take(path.endsWith('.reference') && typeof value === 'string' ? target(value) : value),
  );
  return missing.filter(({ path, value }) => {
    const row = justified.find(
      (one) =>
        (one.path.startsWith('*') ? path.endsWith(one.path.slice(1)) : path === one.path) &&
        (one.value === '' || one.value === String(value)) &&
        (one.becomes === '' || take(one.becomes)),
    );
    if (row !== undefined) used.add(row);
    return row === undefined;
  });
}
