import { isExtension, isRemark, isServiceItself, isWordless, namesService, roleOf, type Role } from './elements.ts';

/**
 * A place in resources of one type: the element under `path`. What its place means for an element is the same in every
 * resource, so it is worked out once.
 */
export type Place = {
  readonly type: string;
  readonly key: string;
  /** Members below the resource, with points between. */
  readonly path: string;
  /** Strings here and below are said about the thing. */
  readonly remark: boolean;
  /** Strings here are for machines. */
  readonly wordless: boolean;
  /** Codings here are security labels. */
  readonly label: boolean;
  /** Codings here name a service. */
  readonly service: boolean;
  readonly extension: boolean;
  /** The part that a pointer plays here. */
  readonly role: Role;
  readonly below: Map<string, Place>;
};

/** Senders may make up members without end: so many places are remembered, further ones are worked out each time. */
const remembered = 20_000;

/** The places of all types. */
export type Places = {
  /** The root of a type. */
  readonly of: (type: string) => Place;
  /** The place of a member of an object. */
  readonly below: (place: Place, key: string) => Place;
};

/** Makes an empty set of places, which fills as resources are read. */
export function createPlaces(): Places {
  const roots = new Map<string, Place>();
  let count = 0;
  const remember = (known: Map<string, Place>, key: string, place: Place): Place => {
    if (count < remembered) {
      count += 1;
      known.set(key, place);
    }
    return place;
  };
  return {
    of: (type) =>
      roots.get(type) ??
      remember(roots, type, {
        type,
        key: '',
        path: '',
        remark: false,
        wordless: false,
        label: false,
        service: false,
        extension: false,
        role: 'point',
        below: new Map(),
      }),
    below: (place, key) => {
      const known = place.below.get(key);
      if (known !== undefined) return known;
      const path = place.path === '' ? key : `${place.path}.${key}`;
      return remember(place.below, key, {
        type: place.type,
        key,
        path,
        remark: place.remark || isRemark(key),
        wordless: isWordless(key, place.key),
        label: key === 'security' || key === 'securityLabel' || (place.label && key === 'coding'),
        service: namesService.has(key) || isServiceItself(place.type, path) || (place.service && key === 'coding'),
        extension: isExtension(key),
        role: roleOf(place.type, path, undefined),
        below: new Map(),
      });
    },
  };
}
