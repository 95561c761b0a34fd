/** Draws that are the same on every machine for the same seed (splitmix32 over an FNV-1a hash). */
export type Random = {
  /** A whole number of at least 0, below `limit`. */
  readonly below: (limit: number) => number;
  /** True in one of so many. */
  readonly oneIn: (many: number) => boolean;
  /** One of these. @throws where there is none */
  readonly of: <Value>(values: readonly Value[]) => Value;
  /** Some of these, at most so many, in their order. */
  readonly some: <Value>(values: readonly Value[], most: number) => readonly Value[];
};

/** The draws of one seed: what is drawn for one case does not disturb the next. */
export function seeded(seed: string): Random {
  let state = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) state = Math.imul(state ^ seed.charCodeAt(index), 0x01000193);
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  const below = (limit: number): number => Math.floor((next() / 4_294_967_296) * limit);
  return {
    below,
    oneIn: (many) => below(many) === 0,
    of: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error('nothing to draw from');
      return value;
    },
    some: (values, most) => {
      const left = [...values.keys()];
      const drawn: number[] = [];
      while (left.length > 0 && drawn.length < most) drawn.push(...left.splice(below(left.length), 1));
      const chosen = new Set(drawn);
      return values.filter((_, index) => chosen.has(index));
    },
  };
}
