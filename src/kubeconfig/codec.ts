/**
 * Reading and writing in one description, a codec for each Go type, so that what is read and what is
 * written cannot drift apart. Refusals have the words of Go's JSON decoder, which is what kubectl prints;
 * they name types and never a value.
 */
import { asBuffer, Secret, utf8 } from '../base/index.ts';
import { decodeBase64 } from './base64.ts';
import { isList, isMap, type Json, Opaque } from './json.ts';
import type { Place } from './place.ts';

export interface Codec<T> {
  /** Go's name of the type. */
  readonly go: string;
  /** `null` gives Go's zero value. */
  read(value: Json, at: Place): T;
  write(value: T): Json;
  /** What `omitempty` leaves out. */
  isZero(value: T): boolean;
}

export const text: Codec<string> = {
  go: 'string',
  read: (value, at) =>
    value === null ? '' : typeof value === 'string' ? value : at.mismatch(value, 'string'),
  write: (value) => value,
  isZero: (value) => value === '',
};

export const bool: Codec<boolean> = {
  go: 'bool',
  read: (value, at) =>
    value === null ? false : typeof value === 'boolean' ? value : at.mismatch(value, 'bool'),
  write: (value) => value,
  isZero: (value) => !value,
};

/** `[]byte`: base64 in the file. */
export const data: Codec<Uint8Array> = {
  go: '[]uint8',
  read(value, at) {
    if (value === null) return new Uint8Array();
    if (typeof value !== 'string') return at.mismatch(value, '[]uint8');
    const decoded = decodeBase64(value);
    if (typeof decoded !== 'number') return decoded;
    return at.fail('kubeconfig/base64', `illegal base64 data at input byte ${decoded}`);
  },
  write: (value) => asBuffer(value).toString('base64'),
  isZero: (value) => value.length === 0,
};

export const secretText: Codec<Secret> = {
  go: 'string',
  read: (value, at) => new Secret(utf8(text.read(value, at))),
  write: (value) => asBuffer(value.reveal()).toString('utf8'),
  isZero: (value) => value.reveal().length === 0,
};

export const secretData: Codec<Secret> = {
  go: '[]uint8',
  read: (value, at) => new Secret(data.read(value, at)),
  write: (value) => data.write(value.reveal()),
  isZero: (value) => value.reveal().length === 0,
};

/** `runtime.RawExtension`: Go makes JSON of it, with sorted keys, when it reads. */
export const opaque: Codec<Opaque> = {
  go: 'runtime.RawExtension',
  read: (value) => new Opaque(value),
  write: (value) => sorted(value.reveal()),
  isZero: (value) => value.reveal() === null,
};

/** An empty list is `null` in what Go writes. */
export function listOf<T>(item: Codec<T>): Codec<readonly T[]> {
  const go = `[]${item.go}`;
  return {
    go,
    read(value, at) {
      if (value === null) return [];
      if (!isList(value)) return at.mismatch(value, go);
      return value.map((element, index) => item.read(element, at.item(index)));
    },
    write: (value) => (value.length === 0 ? null : value.map((element) => item.write(element))),
    isZero: (value) => value.length === 0,
  };
}

/** A list of named things: a map in client-go, so written in the order of the names. */
export function namedListOf<T extends { readonly name: string }>(item: Codec<T>): Codec<readonly T[]> {
  const list = listOf(item);
  return { ...list, write: (value) => list.write(value.toSorted((a, b) => compareUtf8(a.name, b.name))) };
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  return isMap(value) ? new Map(byName(value).map(([key, field]) => [key, sorted(field)])) : value;
}

function byName<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => compareUtf8(a, b));
}

/** sort.Strings: by bytes. */
function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}

export function mapOf<T>(item: Codec<T>): Codec<ReadonlyMap<string, T>> {
  const go = `map[string]${item.go}`;
  return {
    go,
    read(value, at) {
      if (value === null) return new Map();
      if (!isMap(value)) return at.mismatch(value, go);
      return new Map([...value].map(([key, element]) => [key, item.read(element, at.item(key))]));
    },
    write: (value) =>
      value.size === 0 ? null : new Map(byName(value).map(([key, element]) => [key, item.write(element)])),
    isZero: (value) => value.size === 0,
  };
}
