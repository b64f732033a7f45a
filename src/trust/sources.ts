import { asBuffer } from '../base/index.ts';
import type { Entry } from '../inventory/index.ts';
import { type GoRules, newestRules } from '../verify/index.ts';

/** PEM that stands in a file, or inside a kubeconfig. A value: what is read from it is kept with it. */
export type Source = Entry | Uint8Array;

/** `error` is what the program that loads it would print. */
export interface Broken {
  readonly kind: 'broken';
  readonly error: string;
}

export function broken(error: string): Broken {
  return { kind: 'broken', error };
}

export function bytesOf(source: Source): Uint8Array {
  return source instanceof Uint8Array ? source : source.bytes;
}

/**
 * Reads each source once. What the newest Go reads whole, all read alike: only what it refuses is read again, by the
 * rules of the release that asks.
 */
export function remember<T>(
  read: (source: Source, rules: GoRules) => T,
  isWhole: (value: T) => boolean,
): (source: Source, rules?: GoRules) => T {
  const known = new Map<GoRules, WeakMap<Source, T>>();
  const once = (source: Source, rules: GoRules): T => {
    let values = known.get(rules);
    if (!values) known.set(rules, (values = new WeakMap<Source, T>()));
    let value = values.get(source);
    if (value === undefined) values.set(source, (value = read(source, rules)));
    return value;
  };
  return (source, rules = newestRules) => {
    const newest = once(source, newestRules);
    return rules === newestRules || isWhole(newest) ? newest : once(source, rules);
  };
}

const BEGIN = '-----BEGIN ';

/** Blocks of PEM that begin, whatever becomes of them. */
export function countBlocks(bytes: Uint8Array): number {
  const buffer = asBuffer(bytes);
  let count = 0;
  for (let at = buffer.indexOf(BEGIN); at >= 0; at = buffer.indexOf(BEGIN, at + 1)) count++;
  return count;
}
