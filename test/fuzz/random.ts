/** The same numbers at every run of a seed: whole ones from 0 to below the limit. */
export type Below = (limit: number) => number;

/** Marsaglia, Xorshift RNGs, 2003. */
export function belowFrom(seed: number): Below {
  // No state is zero.
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * limit);
  };
}

export function oneOf<T>(values: readonly T[], below: Below): T {
  return values[below(values.length)]!;
}
