/** What is at fault at the instant of each line: between two dates of certificates nothing changes. */
import type { Instant } from '../base/index.ts';
import { certificatesIn, type Inventory } from '../inventory/index.ts';

/** A log that spans so many dates of certificates is judged by these, and for the rest as of when it is read. */
const MOST = 32;

export interface Judged<T> {
  readonly value: T;
  /** When it was judged for: undefined when that is not the time of the line, but of the question. */
  readonly asOf: Instant | undefined;
}

/** `make` is asked once for each stretch of time in which no certificate begins or ends. */
export function momentsOf<T>(inventory: Inventory, asked: Instant, make: (at: Instant) => T) {
  let stretchOf: ((at: Instant) => string) | undefined;
  const known = new Map<string, T>();
  const at = (instant: Instant): T | undefined => {
    stretchOf ??= stretches(inventory);
    const stretch = stretchOf(instant);
    let value = known.get(stretch);
    if (value === undefined && known.size < MOST) known.set(stretch, (value = make(instant)));
    return value;
  };
  let now: { readonly value: T } | undefined;
  return (written: Instant | undefined): Judged<T> => {
    const value = written === undefined ? undefined : at(written);
    if (value !== undefined) return { value, asOf: written };
    now ??= { value: make(asked) };
    return { value: now.value, asOf: undefined };
  };
}

/** How many have begun, how many have ended: Go lets a certificate hold at both of its dates (verify.go, isValid). */
function stretches(inventory: Inventory): (at: Instant) => string {
  const all = certificatesIn(inventory).map(({ certificate }) => certificate);
  const begins = all.map(({ notBefore }) => notBefore).toSorted((a, b) => a - b);
  const ends = all.map(({ notAfter }) => notAfter).toSorted((a, b) => a - b);
  return (at) => `${countBelow(begins, at + 1)} ${countBelow(ends, at)}`;
}

function countBelow(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
