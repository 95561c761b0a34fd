import type { LoadedCategory } from '../config/config.ts';
import { objects } from '../../src/fhir/json.ts';
import { idOf, isResource, type Resource } from '../../src/fhir/resource.ts';
import { createCleaner } from './clean.ts';
import { serviceTypes, sharesIdentity, type Role } from './elements.ts';
import { createExaminer, namesOfResource, type HearPointer } from './examine.ts';
import { createFalseRemains } from './false-remains.ts';
import { newName, withOne, type Answer, type Item, type Named } from './named.ts';
import { markOrphans } from './orphans.ts';
import { createPlaces } from './place.ts';
import { createSigns } from './signs.ts';

/** Gives what is left of an answer as things stand, after every answer that has been taken in since. */
export type Left = () => readonly Resource[];

/**
 * Takes in one source's whole answer in R4, references as `Type/id` within it. `told` are the names (`Type/id`,
 * `Type/id#contained`) of what goes for its documents' words (document-withholding.ts).
 */
export type RecordFilter = (resources: readonly Resource[], told?: ReadonlySet<string>) => Left;

/** Begins to filter one record. */
export type Withholding = () => RecordFilter;

const nothing: ReadonlySet<string> = new Set();
const none: readonly Item[] = [];
const noNames: readonly Named[] = [];

/**
 * Makes the filter that lets nothing of an excluded category through (DESIGN.md, `withhold`).
 *
 * A resource goes when it bears a sign of an enabled category, when it was made or given by a service, place or
 * organisation that goes, or when it hangs on something that goes, to a fixed point and from whole to part. What survives
 * keeps all that it has, less its narrative and its pointers to what went. An AllergyIntolerance goes for its own substance
 * or label alone. What goes in one answer takes along what another source calls by the same identifier of a referral, order
 * or document, and what would be false without it, in whatever order the answers come.
 *
 * Pure and linear: each resource is read once, each name followed once; a resource that nothing has to be taken from is
 * returned as it is. The order of the input decides nothing but the order of the output. Anything it throws means that
 * nothing of that answer may be released; what was found until then goes on to count for the others.
 */
