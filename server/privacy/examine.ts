import { isObject, objects, type JsonObject } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import {
  identifierName,
  isHumanName,
  isNarrative,
  isPointer,
  isRemark,
  literalName,
  namesOf,
  namesService,
  roleOf,
  wordless,
  type Role,
} from './elements.ts';
import type { Signs } from './signs.ts';
import { terminologyOf } from './terminology.ts';

/** A pointer of a resource: what it means, whom it names, and whether it gives a category away by itself. */
export type Pointer = { readonly role: Role; readonly names: readonly string[]; readonly tells: boolean };

/** What one look at a resource finds. */
export type Examined = {
  /** It bears a sign of a category itself. */
  readonly sign: boolean;
  /** It has a narrative, or says in a remark (an allergy: anywhere but in its substance) what may not be said. */
  readonly untrusted: boolean;
  readonly pointers: readonly Pointer[];
};

/** Examines resources for the signs of the categories. */
export type Examiner = {
  readonly examine: (resource: Resource, container: string) => Examined;
  /** True where a Reference itself gives a category away, wherever it leads. */
  readonly pointerTells: (pointer: JsonObject) => boolean;
  /** True where words of a category stand in the text. The same text is read once. */
  readonly words: (text: string) => boolean;
};

/** A GP system's free-text note is a resource whose remark is all that it says. */
const commentNote = '37331000000100';

function isCommentNote(resource: Resource): boolean {
  return objects(resource['code'])
    .flatMap((concept) => objects(concept['coding']))
    .some((coding) => coding['code'] === commentNote && terminologyOf(coding['system']) === 'SNOMED CT');
}

/** What the walk knows of the place it is at. */
type Place = {
  readonly path: string;
  readonly remark: boolean;
  readonly label: boolean;
  readonly service: boolean;
  readonly extensionUrl: string | undefined;
};

const root: Place = { path: '', remark: false, label: false, service: false, extensionUrl: undefined };

/**
 * Makes an examiner for one answer. It reads each resource once, from the root to every leaf, and keeps what it learned
 * of texts only as long as the answer is in hand.
 */
