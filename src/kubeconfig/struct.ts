/** A Go struct as a table: one row for each field, for reading and for writing. */
import type { Codec } from './codec.ts';
import { isMap, type Json, type JsonMap, Opaque } from './json.ts';
import type { Place } from './place.ts';

/** One row of a struct's table. */
interface Field<T> {
  readonly key: string;
  readonly codec: Codec<T>;
  /** Absent when zero: Go's `omitempty`. Otherwise always there. */
  readonly optional?: true;
}

/** Rows in the order of Go's declaration, in which it writes JSON. */
export type Fields<T> = { readonly [P in Exclude<keyof T, 'unknown'>]-?: Field<NonNullable<T[P]>> };

type Loose = Record<string, unknown>;

/** A Go struct. Fields that its table does not name are kept as `unknown`. */
export function struct<T extends { readonly unknown?: Opaque }>(name: string, fields: Fields<T>): Codec<T> {
  const go = `v1.${name}`;
  const rows = Object.entries<Field<unknown>>(fields);
  // Go decodes a sorted copy of the file: the first fault by key is the one that it tells.
  const byKey = rows.toSorted(([, a], [, b]) => (a.key < b.key ? -1 : 1));
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
      for (const [property, row] of byKey) {
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