export function createRecordWithholding(categories: readonly LoadedCategory[]): Withholding {
  const signs = createSigns(categories);
  const places = createPlaces();
  const falseRemains = createFalseRemains(categories);

  return () => {
    const work: Item[] = [];
    /** Each identifier by which a source may call something of another source's, as each answer has it. */
    const identifiers = new Map<string, Named[]>();
    /** The identifiers of referrals, orders and documents that went. */
    const lost = new Set<string>();
    const remains = falseRemains.begin();
    /** All that the item that is being looked at points at. */
    const to: Named[] = [];
    const examiner = createExaminer(signs, places);

    const withhold = (item: Item): void => {
      if (item.withheld) return;
      item.withheld = true;
      item.answer.left = undefined;
      work.push(item);
      remains.gone(item);
    };

    /** A Provenance goes when nothing that it is about is left. */
    const lose = (item: Item): void => {
      item.targets -= 1;
      if (item.targets === 0) withhold(item);
    };

    const goes = (name: Named): void => {
      if (name.gone) return;
      name.gone = true;
      name.answer.left = undefined;
      name.parts?.forEach(withhold);
      name.about?.forEach(lose);
    };

    const nameIn = (answer: Answer, name: string): Named => {
      const known = answer.named.get(name);
      if (known !== undefined) return known;
      const made = newName(answer, name);
      answer.named.set(name, made);
      if (made.identifier === undefined) return made;
      made.gone = lost.has(name);
      const elsewhere = identifiers.get(name);
      if (elsewhere === undefined) identifiers.set(name, [made]);
      else elsewhere.push(made);
      return made;
    };

    /** Makes the item depend on what it points at; true where that is gone already, since another source has lost it. */
    const attach = (item: Item, role: Role, name: Named): boolean => {
      to.push(name);
      if (role === 'hang') name.parts = withOne(name.parts, item);
      else if (role === 'service') name.served = withOne(name.served, item);
      else if (role === 'down') item.down = withOne(item.down, name);
      else if (role === 'target') name.about = withOne(name.about, item);
      return name.gone && (role === 'hang' || role === 'target');
    };

    /** What the same identifier names is the same referral, order or document, whichever source has it. */
    const loseIdentifier = (identifier: string): void => {
      if (lost.has(identifier)) return;
      lost.add(identifier);
      for (const name of identifiers.get(identifier) ?? []) {
        goes(name);
        for (const one of name.bearers ?? none) if (sharesIdentity.has(one.resource.resourceType)) withhold(one);
      }
    };

    const follow = (item: Item): void => {
      const { resourceType } = item.resource;
      const isService = serviceTypes.has(resourceType);
      const isShared = sharesIdentity.has(resourceType);
      for (const name of item.names) {
        goes(name);
        if (isShared && name.identifier !== undefined) loseIdentifier(name.identifier);
        if (isService && !name.goneService) {
          name.goneService = true;
          name.served?.forEach(withhold);
        }
      }
      for (const name of item.down ?? noNames) {
        if (name.followedDown) continue;
        name.followedDown = true;
        for (const part of name.bearers ?? none)
          if (part.resource.resourceType !== 'AllergyIntolerance') withhold(part);
      }
      item.contained.forEach(withhold);
    };

    const settle = (): void => {
      do for (let item = work.pop(); item !== undefined; item = work.pop()) follow(item);
      while (remains.takeWith(withhold));
    };

    return (resources, told = nothing) => {
      const answer: Answer = { items: [], all: [], named: new Map(), left: undefined };
      const nameOf = (name: string): Named => nameIn(answer, name);

      /** The item that is being looked at, and what is heard of its pointers. */
      let at: Item | undefined;
      let lostTargets = 0;
      let hangsOnLost = false;
      const hear: HearPointer = (role, literal, identifier, tells) => {
        if (at === undefined) return;
        if (tells) {
          at.untrusted = true;
          if (role === 'hang' || role === 'service') at.sign = true;
        }
        if (role === 'target') at.targets += 1;
        let isLost = role === 'target' && tells;
        if (literal !== undefined && !isLost) isLost = attach(at, role, nameOf(literal));
        // A target that is named twice is one target.
        if (identifier !== undefined && (role !== 'target' || literal === undefined) && !isLost)
          isLost = attach(at, role, nameOf(identifier));
        if (!isLost) return;
        if (role === 'target') lostTargets += 1;
        else hangsOnLost = true;
      };

      const examine = (resource: Resource, container: number, owner: string, isContained: boolean): Item => {
        const item: Item = {
          answer,
          resource,
          container,
          names: namesOfResource(resource, container, isContained).map(nameOf),
          to: noNames,
          down: undefined,
          contained: none,
          sign: false,
          untrusted: false,
          withheld: false,
          orphan: false,
          targets: 0,
        };
        answer.all.push(item);
        for (const name of item.names) name.bearers = withOne(name.bearers, item);
        to.length = 0;
        lostTargets = 0;
        hangsOnLost = false;
        at = item;
        const { sign, untrusted } = examiner.examine(resource, container, hear);
        item.to = to.slice();
        item.sign ||= sign;
        item.untrusted ||= untrusted;
        const isLost = hangsOnLost || (sharesIdentity.has(resource.resourceType) && item.names.some(isGone));
        for (; lostTargets > 0; lostTargets -= 1) lose(item);
        const inner = resource['contained'];
        if (inner !== undefined) {
          const held = objects(inner).filter(isResource);
          item.contained = held.map((one) => examine(one, container, owner, true));
          // What is in there and is no resource is looked at by nobody.
          if (!Array.isArray(inner) || held.length < inner.length) item.untrusted = true;
        }
        const tells = told.has(isContained ? `${owner}#${idOf(resource) ?? ''}` : owner);
        if (item.sign || isLost || (tells && resource.resourceType !== 'AllergyIntolerance')) withhold(item);
        // An allergy stays, without what leads to the document.
        else if (tells) item.untrusted = true;
        remains.consider(item);
        return item;
      };

      resources.forEach((resource, index) =>
        answer.items.push(examine(resource, index, `${resource.resourceType}/${idOf(resource) ?? ''}`, false)),
      );
      // Nothing that is left may lead to such a document, whether it came as a resource or not.
      for (const name of told) if (name.startsWith('Binary/')) nameOf(name).gone = true;
      settle();

      const clean = createCleaner(signs, examiner, (name) => answer.named.get(name)?.gone ?? false);
      const release = (item: Item): Resource => {
        const kept = item.contained.filter(isLeft);
        const inner = kept.map(release);
        const whole =
          kept.length === item.contained.length && inner.every((one, index) => one === kept[index]?.resource);
        if (whole && !item.untrusted && !item.to.some(isGone)) return item.resource;
        const strict = item.resource.resourceType === 'AllergyIntolerance';
        const left = clean(item.resource, item.container, strict);
        // In its place: that it had moved would tell that something was taken out.
        if (inner.length > 0) return { ...left, contained: inner };
        const { contained: _, ...rest } = left;
        return rest;
      };
      return () => {
        if (answer.left === undefined) {
          markOrphans(answer);
          answer.left = answer.items.filter(isLeft).map(release);
        }
        return answer.left;
      };
    };
  };
}

/** The same for a record of one answer: what is left of it. */
export function createWithholding(
  categories: readonly LoadedCategory[],
): (resources: readonly Resource[], told?: ReadonlySet<string>) => readonly Resource[] {
  const begin = createRecordWithholding(categories);
  return (resources, told) => begin()(resources, told)();
}

function isLeft(item: Item): boolean {
  return !item.withheld && !item.orphan;
}

function isGone(name: Named): boolean {
  return name.gone;
}
