import { supportingTypes } from './elements.ts';
import type { Answer, Item, Named } from './named.ts';

/**
 * Marks what nothing that survives points at any more, though something withheld did: the medicine, doctor or ward of a
 * withheld thing. It says nothing by itself but would say that there was something.
 */
export function markOrphans({ all }: Answer): void {
  for (const item of all) item.orphan = false;
  if (!all.some(mayBeOrphan)) return;
  const left = all.filter((item) => item.withheld);
  if (left.length === 0) return;
  /** How many pointers of what is left name each. */
  const uses = new Map<Named, number>();
  const looked = new Set<Named>();
  const usesOf = (name: Named): number => uses.get(name) ?? 0;
  for (const item of all) if (!item.withheld) for (const name of item.to) uses.set(name, usesOf(name) + 1);
  for (let item = left.pop(); item !== undefined; item = left.pop()) {
    for (const name of item.to) {
      if (item.orphan) uses.set(name, usesOf(name) - 1);
      // Each name's bearers are looked at when the first goes that points at them, and when the last does.
      if (looked.has(name) && (usesOf(name) > 0 || !item.orphan)) continue;
      looked.add(name);
      for (const one of name.bearers ?? []) {
        if (!mayBeOrphan(one) || one.names.some((own) => usesOf(own) > 0)) continue;
        one.orphan = true;
        left.push(one);
      }
    }
  }
}

function mayBeOrphan(item: Item): boolean {
  return !item.withheld && !item.orphan && supportingTypes.has(item.resource.resourceType);
}
