import { isObject, type JsonObject } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import {
  carriesElement,
  isHumanName,
  isNarrative,
  isPointer,
  isRemark,
  isWordless,
  literalName,
  namesOf,
} from './elements.ts';
import type { Examiner } from './examine.ts';
import type { Signs } from './signs.ts';

/** What is gone, by the names that point at it. */
export type Gone = (name: string) => boolean;

/**
 * Makes the copy of a surviving resource that leaves: without narrative, without any pointer to what is gone (its
 * display and identifier with it, and the entry, participant or extension that has no sense without it), and without
 * the remarks that tell. Lists and elements that this empties disappear; all else stands as it stood.
 */
export function createCleaner(signs: Signs, examiner: Pick<Examiner, 'pointerTells' | 'words'>, gone: Gone) {
  /** `strict`: whatever bears a sign is cut out, since the resource itself stays (an allergy). */
  return function clean(resource: Resource, container: number, strictly: boolean): Resource {
    let strict = strictly;
    /** `within` is the key of the element that has the value as its member `key`. */
    const keep = (value: unknown, key: string, within: string, remark: boolean): unknown => {
      if (typeof value === 'string') return keepString(value, key, within, remark);
      if (Array.isArray(value)) {
        const kept = value.map((one: unknown) => keep(one, key, within, remark));
        if (kept.every((one, index) => one === value[index])) return value;
        const left = kept.filter((one) => one !== undefined);
        return left.length === 0 ? undefined : left;
      }
      return isObject(value) ? keepObject(value, key, remark) : value;
    };

    const keepString = (text: string, key: string, within: string, remark: boolean): string | undefined => {
      if (isWordless(key, within)) return text;
      const name = literalName(text, container);
      if (name !== undefined && gone(name)) return undefined;
      return (strict || remark) && examiner.words(text) ? undefined : text;
    };

    const keepObject = (value: JsonObject, key: string, remark: boolean): JsonObject | undefined => {
      if (isNarrative(value)) return undefined;
      if (isPointer(value, key) && (namesOf(value, container).some(gone) || examiner.pointerTells(value)))
        return undefined;
      if (strict && bearsSign(value)) return undefined;
      const left: Record<string, unknown> = {};
      let changed = false;
      const name = isHumanName(value);
      for (const member in value) {
        const before = value[member];
        const after = name && member === 'text' ? before : keep(before, member, key, remark || isRemark(member));
        if (after === before) left[member] = before;
        else {
          changed = true;
          if (after !== undefined) left[member] = after;
          else if (carriesElement.has(member) && isObject(before) && isPointer(before, member)) return undefined;
          // A note is its text.
          else if (key === 'note' && member === 'text') return undefined;
        }
      }
      if (!changed) return value;
      return Object.keys(left).every((member) => member === 'id' || member === 'url') ? undefined : left;
    };

    const bearsSign = (value: JsonObject): boolean => {
      const codings: readonly unknown[] = Array.isArray(value['coding']) ? value['coding'] : [value];
      return codings.some((coding) => isObject(coding) && signs.coding(coding['system'], coding['code'], true));
    };

    const out: Record<string, unknown> = {};
    for (const member in resource) {
      const value = resource[member];
      strict = strictly && member !== 'code';
      // What is contained is cleaned by itself.
      const kept = member === 'contained' ? value : keep(value, member, '', isRemark(member));
      if (kept !== undefined) out[member] = kept;
    }
    return out as Resource;
  };
}
