import { failure, type KubeconfigCode } from './errors.ts';
import { isList, isMap, type Json } from './json.ts';
import type { Step, YamlSource } from './yaml-reader.ts';

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
