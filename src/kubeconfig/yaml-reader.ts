/**
 * YAML text to plain values, with the place of any of them. What a scalar means, aliases and merge keys are
 * decided here, because kubectl's reader speaks a dialect of its own and because a hostile file must cost
 * no more than its size. As in Go, the later of two equal keys wins.
 */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { Where } from '../base/index.ts';
import { readSimpleYaml, type SimpleForm } from '../yaml/index.ts';
import { failure } from './errors.ts';
import { isMap as isJsonMap, type Json, type JsonMap } from './json.ts';
import { resolvePlain } from './plain-scalar.ts';
import { MAX_DEPTH, MAX_TOKENS, type Node, parseTree, type YamlTree } from './yaml-tree.ts';

/** Values that may appear through aliases, counted once for each use. */
const MAX_ALIASED = 10_000;

export type Step = string | number;

export interface YamlSource {
  /** `null` when the text holds no value. */
  readonly value: Json;
  /** File, line, column and path of the value under these keys, or of the nearest one above it. */
  readonly locate: (path: readonly Step[]) => Where;
}

export function readYaml(text: string, file: string | undefined): YamlSource {
  let known: YamlTree | undefined;
  const parsed = (): YamlTree => (known ??= parseTree(text, file));
  return {
    value: readSimple(text) ?? new Reader(parsed()).read(parsed().root, 0),
    locate: (path) => {
      const tree = parsed();
      const where = tree.place(offsetOf(tree.root, path));
      return path.length === 0 ? where : { ...where, path: renderPath(path) };
    },
  };
}

const SIMPLE: SimpleForm<Json> = {
  scalar: (text, quoted) => (quoted ? text : plainValue(text)),
  list: (items) => items,
  map: (entries) => entries,
};

/** No token is shorter than a character. */
function readSimple(text: string): Json | undefined {
  return text.length > MAX_TOKENS ? undefined : readSimpleYaml(text, SIMPLE);
}

class Reader {
  readonly #tree: YamlTree;
  readonly #anchors = new Map<string, ParsedNode>();
  #inAlias = false;
  #aliased = 0;

  constructor(tree: YamlTree) {
    this.#tree = tree;
  }

  read(node: Node, depth: number): Json {
    if (node === null) return null;
    if (depth > MAX_DEPTH) throw this.#tooLarge(node, `more than ${MAX_DEPTH} levels deep`);
    if (this.#inAlias && ++this.#aliased > MAX_ALIASED) {
      throw this.#tooLarge(node, `aliases repeat more than ${MAX_ALIASED} values`);
    }
    if (isAlias(node)) return this.#alias(node, depth);
    const value = this.#value(node, depth);
    // Registered after its content: an alias to what it stands in finds nothing.
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    return value;
  }

  #value(node: ParsedNode, depth: number): Json {
    if (isSeq(node)) return node.items.map((item) => this.read(item, depth + 1));
    if (isMap(node)) return this.#map(node, depth);
    return isScalar(node) ? scalarValue(node) : null;
  }

  #map(node: YAMLMap.Parsed, depth: number): JsonMap {
    const map = new Map<string, Json>();
    const merged: Json[] = [];
    for (const { key, value } of node.items) {
      const name = this.#key(key, depth);
      if (name === '<<' && isScalar(key) && key.type === 'PLAIN') merged.push(this.read(value, depth + 1));
      else map.set(name, this.read(value, depth + 1));
    }
    for (const source of merged.flat()) {
      if (!isJsonMap(source)) {
        throw this.#refusal(node, 'map merge requires map or sequence of maps as the value');
      }
      for (const [name, value] of source) if (!map.has(name)) map.set(name, value);
    }
    return map;
  }

  #key(node: ParsedNode, depth: number): string {
    const key = this.read(node, depth + 1);
    if (typeof key === 'string') return key;
    if (key === null || typeof key === 'object') throw this.#refusal(node, 'a key is no string');
    // sigs.k8s.io/yaml, convertToJSONableObject: `n: 1` is the key `false`.
    return String(key);
  }

  #alias(node: Alias.Parsed, depth: number): Json {
    const target = this.#anchors.get(node.source);
    if (target === undefined) throw this.#refusal(node, 'an alias names an unknown anchor');
    const outer = this.#inAlias;
    this.#inAlias = true;
    const value = this.#value(target, depth);
    this.#inAlias = outer;
    return value;
  }

  #refusal(node: ParsedNode, message: string): Error {
    return failure('kubeconfig/yaml', `yaml: ${message}`, this.#tree.place(node.range[0]));
  }

  #tooLarge(node: ParsedNode, message: string): Error {
    return failure('kubeconfig/too-large', message, this.#tree.place(node.range[0]));
  }
}

const STRING_TAGS = new Set(['tag:yaml.org,2002:str', 'tag:yaml.org,2002:binary', '!']);

function scalarValue(node: Scalar): Json {
  const text = String(node.value);
  const quoted = node.type !== 'PLAIN' || (node.tag !== undefined && STRING_TAGS.has(node.tag));
  return quoted ? text : plainValue(text);
}

function plainValue(text: string): Json {
  const value = resolvePlain(text);
  return value === undefined ? text : value;
}

function offsetOf(root: Node, path: readonly Step[]): number {
  let node = root;
  for (const step of path) {
    const child = childOf(node, step);
    if (child === null) break;
    node = child;
  }
  return node?.range[0] ?? 0;
}

function childOf(node: Node, step: Step): Node {
  if (isSeq(node) && typeof step === 'number') return (node.items[step] as Node | undefined) ?? null;
  if (!isMap(node)) return null;
  const pair = node.items.findLast(({ key }) => isScalar(key) && String(key.value) === step);
  return pair ? (pair.value ?? pair.key) : null;
}

function renderPath(path: readonly Step[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}
