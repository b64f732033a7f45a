/**
 * YAML text to plain values, with the place of any of them. The `yaml` package finds the structure; what a
 * scalar means, aliases and merge keys are decided here, because kubectl's reader is another dialect and
 * because a hostile file must cost no more than its size. As in Go, the later of two equal keys wins.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type ParsedNode,
  parseAllDocuments,
  type YAMLError,
} from 'yaml';
import type { Where } from '../base/index.ts';
import { failure } from './errors.ts';
import { isMap as isJsonMap, type Json, type JsonMap } from './json.ts';
import { resolvePlain } from './plain-scalar.ts';

/** A kubeconfig has 7 levels; extensions hold small objects. */
const MAX_DEPTH = 100;
/** Nodes that may appear through aliases, counted once for each use. */
const MAX_ALIASED_NODES = 10_000;

export type Step = string | number;

export interface YamlSource {
  /** `null` when the text holds no value. */
  readonly value: Json;
  /** File, line, column and path of the value under these keys, or of the nearest one above it. */
  locate(path: readonly Step[]): Where;
}

type Tree = Document.Parsed<ParsedNode>;
type Node = ParsedNode | null;

export function readYaml(text: string, file: string | undefined): YamlSource {
  const lines = new LineCounter();
  const place = (offset: number): Where => {
    const { line, col } = lines.linePos(offset);
    return { ...(file === undefined ? {} : { file }), line, column: col };
  };
  const root = parseTree(text, lines, place);
  return {
    value: new Reader(place).read(root, 0),
    locate: (path) => {
      const where = place(offsetOf(root, path));
      return path.length === 0 ? where : { ...where, path: renderPath(path) };
    },
  };
}

function parseTree(text: string, lines: LineCounter, place: (offset: number) => Where): Node {
  let documents: readonly Tree[];
  try {
    // `failsafe` leaves every scalar a string. Pretty errors quote the text, which holds keys.
    documents = parseAllDocuments(text, {
      schema: 'failsafe',
      lineCounter: lines,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    }) as readonly Tree[];
  } catch (error) {
    // The parser recurses: brackets without end exhaust its stack.
    const cause = error instanceof RangeError ? 'nested too deeply' : 'cannot be read as YAML';
    throw failure('kubeconfig/yaml', `yaml: ${cause}`, place(0));
  }
  const [first, ...rest] = documents;
  const error = documents.flatMap((document) => document.errors)[0];
  if (error) throw failure('kubeconfig/yaml', `yaml: ${describe(error)}`, place(error.pos[0]));
  // kubectl reads the first document and forgets the others; a rewrite would lose them.
  const second = rest.find((document) => !isEmpty(document.contents));
  if (second?.contents) {
    const offset = second.contents.range[0];
    throw failure(
      'kubeconfig/yaml',
      'a kubeconfig is one YAML document, and here a second one starts',
      place(offset),
    );
  }
  return first?.contents ?? null;
}

function isEmpty(node: Node): boolean {
  return node === null || (isScalar(node) && node.source === '' && node.type === 'PLAIN');
}

/** The package's own messages quote the text. */
function describe(error: YAMLError): string {
  const words = error.code.toLowerCase().replaceAll('_', ' ');
  return SYNTAX[error.code] ?? words;
}

const SYNTAX: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'an anchor or alias has no proper name',
  BAD_DIRECTIVE: 'a directive is not understood',
  BAD_DQ_ESCAPE: 'unknown escape in a double-quoted string',
  BAD_INDENT: 'a line is not indented as its neighbours are',
  BAD_SCALAR_START: 'found character that cannot start any token',
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  BLOCK_IN_FLOW: 'a block collection stands inside brackets',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'a bracket, quote, colon or space is missing',
  MULTILINE_IMPLICIT_KEY: 'a key spans several lines',
  TAB_AS_INDENT: 'found a tab where indentation needs spaces',
  UNEXPECTED_TOKEN: 'found text where none is expected',
};

class Reader {
  readonly #place: (offset: number) => Where;
  readonly #anchors = new Map<string, ParsedNode>();
  #inAlias = false;
  #aliased = 0;

  constructor(place: (offset: number) => Where) {
    this.#place = place;
  }

  read(node: Node, depth: number): Json {
    if (node === null) return null;
    if (depth > MAX_DEPTH) this.#fail(node, `more than ${MAX_DEPTH} levels deep`);
    if (this.#inAlias && ++this.#aliased > MAX_ALIASED_NODES) {
      this.#fail(node, `aliases repeat more than ${MAX_ALIASED_NODES} values`);
    }
    if (isAlias(node)) return this.#alias(node, depth);
    const value = this.#value(node, depth);
    // Registered after its content: an alias to what it stands in finds nothing, as in Go.
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    return value;
  }

  #value(node: ParsedNode, depth: number): Json {
    if (isScalar(node)) return scalarValue(node);
    if (isSeq(node)) return node.items.map((item) => this.read(item, depth + 1));
    return isMap(node) ? this.#map(node, depth) : null;
  }

  #map(node: ParsedNode, depth: number): JsonMap {
    const map = new Map<string, Json>();
    const merged: Json[] = [];
    for (const { key, value } of isMap(node) ? node.items : []) {
      const name = this.#key(key, node, depth);
      if (name === '<<' && isScalar(key) && key.type === 'PLAIN') merged.push(this.read(value, depth + 1));
      else map.set(name, this.read(value, depth + 1));
    }
    for (const source of merged.flat()) {
      if (!isJsonMap(source))
        throw failure(
          'kubeconfig/yaml',
          'yaml: map merge requires map or sequence of maps as the value',
          this.#place(node.range[0]),
        );
      for (const [name, value] of source) if (!map.has(name)) map.set(name, value);
    }
    return map;
  }

  #key(node: Node, parent: ParsedNode, depth: number): string {
    const key = this.read(node, depth + 1);
    if (typeof key === 'string') return key;
    if (key === null || typeof key === 'object') {
      throw failure('kubeconfig/yaml', 'yaml: a key is not a string', this.#place((node ?? parent).range[0]));
    }
    return isScalar(node) ? String(node.source) : String(key);
  }

  #alias(node: ParsedNode & { source: string }, depth: number): Json {
    const target = this.#anchors.get(node.source);
    if (target === undefined) {
      throw failure(
        'kubeconfig/yaml',
        `yaml: unknown anchor '${node.source}' referenced`,
        this.#place(node.range[0]),
      );
    }
    const outer = this.#inAlias;
    this.#inAlias = true;
    const value = this.#value(target, depth);
    this.#inAlias = outer;
    return value;
  }

  #fail(node: ParsedNode, message: string): never {
    throw failure('kubeconfig/too-large', message, this.#place(node.range[0]));
  }
}

const STRING_TAGS = new Set(['tag:yaml.org,2002:str', 'tag:yaml.org,2002:binary', '!']);

function scalarValue(node: ParsedNode): Json {
  if (!isScalar(node)) return null;
  const text = String(node.value);
  const quoted = node.type !== 'PLAIN' || (node.tag !== undefined && STRING_TAGS.has(node.tag));
  if (quoted) return text;
  const plain = resolvePlain(text);
  return plain === undefined ? text : plain;
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
