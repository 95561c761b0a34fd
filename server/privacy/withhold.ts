import type { LoadedCategory } from '../config/config.ts';
import { idOf, isResource, type Resource } from '../../src/fhir/resource.ts';
import { createCleaner } from './clean.ts';
import { serviceTypes, supportingTypes, type Role } from './elements.ts';
import { createExaminer, namesOfResource } from './examine.ts';
import { createPlaces } from './place.ts';
import { createSigns } from './signs.ts';

/** A resource of the answer, or one that another contains. */
type Item = {
  readonly resource: Resource;
  readonly container: string;
  readonly names: readonly Named[];
  readonly links: readonly Link[];
  readonly contained: readonly Item[];
  untrusted: boolean;
  withheld: boolean;
  /** Nothing that survives points at it any more. */
  orphan: boolean;
  /** Provenance: how many of its targets are left. */
  targets: number;
};

/** A pointer, with all that it names. */
type Link = { readonly role: Role; readonly tells: boolean; readonly to: readonly Named[] };

/** All that is called by one name, and all that depends on it. Both are followed once, however many they are. */
type Named = {
  readonly bearers: Item[];
  readonly parts: Item[];
  readonly served: Item[];
  readonly about: Item[];
  gone: boolean;
  goneService: boolean;
  followedDown: boolean;
  /** How many pointers of what is left name it, once what is withheld is known. */
  uses: number;
  /** Its bearers have been looked at for being orphans. */
  looked: boolean;
};

const nothing: ReadonlySet<string> = new Set();

/**
 * Makes the filter that lets nothing of an excluded category through (DESIGN.md, `withhold`).
 *
 * Its input is one source's whole answer in R4, references as `Type/id` within it, and the names (`Type/id`,
 * `Type/id#contained`) of what goes for its documents' words (document-withholding.ts). A resource goes when it bears a sign
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
): (resources: readonly Resource[], told?: ReadonlySet<string>) => readonly Resource[] {
  const signs = createSigns(categories);
  const places = createPlaces();

  return (resources, told = nothing) => {
    const examiner = createExaminer(signs, places);
    const named = new Map<string, Named>();
    const work: Item[] = [];
    const all: Item[] = [];

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
        uses: 0,
        looked: false,
      };
      named.set(name, made);
      return made;
    };

    const withhold = (item: Item): void => {
      if (item.withheld) return;
      item.withheld = true;
      work.push(item);
    };

    const examine = (resource: Resource, container: string, owner: string, isContained: boolean): Item => {
      const { sign, untrusted, pointers } = examiner.examine(resource, container);
      const inner = resource['contained'];
      const item: Item = {
        resource,
        container,
        names: namesOfResource(resource, container, isContained).map(nameOf),
        links: pointers.map(({ role, tells, names }) => ({ role, tells, to: names.map(nameOf) })),
        contained: Array.isArray(inner)
          ? inner.filter(isResource).map((one) => examine(one, container, owner, true))
          : none,
        untrusted,
        withheld: false,
        orphan: false,
        targets: 0,
      };
      all.push(item);
      for (const name of item.names) name.bearers.push(item);
      for (const link of item.links) if (link.role === 'target') item.targets += 1;
      for (const link of item.links) attach(item, link);
      const tells = told.size > 0 && told.has(isContained ? `${owner}#${idOf(resource) ?? ''}` : owner);
      if (sign || (tells && resource.resourceType !== 'AllergyIntolerance')) withhold(item);
      // An allergy stays, without what leads to the document.
      else if (tells) item.untrusted = true;
      return item;
    };

    const attach = (item: Item, { role, tells, to }: Link): void => {
      if (role === 'target') {
        if (tells) lose(item);
        else to.at(0)?.about.push(item);
      } else if (role === 'hang') {
        if (tells) withhold(item);
        for (const name of to) name.parts.push(item);
      } else if (role === 'service') {
        if (tells) withhold(item);
        for (const name of to) name.served.push(item);
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
        if (!name.gone) {
          name.gone = true;
          name.parts.forEach(withhold);
          name.about.forEach(lose);
        }
        if (isService && !name.goneService) {
          name.goneService = true;
          name.served.forEach(withhold);
        }
      }
      for (const link of item.links) {
        if (link.role !== 'down') continue;
        for (const name of link.to) {
          if (name.followedDown) continue;
          name.followedDown = true;
          for (const part of name.bearers) if (part.resource.resourceType !== 'AllergyIntolerance') withhold(part);
        }
      }
      item.contained.forEach(withhold);
    };

    const items = resources.map((resource, index) =>
      examine(resource, String(index), `${resource.resourceType}/${idOf(resource) ?? ''}`, false),
    );
    // Nothing that is left may lead to such a document, whether it came as a resource or not.
    for (const name of told) if (name.startsWith('Binary/')) nameOf(name).gone = true;
    for (let item = work.pop(); item !== undefined; item = work.pop()) follow(item);
    markOrphans(all);

    const isLeft = (item: Item): boolean => !item.withheld && !item.orphan;
    const clean = createCleaner(signs, examiner, (name) => named.get(name)?.gone ?? false);
    const release = (item: Item): Resource => {
      const kept = item.contained.filter(isLeft);
      const inner = kept.map(release);
      const whole = kept.length === item.contained.length && inner.every((one, index) => one === kept[index]?.resource);
      if (whole && !item.untrusted && !item.links.some(tellsOfGone)) return item.resource;
      const strict = item.resource.resourceType === 'AllergyIntolerance';
      const { contained: _, ...rest } = clean(item.resource, item.container, strict);
      return inner.length === 0 ? rest : { ...rest, contained: inner };
    };
    return items.filter(isLeft).map(release);
  };
}

const none: readonly Item[] = [];

function tellsOfGone(link: Link): boolean {
  return link.tells || link.to.some((name) => name.gone);
}

/**
 * What nothing that survives points at any more, though something withheld did: the medicine, doctor or ward of a
 * withheld thing. It says nothing by itself but would say that there was something.
 */
function markOrphans(all: readonly Item[]): void {
  const left = all.filter((item) => item.withheld);
  if (left.length === 0) return;
  for (const item of all) if (!item.withheld) for (const link of item.links) for (const name of link.to) name.uses += 1;
  for (let item = left.pop(); item !== undefined; item = left.pop()) {
    for (const link of item.links) {
      for (const name of link.to) {
        if (item.orphan) name.uses -= 1;
        // Each name's bearers are looked at when the first goes that points at them, and when the last does.
        if (name.looked && (name.uses > 0 || !item.orphan)) continue;
        name.looked = true;
        for (const one of name.bearers) {
          const mayBe = !one.withheld && !one.orphan && supportingTypes.has(one.resource.resourceType);
          if (!mayBe || one.names.some((own) => own.uses > 0)) continue;
          one.orphan = true;
          left.push(one);
        }
      }
    }
  }
}
