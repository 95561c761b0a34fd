import type { Fact } from './fact.ts';
import { compareEntries } from './library.ts';

/** Sets that grow together. Which facts end up together does not depend on the order in which they were joined. */
export class Sets {
  private readonly parent: Int32Array;

  constructor(size: number) {
    this.parent = Int32Array.from({ length: size }, (_, index) => index);
  }

  find(index: number): number {
    let root = index;
    for (;;) {
      const above = this.parent[root] ?? root;
      if (above === root) break;
      root = above;
    }
    for (let at = index; at !== root;) {
      const above = this.parent[at] ?? root;
      this.parent[at] = root;
      at = above;
    }
    return root;
  }

  join(a: number, b: number): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x !== y) this.parent[Math.max(x, y)] = Math.min(x, y);
  }
}

/** Joins all that share a key; `keysOf` may give none. @returns by key the number of an item that has it */
export function joinByKeys<T>(
  sets: Sets,
  items: readonly T[],
  keysOf: (item: T) => readonly string[],
): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  items.forEach((item, index) => {
    for (const key of keysOf(item)) {
      const known = first.get(key);
      if (known === undefined) first.set(key, index);
      else sets.join(known, index);
    }
  });
  return first;
}

/** The sets as lists. */
export function partition<T>(sets: Sets, items: readonly T[]): readonly (readonly T[])[] {
  const byRoot = new Map<number, T[]>();
  items.forEach((item, index) => {
    const root = sets.find(index);
    const known = byRoot.get(root);
    if (known === undefined) byRoot.set(root, [item]);
    else known.push(item);
  });
  return [...byRoot.values()];
}

/**
 * Rules 5 to 8: facts that share a key are one. A fact that is less precise (a day without a time, no date) joins the one
 * group that its vague keys lead to; where they lead to two it stands alone, so that it bridges nothing.
 */
export function groupByKeys(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  if (facts.length < 2) return facts.length === 0 ? [] : [facts];
  const sets = new Sets(facts.length);
  joinByKeys(sets, facts, (one) => one.keys);
  const sought = joinByKeys(sets, facts, (one) => one.seeks);
  if (sought.size === 0) return partition(sets, facts);
  const offered = new Map<string, number[]>();
  facts.forEach((one, index) => {
    for (const key of one.offers) {
      if (!sought.has(key)) continue;
      const known = offered.get(key);
      if (known === undefined) offered.set(key, [index]);
      else known.push(index);
    }
  });
  if (offered.size === 0) return partition(sets, facts);
  // What each group of seekers is led to is settled for all before any is joined, so that no order can show. Twice: what
  // has only a day may be led to two that the first pass makes one.
  for (let pass = 0; pass < 2; pass += 1) {
    const led = new Map<number, Set<number>>();
    facts.forEach((one, index) => {
      for (const key of one.seeks)
        for (const offer of offered.get(key) ?? []) {
          const [root, target] = [sets.find(index), sets.find(offer)];
          if (root === target) continue;
          const targets = led.get(root);
          if (targets === undefined) led.set(root, new Set([target]));
          else targets.add(target);
        }
    });
    for (const [root, targets] of led) {
      const [only] = targets;
      if (targets.size === 1 && only !== undefined) sets.join(root, only);
    }
  }
  return partition(sets, facts);
}

/** The calendar day of a fact, as a text; undefined where it has none. A month or a year counts as itself. */
function dayOf(one: Fact): string | undefined {
  const date = one.when.date;
  if (date === undefined) return undefined;
  return date.precision === 'year'
    ? `${date.year}`
    : date.precision === 'month'
      ? `${date.year}-${date.month}`
      : `${date.year}-${date.month}-${date.day}`;
}

/** Concept components: facts that are said with a code in common. Facts that name nothing stand each alone. */
function byConcept(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  const sets = new Sets(facts.length);
  joinByKeys(sets, facts, (one) => one.concept);
  return partition(sets, facts);
}

/** The buckets of a list by a key of each. */
export function bucket<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const buckets = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = buckets.get(key);
    if (known === undefined) buckets.set(key, [item]);
    else known.push(item);
  }
  return buckets;
}

/**
 * Problems of one concept: those that no one has ended are one, whenever each organisation began to record it, unless one
 * organisation itself tells two apart by their dates (two fractures); ended ones are one only with the same start.
 * Undated ones join where there is one group to join (rule 8).
 */
export function groupProblems(facts: readonly Fact[]): readonly (readonly Fact[])[] {
  const groups: Fact[][] = [];
  for (const component of byConcept(facts)) {
    const [lone] = component;
    if (lone !== undefined && lone.concept.length === 0) {
      groups.push(...component.map((one) => [one]));
      continue;
    }
    const dated = component.filter((one) => one.when.date !== undefined);
    const undated = component.filter((one) => one.when.date === undefined);
    const live = dated.filter((one) => one.current);
    const tellsApart = [...bucket(live, (one) => one.entry.chip.sourceId).values()].some(
      (own) => new Set(own.map(dayOf)).size > 1,
    );
    const clusters: Fact[][] = tellsApart
      ? [...bucket(dated, (one) => dayOf(one) ?? '').values()].map((one) => [...one])
      : joinEnded(
          live,
          dated.filter((one) => !one.current),
        );
    const [only] = clusters;
    const pool = undated.length === 0 ? [] : [...undated];
    if (clusters.length === 1 && only !== undefined) only.push(...pool);
    else if (pool.length > 0) clusters.push(pool);
    groups.push(...clusters);
  }
  return joinByIdentifier(groups);
}

/** The live as one cluster, with those ended ones that began on a day on which a live one began; the rest by their day. */
function joinEnded(live: readonly Fact[], ended: readonly Fact[]): Fact[][] {
  const days = new Set(live.map(dayOf));
  const cluster = [...live, ...ended.filter((one) => days.has(dayOf(one)))];
  const rest = ended.filter((one) => !days.has(dayOf(one)));
  return [
    ...(cluster.length === 0 ? [] : [cluster]),
    ...[...bucket(rest, (one) => dayOf(one) ?? '').values()].map((one) => [...one]),
  ];
}

/** Rule 7 over groups that are already made. */
export function joinByIdentifier(groups: readonly (readonly Fact[])[]): readonly (readonly Fact[])[] {
  const sets = new Sets(groups.length);
  joinByKeys(sets, groups, (group) => group.flatMap((one) => one.keys));
  return partition(sets, groups).map((some) => some.flat());
}

/** A total order over facts: the safest first, then the latest, then the region's order (rules 3 and 4). */
export function compareFacts(a: Fact, b: Fact): number {
  return (
    a.rank - b.rank ||
    (b.when.date?.instant ?? Number.MIN_SAFE_INTEGER) - (a.when.date?.instant ?? Number.MIN_SAFE_INTEGER) ||
    compareEntries(a.entry, b.entry)
  );
}
