/**
 * The YAML that kubectl, kubeadm and kubetls itself write: block maps and lists, a plain scalar or a key a
 * line. It is read in a twentieth of the time that any YAML takes, which the kubeconfigs of 5,000 nodes feel.
 * What is of any other form is for the whole reader, and a test holds that both see the same.
 */
import type { Json, JsonMap } from './json.ts';
import { resolvePlain } from './plain-scalar.ts';

/** With the eight tokens that a line may have, within the whole reader's bound. */
const MAX_LINES = 30_000;
/** Far below the whole reader's bound. A kubeconfig has 7 levels. */
const MAX_DEPTH = 20;

/** Indentation, dash, key, value. Nothing here needs quotes, and no value may be taken for a key. */
const LINE = /^( *)(- )?(?:([A-Za-z][\w./-]{0,100}):(?: (?=.)|$))?(\{\}|""|[\w./+][\w./+=:@,~-]*(?<!:))?$/;

interface Line {
  readonly indent: number;
  readonly dash: boolean;
  readonly key: string | undefined;
  readonly value: Json | undefined;
}

/** `undefined` when the text has another form. */
export function readSimpleYaml(text: string): JsonMap | undefined {
  if (!text.endsWith('\n')) return undefined;
  const lines: Line[] = [];
  for (let from = 0, to = 0; from < text.length; from = to + 1) {
    to = text.indexOf('\n', from);
    const line = lines.length < MAX_LINES ? readLine(text.slice(from, to)) : undefined;
    if (line === undefined) return undefined;
    lines.push(line);
  }
  const block = new Block(lines);
  const map = block.map(0, 0);
  return block.atEnd ? map : undefined;
}

function readLine(text: string): Line | undefined {
  const [, spaces = '', dash, key, value] = LINE.exec(text) ?? [];
  if (key === undefined && value === undefined) return undefined;
  // Go makes a key of `yes`, and refuses one of `null`.
  if (key !== undefined && resolvePlain(key) !== undefined) return undefined;
  return {
    indent: spaces.length,
    dash: dash !== undefined,
    key,
    value: value === undefined ? undefined : scalar(value),
  };
}

function scalar(text: string): Json {
  if (text === '{}') return new Map();
  if (text === '""') return '';
  const resolved = resolvePlain(text);
  return resolved === undefined ? text : resolved;
}

/** Each method reads what stands at its indentation, and stops before the first line that it cannot take. */
class Block {
  readonly #lines: readonly Line[];
  #at = 0;

  constructor(lines: readonly Line[]) {
    this.#lines = lines;
  }

  get atEnd(): boolean {
    return this.#at === this.#lines.length;
  }

  map(indent: number, depth: number): JsonMap {
    const map = new Map<string, Json>();
    for (let line = this.#next(indent, false); line?.key !== undefined; line = this.#next(indent, false)) {
      this.#at++;
      map.set(line.key, line.value === undefined ? this.#child(indent, depth + 1) : line.value);
    }
    return map;
  }

  /** Below a key: deeper, or a list at its own indentation. */
  #child(indent: number, depth: number): Json {
    const line = this.#lines[this.#at];
    if (line === undefined || depth > MAX_DEPTH) return null;
    if (line.dash && line.indent >= indent) return this.#list(line.indent, depth);
    return line.indent > indent ? this.map(line.indent, depth) : null;
  }

  #list(indent: number, depth: number): Json {
    const list: Json[] = [];
    for (let line = this.#next(indent, true); line !== undefined; line = this.#next(indent, true)) {
      list.push(line.key === undefined ? this.#leaf(line) : this.#inner(line, depth + 1));
    }
    return list;
  }

  #leaf(line: Line): Json {
    this.#at++;
    return line.value ?? null;
  }

  /** A map whose first key stands behind the dash. */
  #inner({ key, value, indent }: Line, depth: number): JsonMap {
    this.#at++;
    const within = indent + 2;
    const first = value === undefined ? this.#child(within, depth + 1) : value;
    return new Map([[key ?? '', first], ...this.map(within, depth)]);
  }

  #next(indent: number, dash: boolean): Line | undefined {
    const line = this.#lines[this.#at];
    return line?.indent === indent && line.dash === dash ? line : undefined;
  }
}
