/** A stream of numbers that is the same on every machine for the same seed (mulberry32 over an FNV-1a hash). */
export type Random = {
  /** At least 0, below 1. */
  readonly next: () => number;
  /** A whole number between the two, both included. */
  readonly between: (low: number, high: number) => number;
  /** A lower-case UUID (version 4 in form). */
  readonly uuid: () => string;
};

/** The generator of one seed, such as the name of a system and a person: what is drawn elsewhere cannot disturb it. */
export function seeded(seed: string): Random {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i += 1) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const hex = (length: number): string => Array.from({ length }, () => between(0, 15).toString(16)).join('');
  const uuid = (): string =>
    `${hex(8)}-${hex(4)}-4${hex(3)}-${['8', '9', 'a', 'b'][between(0, 3)] ?? '8'}${hex(3)}-${hex(12)}`;
  return { next, between, uuid };
}
