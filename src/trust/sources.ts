import { asBuffer } from '../base/index.ts';
import type { Entry } from '../inventory/index.ts';

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

/** Reads each source once. */
export function remember<T>(read: (source: Source) => T): (source: Source) => T {
  const known = new WeakMap<Source, T>();
  return (source) => {
    let value = known.get(source);
    if (value === undefined) known.set(source, (value = read(source)));
    return value;
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
