import type { Resource } from '../../src/fhir/resource.ts';

/** One source's answer, as far as it has been looked at. */
export type Answer = {
  /** Each resource of it, in its order. */
  readonly items: Item[];
  /** Those, and the ones that they contain. */
  readonly all: Item[];
  readonly named: Map<string, Named>;
  /** What is left of it; undefined where more has gone since it was last asked for. */
  left: readonly Resource[] | undefined;
};

/** A resource of an answer, or one that another contains. */
export type Item = {
  readonly answer: Answer;
  readonly resource: Resource;
  /** The number of the item of the answer that this is, or that contains it. */
  readonly container: number;
  readonly names: readonly Named[];
  /** All that it points at. */
  to: readonly Named[];
  /** What it points at as its parts. */
  down: Named[] | undefined;
  contained: readonly Item[];
  /** It bears a sign of a category itself. */
  sign: boolean;
  untrusted: boolean;
  withheld: boolean;
  /** Nothing that survives points at it any more. */
  orphan: boolean;
  /** Provenance: how many of its targets are left. */
  targets: number;
};

/** All that is called by one name in one answer, and all that depends on it. Both are followed once, however many they are. */
export type Named = {
  readonly answer: Answer;
  /** The identifier that this name is, such as others than its source may know it by; undefined for `Type/id`. */
  readonly identifier: string | undefined;
  bearers: Item[] | undefined;
  parts: Item[] | undefined;
  served: Item[] | undefined;
  about: Item[] | undefined;
  gone: boolean;
  goneService: boolean;
  followedDown: boolean;
};

/** A list with one more: most are of one, and an empty list that grows takes the room of many. */
export function withOne<One>(list: One[] | undefined, one: One): One[] {
  if (list === undefined) return [one];
  list.push(one);
  return list;
}

/** A name that nothing is known of yet. Most are of one thing that nothing depends on: they hold no lists. */
export function newName(answer: Answer, name: string): Named {
  return {
    answer,
    identifier: name.startsWith('|') ? name : undefined,
    bearers: undefined,
    parts: undefined,
    served: undefined,
    about: undefined,
    gone: false,
    goneService: false,
    followedDown: false,
  };
}
