/**
 * YAML text to plain values, with the line and column of each of them.
 *
 * Every scalar is text (YAML's failsafe schema): `kubernetes: 1.30` must not become the number 1.3, nor a
 * node named `no` the value false. An empty value counts as absent. Duplicate keys are found here,
 * since the library compares each key with all others.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Scalar, type Pair, type ParsedNode } from 'yaml';
import { composeYaml, readSimpleYaml, type SimpleForm, type YamlProblem } from '../../yaml/index.ts';
import type { Path, Problem } from './problems.ts';

/** Four times what ten thousand nodes need. */
export const LARGEST = 4 * 1024 * 1024;
/** Ten thousand nodes take 340,000 on a line each, and 410,000 with a line for each value (measured). */
const TOKENS = 600_000;
/** The schema is five deep. */
const DEEPEST = 32;
/** The place of each problem is looked for among all keys beside it. As many as there are of unknown keys. */
const REPORTED = 20;
/** Of all nodes that aliases stand for together: an alias bomb is refused. */
const ALIASED = 100_000;

export type Plain = string | undefined | Plain[] | { [key: string]: Plain };

interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Yaml {
  readonly value: Plain;
  readonly problems: readonly Problem[];
  /** Where the value (or its key) stands; the innermost value that is there when it is not. */
  locate(path: Path, atKey: boolean): Place;
  /** A syntax error, which has no path, or a text that would cost too much. */
  readonly refused: Refused | undefined;
}

export function readYaml(text: string): Yaml {
  const value = readSimpleYaml(text, SIMPLE);
  if (value === undefined) return readWhole(text);
  let whole: Yaml | undefined;
  const locate: Yaml['locate'] = (...wanted) => (whole ??= readWhole(text)).locate(...wanted);
  return { value, problems: [], refused: undefined, locate };
}

/** Most files, without what only a problem needs: the place of each value. */
const SIMPLE: SimpleForm<Plain> = {
  scalar: (text, quoted) => (text === '' && !quoted ? undefined : text),
  list: (items) => items,
  map: (entries) => Object.fromEntries(entries),
};

function readWhole(text: string): Yaml {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const contents = onlyDocument(text, lines);
  if (contents instanceof Refused) {
    const at = place(contents.offset);
    return { value: undefined, problems: [], refused: contents, locate: () => at };
  }
  const reader = new Reader();
  const value = reader.plain(contents, []);
  return {
    value,
    problems: reader.problems,
    refused: undefined,
    locate: (path, atKey) => place(reader.offsetOf(contents, path, atKey)),
  };
}

class Refused extends Error {
  readonly offset: number;
  readonly isTooLarge: boolean;

  constructor({ code, message, offset }: YamlProblem) {
    super(message);
    this.offset = offset;
    this.isTooLarge = code === 'TOO_MANY_TOKENS';
  }
}

function onlyDocument(text: string, lines: LineCounter): ParsedNode | null | Refused {
  // What follows from a first syntax error is guesswork. A warning is of a tag that is not known: `!!int`.
  const refuse = (problem: YamlProblem): never => {
    throw new Refused(problem);
  };
  const bounds = { tokens: TOKENS, depth: DEEPEST, refuse, knownOnly: true };
  try {
    const [first, second] = composeYaml(text, lines, bounds, { resolveKnownTags: false });
    if (second) {
      const message = 'a second document starts here; one file describes one cluster';
      return new Refused({ code: 'MULTIPLE_DOCS', message, offset: second.range[0] });
    }
    return first?.contents ?? null;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

/** One walk over the tree, in the order of the text, so that an alias can only mean what stands before it. */
class Reader {
  readonly problems: Problem[] = [];
  readonly #anchors = new Map<
    string,
    { readonly node: ParsedNode; readonly value: Plain; readonly size: number }
  >();
  readonly #targets = new Map<ParsedNode, ParsedNode>();
  #aliased = 0;
  #size = 0;

  plain(node: ParsedNode | null, path: Path): Plain {
    if (node === null) return undefined;
    if (isAlias(node)) return this.#alias(node, path);
    const before = this.#size++;
    const value = this.#value(node, path);
    if (node.anchor) this.#anchors.set(node.anchor, { node, value, size: this.#size - before });
    return value;
  }

  #value(node: ParsedNode, path: Path): Plain {
    if (isSeq(node)) return node.items.map((item, i) => this.plain(item, [...path, i]));
    if (isMap(node)) return this.#map(node.items, path);
    if (!isScalar(node)) return undefined;
    const quoted = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE';
    const text = scalarText(node);
    return text === '' && !quoted ? undefined : text;
  }

  #map(pairs: readonly Pair<ParsedNode, ParsedNode | null>[], path: Path): Plain {
    const found = new Map<string, Plain>();
    for (const { key, value } of pairs) {
      const name = keyText(key);
      if (found.has(name)) {
        const message = `"${name}" stands here a second time`;
        this.#report({ code: 'cluster/spec-duplicate-key', path: [...path, name], message, atKey: true });
      }
      found.set(name, this.plain(value, [...path, name]));
    }
    // Defines properties, so that a key named `__proto__` is one like any other.
    return Object.fromEntries(found);
  }

  #alias(node: ParsedNode & { source: string }, path: Path): Plain {
    const target = this.#anchors.get(node.source);
    this.#aliased += target?.size ?? 0;
    if (!target || this.#aliased > ALIASED) {
      const message = target ? 'aliases stand for too much' : `there is no &${node.source} before this alias`;
      this.#report({ code: 'cluster/spec-yaml', path, message });
      return undefined;
    }
    this.#size += target.size;
    this.#targets.set(node, target.node);
    return target.value;
  }

  #report(problem: Problem): void {
    if (this.problems.length < REPORTED) this.problems.push(problem);
  }

  offsetOf(root: ParsedNode | null, path: Path, atKey: boolean): number {
    let node = root;
    for (const [i, step] of path.entries()) {
      const here: ParsedNode | null = node && (this.#targets.get(node) ?? node);
      const pair = isMap(here) ? here.items.findLast(({ key }) => keyText(key) === step) : undefined;
      const next = isSeq(here) && typeof step === 'number' ? here.items[step] : pair?.value;
      if (pair && (!next || (atKey && i === path.length - 1))) return pair.key.range[0];
      if (!next) return here?.range[0] ?? 0;
      node = next;
    }
    return node?.range[0] ?? 0;
  }
}

function keyText(key: ParsedNode): string {
  return isScalar(key) ? scalarText(key) : '?';
}

/** The failsafe schema makes every scalar text; an empty one may be null. */
function scalarText({ value }: Scalar): string {
  return typeof value === 'string' ? value : '';
}
