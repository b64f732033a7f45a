/**
 * YAML text to plain values, with the line and column of each of them.
 *
 * Every scalar is text (YAML's failsafe schema): `kubernetes: 1.30` must not become the number 1.3, nor a
 * node named `no` the value false. An empty value counts as absent. Depth is bounded on the flat list of
 * tokens, before the library's recursive composer sees them: near the end of the stack V8 cannot compile
 * the composer's regular expressions and aborts the process. Duplicate keys are found here, since the
 * library compares each key with all others.
 */
import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  type Scalar,
  type Pair,
  type ParsedNode,
} from 'yaml';
import type { Path, Problem } from './problems.ts';

/** Four times what ten thousand nodes need. */
export const LARGEST = 4 * 1024 * 1024;
/** The schema is five deep. */
const DEEPEST = 32;
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
  /** Place of a syntax error, which has no path. */
  readonly syntax: readonly { readonly message: string; readonly place: Place }[];
}

export function readYaml(text: string): Yaml {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refused = (message: string, offset: number): Yaml => ({
    value: undefined,
    problems: [],
    syntax: [{ message, place: place(offset) }],
    locate: () => place(offset),
  });
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tokens.map(tooDeep).find((offset) => offset !== undefined);
  if (deep !== undefined) return refused(`values are nested more than ${DEEPEST} deep`, deep);
  const documents = [...new Composer(OPTIONS).compose(tokens, true, text.length)];
  const [document, second] = documents;
  if (second)
    return refused('a second document starts here; one file describes one cluster', second.range[0]);
  // What follows from a first syntax error is guesswork. A warning is of a tag that is not known: `!!int`.
  const error = document?.errors[0] ?? document?.warnings[0];
  if (error) return refused(error.message, error.pos[0]);
  const reader = new Reader();
  const value = reader.plain(document?.contents ?? null, []);
  return {
    value,
    problems: reader.problems,
    syntax: [],
    locate: (path, atKey) => place(reader.offsetOf(document?.contents ?? null, path, atKey)),
  };
}

const OPTIONS = {
  schema: 'failsafe',
  resolveKnownTags: false,
  uniqueKeys: false,
  prettyErrors: false,
} as const;

/** Offset of the first value found beyond the depth that is allowed. */
function tooDeep(token: CST.Token): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [{ token, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.depth > DEEPEST) return next.token.offset;
    for (const inner of innerTokens(next.token)) open.push({ token: inner, depth: next.depth + 1 });
  }
  return undefined;
}

function innerTokens(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value ? [token.value] : [];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) =>
    [key, value].filter((part) => part !== null && part !== undefined),
  );
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
        this.problems.push({
          code: 'cluster/spec-duplicate-key',
          path: [...path, name],
          message,
          atKey: true,
        });
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
      this.problems.push({ code: 'cluster/spec-yaml', path, message });
      return undefined;
    }
    this.#size += target.size;
    this.#targets.set(node, target.node);
    return target.value;
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
