import { objects, text } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import type { LoadedCategory } from '../config/config.ts';
import { daysOf, type Days } from './days.ts';
import { createExaminer } from './examine.ts';
import type { Item } from './named.ts';
import { createPlaces } from './place.ts';
import { createSigns } from './signs.ts';

/** What remains of one record and would be false without what went, such as an open pregnancy after its termination. */
export type FalseRemains = {
  /** Hears of a resource that has come. */
  readonly consider: (item: Item) => void;
  /** Hears of one that goes. */
  readonly gone: (item: Item) => void;
  /** Hands over whatever is false by now; true where there was any. */
  readonly takeWith: (take: (item: Item) => void) => boolean;
};

/** The rule of one category that lists what would be false without it. */
type Rule = {
  readonly withinDays: number;
  readonly isOfCategory: (resource: Resource) => boolean;
  readonly isListed: (resource: Resource) => boolean;
};

type State = {
  readonly rule: Rule;
  /** How many of those that have come have been looked at. */
  looked: number;
  readonly remains: { readonly item: Item; readonly began: Days | undefined }[];
  /** When what went took place; by its days as a text, each once. */
  readonly events: Map<string, Days | undefined>;
};

/** Where a resource says what it is. */
const codedIn = ['code', 'type', 'category', 'valueCodeableConcept'] as const;
const noLonger = new Set([
  'inactive',
  'resolved',
  'remission',
  'finished',
  'completed',
  'cancelled',
  'entered-in-error',
]);
const began = [
  'onsetDateTime',
  'onsetPeriod',
  'effectiveDateTime',
  'effectivePeriod',
  'period',
  'recordedDate',
] as const;
const took = [
  ...['performedDateTime', 'performedPeriod', ...began, 'occurrenceDateTime', 'start', 'authoredOn', 'date'],
  ...['issued', 'created', 'sent', 'whenHandedOver'],
] as const;

function firstDays(resource: Resource, elements: readonly string[]): Days | undefined {
  for (const element of elements) {
    const value = resource[element];
    const days = daysOf(objects(value)[0]?.['start'] ?? value);
    if (days !== undefined) return days;
  }
  return undefined;
}

/** True where a problem, episode or plan has been closed. A result is as it was found. */
function isClosed(resource: Resource): boolean {
  if (['abatementDateTime', 'abatementPeriod', 'abatementString', 'abatementAge'].some((one) => one in resource))
    return true;
  if (resource['abatementBoolean'] === true || objects(resource['period'])[0]?.['end'] !== undefined) return true;
  if (resource.resourceType === 'Observation') return false;
  const clinical = objects(resource['clinicalStatus']).flatMap((one) => objects(one['coding']));
  return [text(resource['status']), ...clinical.map((one) => text(one['code']))].some((one) => noLonger.has(one ?? ''));
}

/** What cannot be told apart by its dates is false: only what surely began later, or surely too long before, is true. */
function isFalse(remain: Days | undefined, event: Days | undefined, withinDays: number): boolean {
  if (remain === undefined || event === undefined) return true;
  return remain.first <= event.last && event.first - remain.last <= withinDays;
}

/**
 * Makes the rules for what would be false once a category's things are gone: each open thing that bears a code of the
 * category's `falseRemains`, unless its dates show that it began after all that went, or more than `withinDays` before.
 */
export function createFalseRemains(categories: readonly LoadedCategory[]): { readonly begin: () => FalseRemains } {
  const rules = categories.flatMap((category): readonly Rule[] => {
    const { enabled, falseRemains } = category;
    if (!enabled || falseRemains === undefined) return [];
    const places = createPlaces();
    const own = createSigns([category]);
    const listed = createSigns([{ ...category, listedCodes: category.falselyRemaining }]);
    return [
      {
        withinDays: falseRemains.withinDays,
        isOfCategory: (resource) => {
          let told = false;
          const { sign } = createExaminer(own, places).examine(resource, 0, (role, _literal, _identifier, tells) => {
            told ||= tells && (role === 'hang' || role === 'service');
          });
          return sign || told;
        },
        isListed: (resource) =>
          codedIn.some((element) =>
            objects(resource[element]).some((concept) =>
              objects(concept['coding']).some(({ system, code }) => listed.coding(system, code, false)),
            ),
          ),
      },
    ];
  });

  return {
    begin: () => {
      /** All that has come: looked at only once something of a category has gone. */
      const come: Item[] = [];
      const states = rules.map((rule): State => ({ rule, looked: 0, remains: [], events: new Map() }));
      return {
        consider: (item) => void come.push(item),
        gone: ({ sign, resource }) => {
          if (!sign) return;
          for (const state of states) {
            if (!state.rule.isOfCategory(resource)) continue;
            const days = firstDays(resource, took);
            state.events.set(`${days?.first} ${days?.last}`, days);
          }
        },
        takeWith: (take) => {
          let any = false;
          for (const state of states) {
            // Whatever bears a sign has gone by the time that it has come: no more goes without more having come.
            if (state.events.size === 0 || state.looked === come.length) continue;
            for (; state.looked < come.length; state.looked += 1) {
              const item = come[state.looked];
              if (item === undefined || !state.rule.isListed(item.resource) || isClosed(item.resource)) continue;
              state.remains.push({ item, began: firstDays(item.resource, began) });
            }
            const events = [...state.events.values()];
            for (const { item, began: from } of state.remains) {
              if (item.withheld || !events.some((event) => isFalse(from, event, state.rule.withinDays))) continue;
              take(item);
              any = true;
            }
          }
          return any;
        },
      };
    },
  };
}
