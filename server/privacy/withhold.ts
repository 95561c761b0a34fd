import type { LoadedCategory } from '../config/config.ts';
import { isResource, type Resource } from '../../src/fhir/resource.ts';
import { createCleaner } from './clean.ts';
import { serviceTypes, supportingTypes } from './elements.ts';
import { createExaminer, namesOfResource, type Pointer } from './examine.ts';
import { createSigns } from './signs.ts';

/** A resource of the answer, or one that another contains. */
type Item = {
  readonly resource: Resource;
  readonly container: string;
  readonly names: readonly string[];
  readonly pointers: readonly Pointer[];
  readonly contained: readonly Item[];
  readonly isContained: boolean;
  untrusted: boolean;
  withheld: boolean;
  /** Provenance: how many of its targets are left. */
  targets: number;
};

/** All that is called by one name, and all that depends on it. Both are followed once, however many they are. */
type Named = {
  readonly bearers: Item[];
  readonly parts: Item[];
  readonly served: Item[];
  readonly about: Item[];
  gone: boolean;
  goneService: boolean;
  followedDown: boolean;
};

/**
 * Makes the filter that lets nothing of an excluded category through (DESIGN.md, `withhold`).
 *
 * Its input is one source's whole answer in R4, references as `Type/id` within it. A resource goes when it bears a sign
 * of an enabled category, when it was made or given by a service, place or organisation that goes, or when it hangs on
 * something that goes, to a fixed point and from whole to part. What survives keeps all that it has, less its
 * narrative and its pointers to what went. An AllergyIntolerance goes for its own substance or label alone.
 *
 * Pure and linear: each resource is read once, each name followed once; a resource that nothing has to be taken from is
 * returned as it is. The order of the input decides nothing but the order of the output. Anything it throws means that
 * nothing of the answer may be released.
 */
export function createWithholding(
  categories: readonly LoadedCategory[],
): (resources: readonly Resource[]) => readonly Resource[] {
  const signs = createSigns(categories);

  return (resources) => {
    const examiner = createExaminer(signs);
    const named = new Map<string, Named>();
    const work: Item[] = [];

    const nameOf = (name: string): Named => {
      const known = named.get(name);
      if (known !== undefined) return known;
      const made: Named = {
        bearers: [],
        parts: [],
        served: [],
        about: [],
        gone: false,
        goneService: false,
        followedDown: false,
      };
      named.set(name, made);
      return made;
    };

    const withhold = (item: Item): void => {
      if (item.withheld) return;
      item.withheld = true;
      work.push(item);
    };

    const examine = (resource: Resource, container: string, isContained: boolean): Item => {
      const { sign, untrusted, pointers } = examiner.examine(resource, container);
      const inner = resource['contained'];
      const item: Item = {
        resource,
        container,
        names: namesOfResource(resource, container, isContained),
        pointers,
        contained: Array.isArray(inner) ? inner.filter(isResource).map((one) => examine(one, container, true)) : [],
        isContained,
        untrusted,
        withheld: false,
        targets: pointers.filter((pointer) => pointer.role === 'target').length,
      };
      for (const name of item.names) nameOf(name).bearers.push(item);
      for (const pointer of pointers) attach(item, pointer);
      if (sign) withhold(item);
      return item;
    };

    const attach = (item: Item, pointer: Pointer): void => {
      const { role, tells } = pointer;
      if (role === 'target') {
        if (tells) lose(item);
        else for (const name of pointer.names.slice(0, 1)) nameOf(name).about.push(item);
      } else if (role === 'hang') {
        if (tells) withhold(item);
        for (const name of pointer.names) nameOf(name).parts.push(item);
      } else if (role === 'service') {
        if (tells) withhold(item);
        for (const name of pointer.names) nameOf(name).served.push(item);
      }
      if (tells) item.untrusted = true;
    };

    /** A Provenance goes when nothing that it is about is left. */
    const lose = (item: Item): void => {
      item.targets -= 1;
      if (item.targets === 0) withhold(item);
    };

    const follow = (item: Item): void => {
      const isService = serviceTypes.has(item.resource.resourceType);
      for (const name of item.names) {
        const entry = nameOf(name);
        if (!entry.gone) {
          entry.gone = true;
          entry.parts.forEach(withhold);
          entry.about.forEach(lose);
        }
        if (isService && !entry.goneService) {
          entry.goneService = true;
          entry.served.forEach(withhold);
        }
      }
      for (const pointer of item.pointers) {
        if (pointer.role !== 'down') continue;
        for (const name of pointer.names) {
          const entry = nameOf(name);
          if (entry.followedDown) continue;
          entry.followedDown = true;
          for (const part of entry.bearers) if (part.resource.resourceType !== 'AllergyIntolerance') withhold(part);
        }
      }
      item.contained.forEach(withhold);
    };

    const items = resources.map((resource, index) => examine(resource, String(index), false));
    for (let item = work.pop(); item !== undefined; item = work.pop()) follow(item);
    const orphans = orphansOf(items, named);

    const clean = createCleaner(signs, examiner, (name) => named.get(name)?.gone ?? false);
    const release = (item: Item): Resource => {
      const kept = item.contained.filter((one) => !one.withheld && !orphans.has(one));
      const inner = kept.map(release);
      const whole = kept.length === item.contained.length && inner.every((one, index) => one === kept[index]?.resource);
      const pointsAtGone = item.pointers.some(
        (pointer) => pointer.tells || pointer.names.some((name) => named.get(name)?.gone ?? false),
      );
      if (whole && !item.untrusted && !pointsAtGone) return item.resource;
      const strict = item.resource.resourceType === 'AllergyIntolerance';
      const { contained: _, ...rest } = clean(item.resource, item.container, strict);
      return inner.length === 0 ? rest : { ...rest, contained: inner };
    };
    return items.filter((item) => !item.withheld && !orphans.has(item)).map(release);
  };
}

/**
 * What nothing that survives points at any more, though something withheld did: the medicine, doctor or ward of a
 * withheld thing. It says nothing by itself but would say that there was something.
 */
function orphansOf(items: readonly Item[], named: ReadonlyMap<string, Named>): ReadonlySet<Item> {
  const orphans = new Set<Item>();
  const all = items.flatMap((item) => (item.contained.length === 0 ? item : [item, ...item.contained]));
  if (!all.some((item) => item.withheld)) return orphans;
  const uses = new Map<Named, number>();
  const namesIn = (item: Item): readonly Named[] =>
    item.pointers.flatMap((pointer) => pointer.names).flatMap((name) => named.get(name) ?? []);
  for (const item of all)
    if (!item.withheld) for (const name of namesIn(item)) uses.set(name, (uses.get(name) ?? 0) + 1);
  const isUsed = (item: Item): boolean =>
    item.names.some((name) => {
      const entry = named.get(name);
      return entry !== undefined && (uses.get(entry) ?? 0) > 0;
    });

  const left = all.filter((item) => item.withheld);
  const looked = new Set<Named>();
  for (let item = left.pop(); item !== undefined; item = left.pop()) {
    for (const name of namesIn(item)) {
      const before = uses.get(name) ?? 0;
      const after = orphans.has(item) ? before - 1 : before;
      uses.set(name, after);
      // Each name's bearers are looked at when the first goes that points at them, and when the last does.
      if (looked.has(name) && (after > 0 || before === after)) continue;
      looked.add(name);
      for (const one of name.bearers) {
        if (one.withheld || orphans.has(one) || !supportingTypes.has(one.resource.resourceType) || isUsed(one))
          continue;
        orphans.add(one);
        left.push(one);
      }
    }
  }
  return orphans;
}
