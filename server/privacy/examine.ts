import { isObject, objects, type JsonObject } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { identifierName, isHumanName, isNarrative, isPointer, literalName, roleOf, type Role } from './elements.ts';
import type { Place, Places } from './place.ts';
import type { Signs } from './signs.ts';
import { terminologyOf } from './terminology.ts';

/**
 * Hears of each pointer of a resource: what it means, whom it names, by a literal reference and by an identifier, and
 * whether it gives a category away by itself.
 */
export type HearPointer = (
  role: Role,
  literal: string | undefined,
  identifier: string | undefined,
  tells: boolean,
) => void;

/** What one look at a resource finds. */
export type Examined = {
  /** It bears a sign of a category itself. */
  readonly sign: boolean;
  /** It has a narrative, or says in a remark (an allergy: anywhere but in its substance) what may not be said. */
  readonly untrusted: boolean;
};

/** Examines resources for the signs of the categories. */
export type Examiner = {
  /**
   * @param container the number of the resource that stands in the answer itself, whose contained ones are told apart by it
   */
  readonly examine: (resource: Resource, container: number, hear: HearPointer) => Examined;
  /** True where a Reference itself gives a category away, wherever it leads. */
  readonly pointerTells: (pointer: JsonObject) => boolean;
  /** True where words of a category stand in the text. The same text is read once. */
  readonly words: (text: string) => boolean;
};

/** A GP system's free-text note is a resource whose remark is all that it says. */
const commentNote = '37331000000100';

function isCommentNote(resource: Resource): boolean {
  if (resource.resourceType !== 'Observation') return false;
  return objects(resource['code']).some((concept) =>
    objects(concept['coding']).some(
      ({ system, code }) => code === commentNote && terminologyOf(system) === 'SNOMED CT',
    ),
  );
}

const deaf: HearPointer = () => undefined;

/** Dates and numbers are most of the texts without a name for what they are, and hold no words. */
const numeric = /^[\d\-+:.TZ]*$/;

/**
 * Makes an examiner for one record. It reads each resource once, from the root to every leaf, and keeps what it learned
 * of texts only as long as the record is in hand.
 */
export function createExaminer(signs: Signs, places: Places): Examiner {
  const read = new Map<string, boolean>();
  const words = (text: string): boolean => {
    // Most are dates: cheaper told apart than looked up.
    if (numeric.test(text)) return false;
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
  let container = 0;
  let hear: HearPointer = deaf;
  /** The URL of the innermost extension that the walk is in. */
  let extensionUrl: string | undefined;

  /** A directory's own URL ends in the ODS code. */
  const leadsToOrganisation = (reference: string): boolean => {
    const ods = /^https?:\/\/.*\/Organization\/([A-Z0-9]+)$/.exec(reference)?.[1];
    return ods !== undefined && signs.organisation(ods);
  };

  /** Whether a Reference gives a category away by itself: in all that it says besides its target. */
  function tellsAlone(pointer: JsonObject, place: Place): boolean {
    const outer = sign;
    sign = false;
    const { reference } = pointer;
    for (const member in pointer) {
      const value = pointer[member];
      if (member === 'reference' && typeof value === 'string') sign ||= leadsToOrganisation(value);
      else if (member !== 'display' || typeof value !== 'string') visit(value, places.below(place, member));
      // A person's name is nobody's service.
      else if (typeof reference !== 'string' || !/^(?:Patient|RelatedPerson|Person)\//.test(reference))
        sign ||= words(value);
    }
    const tells = sign;
    sign = outer;
    return tells;
  }

  function visitPointer(pointer: JsonObject, place: Place): void {
    const tells = tellsAlone(pointer, place);
    const { reference, identifier } = pointer;
    hear(
      roleAt(place),
      typeof reference === 'string' ? literalName(reference, container) : undefined,
      identifierName(identifier),
      tells,
    );
  }

  function roleAt(place: Place): Role {
    return extensionUrl === undefined ? place.role : roleOf(place.type, place.path, extensionUrl);
  }

  function visitString(text: string, place: Place): void {
    if (place.wordless) return;
    const name = literalName(text, container);
    if (name !== undefined) hear(place.role, name, undefined, false);
    if (!listening || !words(text)) return;
    if (!remarksCount && place.remark) untrusted = true;
    else sign = true;
  }

  function visitObject(value: JsonObject, place: Place): void {
    if (isNarrative(value)) {
      untrusted = true;
      return;
    }
    if (isPointer(value, place.key)) {
      visitPointer(value, place);
      return;
    }
    const { system, code } = value;
    if (code !== undefined && !isObject(code) && !Array.isArray(code)) {
      if ((place.label && signs.label(code)) || signs.coding(system, code, place.service)) sign = true;
    } else if (typeof system === 'string' && signs.identifier(system, value['value'])) sign = true;
    const outer = extensionUrl;
    if (place.extension && typeof value['url'] === 'string') extensionUrl = value['url'];
    for (const member in value) {
      if (member === 'text' && isHumanName(value)) continue;
      visit(value[member], places.below(place, member));
    }
    extensionUrl = outer;
  }

  function visit(value: unknown, place: Place): void {
    if (typeof value === 'string') visitString(value, place);
    else if (Array.isArray(value)) {
      for (const one of value as readonly unknown[]) {
        if (typeof one === 'string') visitString(one, place);
        else if (typeof one === 'object' && one !== null) visitObject(one as JsonObject, place);
      }
    } else if (typeof value === 'object' && value !== null) visitObject(value as JsonObject, place);
  }

  /** An allergy goes for its own substance's code or its label alone; whatever else tells is cut out of it. */
  function visitAllergy(resource: Resource, root: Place): void {
    listening = false;
    visit(resource['code'], places.below(root, 'code'));
    for (const reaction of objects(resource['reaction'])) visit(reaction['substance'], places.below(root, 'substance'));
    for (const meta of objects(resource['meta'])) visit(meta['security'], places.below(root, 'security'));
    listening = true;
    const own = sign;
    sign = false;
    for (const key in resource)
      if (key !== 'contained' && key !== 'code') visit(resource[key], places.below(root, key));
    if (sign) untrusted = true;
    sign = own;
  }

  return {
    examine: (resource, within, hearPointer) => {
      hear = hearPointer;
      sign = false;
      untrusted = false;
      remarksCount = isCommentNote(resource);
      container = within;
      const root = places.of(resource.resourceType);
      if (resource.resourceType === 'AllergyIntolerance') visitAllergy(resource, root);
      else for (const key in resource) if (key !== 'contained') visit(resource[key], places.below(root, key));
      return { sign, untrusted };
    },
    pointerTells: (pointer) => {
      hear = deaf;
      return tellsAlone(pointer, places.of(''));
    },
    words,
  };
}

/**
 * Every name by which others may call this resource. A contained one's id is known to its container alone, and its
 * identifiers to all: it may be a copy. A clinic that bears its trust's ODS code is not called by it: else the whole trust
 * would go with the clinic.
 */
export function namesOfResource(resource: Resource, container: number, isContained: boolean): readonly string[] {
  const id = resource['id'];
  const own =
    typeof id !== 'string' ? undefined : isContained ? `${container}#${id}` : `${resource.resourceType}/${id}`;
  const { identifier, masterIdentifier } = resource;
  if (identifier === undefined && masterIdentifier === undefined) return own === undefined ? [] : [own];
  const identifiers = [...objects(identifier), ...objects(masterIdentifier)]
    .filter((one) => terminologyOf(one['system']) !== 'ods')
    .map(identifierName);
  return [own, ...identifiers].filter((name) => name !== undefined);
}
