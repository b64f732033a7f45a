/** A seeded source of chance: the same seed draws the same. */
export interface Chance {
  /** One of several. */
  readonly pick: <T>(values: readonly T[]) => T;
  /** A whole number from 0 to below the limit. */
  readonly below: (limit: number) => number;
  /** True once in so many times. */
  readonly oneIn: (count: number) => boolean;
  /** So many values, each made anew. */
  readonly repeat: <T>(count: number, make: (index: number) => T) => T[];
}

/** mulberry32 */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const below = (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return {
    below,
    pick: (values) => values[below(values.length)]!,
    oneIn: (count) => below(count) === 0,
    repeat: (count, make) => Array.from({ length: count }, (_, index) => make(index)),
  };
}
