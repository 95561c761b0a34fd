import { supportingTypes } from './elements.ts';
import type { Answer } from './named.ts';

/**
 * Marks what nothing that survives points at any more, though something withheld did: the medicine, doctor or ward of a
 * withheld thing. It says nothing by itself but would say that there was something.
 */
export function markOrphans({ all, named }: Answer): void {
  const left = all.filter((item) => item.withheld);
  if (left.length === 0) return;
  for (const item of all) item.orphan = false;
  for (const name of named.values()) {
    name.uses = 0;
    name.looked = false;
  }
  for (const item of all) if (!item.withheld) for (const link of item.links) for (const name of link.to) name.uses += 1;
  for (let item = left.pop(); item !== undefined; item = left.pop()) {
    for (const link of item.links) {
      for (const name of link.to) {
        if (item.orphan) name.uses -= 1;
        // Each name's bearers are looked at when the first goes that points at them, and when the last does.
        if (name.looked && (name.uses > 0 || !item.orphan)) continue;
        name.looked = true;
        for (const one of name.bearers ?? []) {
          const mayBe = !one.withheld && !one.orphan && supportingTypes.has(one.resource.resourceType);
          if (!mayBe || one.names.some((own) => own.uses > 0)) continue;
          one.orphan = true;
          left.push(one);
        }
      }
    }
  }
}
