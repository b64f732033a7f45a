/**
 * Reading and writing in one description: a codec for each Go type, and one table for each struct, so
 * that what is read and what is written cannot drift apart. Refusals have the words of Go's JSON decoder,
 * which is what kubectl prints; they name types and never a value.
 */
import { asBuffer, Secret, utf8 } from '../base/index.ts';
import { decodeBase64 } from './base64.ts';
import { failure, type KubeconfigCode } from './errors.ts';
import { isList, isMap, type Json, type JsonMap, Opaque } from './json.ts';
import type { Step, YamlSource } from './yaml-reader.ts';

export interface Codec<T> {
  /** Go's name of the type. */
  readonly go: string;
  /** `null` gives Go's zero value. */
  read(value: Json, at: Place): T;
  write(value: T): Json;
  /** What `omitempty` leaves out. */
  isZero(value: T): boolean;
}

/** Where a value stands: in the file for people, in Go's structs for the decoder's words. */
export class Place {
  readonly #source: YamlSource;
  readonly #parent: Place | undefined;
  readonly #step: Step | undefined;
  readonly #struct: string;
  readonly #fields: string;

  constructor(source: YamlSource, parent?: Place, step?: Step, struct = '', fields = '') {
    this.#source = source;
    this.#parent = parent;
    this.#step = step;
    this.#struct = struct;
    this.#fields = fields;
  }

  field(struct: string, key: string): Place {
    const fields = this.#fields === '' ? key : `${this.#fields}.${key}`;
    return new Place(this.#source, this, key, struct, fields);
  }

  item(step: Step): Place {
    return new Place(this.#source, this, step, this.#struct, this.#fields);
  }

  mismatch(value: Json, go: string): never {
    const target = this.#fields === '' ? 'value' : `struct field ${this.#struct}.${this.#fields}`;
    return this.fail(
      'kubeconfig/type',
      `json: cannot unmarshal ${kindOf(value)} into Go ${target} of type ${go}`,
    );
  }

  fail(code: KubeconfigCode, message: string): never {
    throw failure(code, message, this.#source.locate(this.#path()));
  }

  #path(): Step[] {
    const above = this.#parent === undefined ? [] : this.#parent.#path();
    return this.#step === undefined ? above : [...above, this.#step];
  }
}

/** As Go's JSON decoder names it. */
export function kindOf(value: Json): string {
  if (isMap(value)) return 'object';
  if (isList(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'bigint' ? 'number' : typeof value;
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

/** `runtime.RawExtension`. */
export const opaque: Codec<Opaque> = {
  go: 'runtime.RawExtension',
  read: (value) => new Opaque(value),
  write: (value) => value.reveal(),
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
      value.size === 0 ? null : new Map([...value].map(([key, element]) => [key, item.write(element)])),
    isZero: (value) => value.size === 0,
  };
}

/** One row of a struct's table. */
export interface Field<T> {
  readonly key: string;
  readonly codec: Codec<T>;
  /** Absent when zero: Go's `omitempty`. Otherwise always there. */
  readonly optional?: true;
}

/** Rows in the order of their keys, in which Go meets them: it decodes a sorted copy of the file. */
export type Fields<T> = { readonly [P in Exclude<keyof T, 'unknown'>]-?: Field<NonNullable<T[P]>> };

type Loose = Record<string, unknown>;

/** A Go struct. Fields that its table does not name are kept as `unknown`. */
export function struct<T extends { readonly unknown?: Opaque }>(name: string, fields: Fields<T>): Codec<T> {
  const go = `v1.${name}`;
  const rows = Object.entries<Field<unknown>>(fields);
  const known = new Set(rows.map(([, row]) => row.key));
  const readRow = (map: JsonMap, at: Place, row: Field<unknown>): unknown => {
    const found = map.get(row.key) ?? null;
    if (found === null && row.optional) return undefined;
    const value = row.codec.read(found, at.field(name, row.key));
    return row.optional && row.codec.isZero(value) ? undefined : value;
  };
  return {
    go,
    read(value, at) {
      if (value !== null && !isMap(value)) return at.mismatch(value, go);
      const map: JsonMap = value ?? new Map();
      const out: Loose = {};
      for (const [property, row] of rows) {
        const read = readRow(map, at, row);
        if (read !== undefined) out[property] = read;
      }
      const rest = new Map([...map].filter(([key]) => !known.has(key)));
      if (rest.size > 0) out['unknown'] = new Opaque(rest);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the table has a row for each property
      return out as T;
    },
    write(value) {
      const loose = value as Loose;
      const out = new Map<string, Json>();
      for (const [property, row] of rows) {
        const field = loose[property];
        if (field !== undefined && !(row.optional && row.codec.isZero(field)))
          out.set(row.key, row.codec.write(field));
      }
      const rest = value.unknown?.reveal();
      if (isMap(rest)) for (const [key, field] of rest) if (!known.has(key)) out.set(key, field);
      return out;
    },
    isZero: () => false,
  };
}

/** A struct that Go leaves out when nothing is in it (`omitzero`). */
export function orNothing<T>(codec: Codec<T>): Codec<T> {
  return { ...codec, isZero: (value) => isEmptyMap(codec.write(value)) };
}

function isEmptyMap(value: Json): boolean {
  return isMap(value) && value.size === 0;
}
