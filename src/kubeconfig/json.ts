import { inspect } from 'node:util';

/** What YAML and JSON can say. Maps, not objects: a key such as `__proto__` is only a key here. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonMap;
export interface JsonMap extends ReadonlyMap<string, Json> {}

export function isMap(value: Json | undefined): value is JsonMap {
  return value instanceof Map;
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * A value that is carried through a rewrite and never read: fields that client-go does not know, and
 * extensions. It prints as the names of its fields, since nobody can say whether its values are secret.
 */
export class Opaque {
  readonly #value: Json;

  constructor(value: Json) {
    this.#value = value;
  }

  reveal(): Json {
    return this.#value;
  }

  toString(): string {
    return isMap(this.#value) ? `[${[...this.#value.keys()].join(', ')}]` : '[opaque]';
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