export function createExaminer(signs: Signs): Examiner {
  const read = new Map<string, boolean>();
  const words = (text: string): boolean => {
    const known = read.get(text);
    if (known !== undefined) return known;
    const found = signs.words(text);
    read.set(text, found);
    return found;
  };

  let sign = false;
  let untrusted = false;
  let listening = true;
  let remarksCount = false;
  let type = '';
  let container = '';
  let pointers: Pointer[] = [];

  const tellsAlone = (pointer: JsonObject): boolean => {
    const { reference, display } = pointer;
    const person = typeof reference === 'string' && /^(Patient|RelatedPerson|Person)\//.test(reference);
    if (typeof display === 'string' && !person && words(display)) return true;
    // A directory's own URL ends in the ODS code.
    const ods =
      typeof reference === 'string' ? /^https?:\/\/.*\/Organization\/([A-Z0-9]+)$/.exec(reference)?.[1] : undefined;
    return ods !== undefined && signs.organisation(ods);
  };

  function visitPointer(pointer: JsonObject, place: Place): void {
    const outer = sign;
    sign = false;
    for (const key of ['extension', '_display', 'identifier']) visit(pointer[key], key, place);
    const tells = sign || tellsAlone(pointer);
    sign = outer;
    pointers.push({ role: roleOf(type, place.path, place.extensionUrl), names: namesOf(pointer, container), tells });
  }

  /** `place` is the object's in which the string stands under `key`. */
  function visitString(text: string, key: string, place: Place): void {
    if (wordless.has(key) || (key === 'url' && place.extensionUrl !== undefined)) return;
    if (text.length < 300 && text.includes('/')) {
      const name = literalName(text, container);
      if (name !== undefined)
        pointers.push({ role: roleOf(type, below(place, key), undefined), names: [name], tells: false });
    }
    if (!listening || !words(text)) return;
    if (!remarksCount && (place.remark || isRemark(key, below(place, key)))) untrusted = true;
    else sign = true;
  }

  function below(place: Place, key: string): string {
    return place.path === '' ? key : `${place.path}.${key}`;
  }

  function inside(place: Place, key: string): Place {
    const path = below(place, key);
    return {
      path,
      remark: place.remark || isRemark(key, path),
      label: key === 'security' || key === 'securityLabel' || (place.label && key === 'coding'),
      service: namesService.has(key) || (place.service && key === 'coding'),
      extensionUrl: place.extensionUrl,
    };
  }

  function visitObject(value: JsonObject, key: string, place: Place): void {
    if (isNarrative(value)) {
      untrusted = true;
      return;
    }
    if (isPointer(value, key)) {
      visitPointer(value, place);
      return;
    }
    const { system, code } = value;
    if (code !== undefined && !isObject(code) && !Array.isArray(code)) {
      if ((place.label && signs.label(code)) || signs.coding(system, code, place.service)) sign = true;
    } else if (typeof system === 'string' && signs.identifier(system, value['value'])) sign = true;
    const url = value['url'];
    const here =
      (key === 'extension' || key === 'modifierExtension') && typeof url === 'string'
        ? { ...place, extensionUrl: url }
        : place;
    const name = isHumanName(value);
    for (const member in value) {
      if (name && member === 'text') continue;
      visit(value[member], member, here);
    }
  }

  /** `place` is the object's in which the value stands under `key`. */
  function visit(value: unknown, key: string, place: Place): void {
    if (typeof value === 'string') visitString(value, key, place);
    else if (Array.isArray(value)) {
      const within = inside(place, key);
      for (const one of value) {
        if (typeof one === 'string') visitString(one, key, place);
        else if (isObject(one)) visitObject(one, key, within);
        else if (Array.isArray(one)) visit(one, key, within);
      }
    } else if (isObject(value)) visitObject(value, key, inside(place, key));
  }

  /** An allergy goes for its own substance's code or its label alone; whatever else tells is cut out of it. */
  function visitAllergy(resource: Resource): void {
    listening = false;
    visit(resource['code'], 'code', root);
    for (const reaction of objects(resource['reaction'])) visit(reaction['substance'], 'substance', root);
    for (const meta of objects(resource['meta'])) visit(meta['security'], 'security', root);
    listening = true;
    const own = sign;
    sign = false;
    for (const key in resource) if (key !== 'contained' && key !== 'code') visit(resource[key], key, root);
    if (sign) untrusted = true;
    sign = own;
  }

  return {
    examine: (resource, within) => {
      sign = false;
      untrusted = false;
      remarksCount = isCommentNote(resource);
      type = resource.resourceType;
      container = within;
      pointers = [];
      if (type === 'AllergyIntolerance') visitAllergy(resource);
      else for (const key in resource) if (key !== 'contained') visit(resource[key], key, root);
      return { sign, untrusted, pointers };
    },
    pointerTells: (pointer) => {
      const outer = { sign, pointers };
      sign = false;
      pointers = [];
      visitPointer(pointer, root);
      const tells = pointers.at(-1)?.tells ?? false;
      ({ sign, pointers } = outer);
      return tells;
    },
    words,
  };
}

/**
 * Every name by which others may call this resource. A contained one is known to its container alone. A clinic that
 * bears its trust's ODS code is not called by it: else the whole trust would go with the clinic.
 */
export function namesOfResource(resource: Resource, container: string, isContained: boolean): readonly string[] {
  const id = resource['id'];
  const own =
    typeof id !== 'string' ? undefined : isContained ? `${container}#${id}` : `${resource.resourceType}/${id}`;
  const identifiers = isContained
    ? []
    : objects(resource['identifier'])
        .filter((identifier) => terminologyOf(identifier['system']) !== 'ods')
        .map(identifierName);
  return [own, ...identifiers].filter((name) => name !== undefined);
}
