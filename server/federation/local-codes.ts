import { isObject, text, type JsonObject } from '../../src/fhir/json.ts';
import { ohc } from '../../src/fhir/systems.ts';
import type { Equivalence, Mapping } from '../config/concept-map.ts';
import type { Entry } from './entry.ts';

/** What is added beside each local code, by system and code. */
export type LocalCodes = ReadonlyMap<string, ReadonlyMap<string, readonly JsonObject[]>>;

/** A target of these says no more than the source did, so that it may stand beside its code. */
const saysNoMore: ReadonlySet<Equivalence> = new Set(['equal', 'equivalent', 'wider', 'subsumes']);
/** A target of these is not what the source said at all. */
const saysOther: ReadonlySet<Equivalence> = new Set(['unmatched', 'disjoint']);

/**
 * Prepares the maps of a source, once.
 *
 * What only may be meant (`narrower`, `specializes`, `inexact`, `relatedto`) is not added: the record would say more than
 * the source did. But where it may be something that is never shown, it is taken to be that (H8): the code is added, and
 * with it the whole thing is withheld.
 * @param isExcluded true for a code of something that is never shown
 */
export function createLocalCodes(
  mappings: readonly Mapping[],
  isExcluded: (system: string, code: string) => boolean,
): LocalCodes {
  const bySystem = new Map<string, Map<string, JsonObject[]>>();
  for (const { system, code, equivalence, target, map } of mappings) {
    if (saysOther.has(equivalence)) continue;
    if (!saysNoMore.has(equivalence) && !isExcluded(target.system, target.code)) continue;
    const byCode = bySystem.get(system) ?? new Map<string, JsonObject[]>();
    bySystem.set(system, byCode);
    const added = byCode.get(code) ?? [];
    byCode.set(code, added);
    added.push({ extension: [{ url: ohc.mappedBy, valueUri: map }], ...target });
  }
  return bySystem;
}

/** Where FHIR lets codings stand side by side: in a CodeableConcept, and as the labels of a resource. */
const lists: ReadonlySet<string> = new Set(['coding', 'security']);

function withAdded(codings: readonly unknown[], local: LocalCodes): readonly unknown[] {
  let added: JsonObject[] | undefined;
  for (const coding of codings) {
    if (!isObject(coding)) continue;
    const system = text(coding['system']);
    const code = text(coding['code']);
    const targets = system === undefined || code === undefined ? undefined : local.get(system)?.get(code);
    for (const target of targets ?? []) {
      const isThere = [...codings, ...(added ?? [])].some(
        (one) => isObject(one) && one['system'] === target['system'] && one['code'] === target['code'],
      );
      if (!isThere) (added ??= []).push(target);
    }
  }
  return added === undefined ? codings : [...codings, ...added];
}

/** The same value where nothing is added in it. */
function mapped(value: unknown, member: string, local: LocalCodes): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    let changed = false;
    const inner = list.map((one) => {
      const now = mapped(one, '', local);
      changed ||= now !== one;
      return now;
    });
    const whole = changed ? inner : list;
    return lists.has(member) ? withAdded(whole, local) : whole;
  }
  if (!isObject(value)) return value;
  let into: Record<string, unknown> | undefined;
  for (const name in value) {
    const inner = value[name];
    if (typeof inner !== 'object' || inner === null) continue;
    const now = mapped(inner, name, local);
    if (now !== inner) (into ??= { ...value })[name] = now;
  }
  return into ?? value;
}

/**
 * A source's answer with what its local codes mean beside them. The source's own codings stay, first and as they were;
 * what is added is not mapped again, so that the order of maps does not matter and a circle of them ends. Pure.
 */
export function withLocalCodes(entries: readonly Entry[], local: LocalCodes | undefined): readonly Entry[] {
  if (local === undefined || local.size === 0) return entries;
  return entries.map((entry) => {
    const resource = mapped(entry.resource, '', local) as Entry['resource'];
    return resource === entry.resource ? entry : { ...entry, resource };
  });
}
