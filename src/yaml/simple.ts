/**
 * The YAML that people and programs write most: block maps and lists, on each line one value, which may be a
 * flow map or list; words without spaces, simple quotes, comments. It is read in a twentieth of the time that
 * any YAML takes, which 5,000 nodes and their kubeconfigs feel. What has any other form is for the whole
 * reader, and a test of each that reads so holds that both see the same.
 */

/** What the caller makes of a text: `scalar('', false)` is a value that is not there. */
export interface SimpleForm<T> {
  readonly scalar: (text: string, quoted: boolean) => T;
  readonly list: (items: T[]) => T;
  readonly map: (entries: Map<string, T>) => T;
}

/** Collections in each other: far below any whole reader's bound. */
const MAX_DEPTH = 10;

/** `undefined` when the text has another form, or is no map. */
export function readSimpleYaml<T>(text: string, form: SimpleForm<T>): T | undefined {
  try {
    return new Block(readLines(text, form), form).whole();
  } catch (error) {
    if (error instanceof OtherForm) return undefined;
    throw error;
  }
}

class OtherForm extends Error {}

interface Line<T> {
  readonly indent: number;
  readonly dash: boolean;
  readonly key: string | undefined;
  readonly value: T | undefined;
}

function readLines<T>(text: string, form: SimpleForm<T>): Line<T>[] {
  const lines: Line<T>[] = [];
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    const cursor = new Cursor(text.slice(from, to));
    if (cursor.take(EMPTY) === undefined) lines.push(readLine(cursor, form));
    from = to + 1;
  }
  return lines;
}

const EMPTY = / *(?:#[ -~\u00a0-\ud7ff]*)?$/y;
/** Behind a value: a comment needs a space before it. */
const REST = /(?: +#[ -~\u00a0-\ud7ff]*| *)$/y;
const INDENT = / */y;
const DASH = /- (?! )/y;
const KEY = /([A-Za-z][\w./-]{0,100}):(?= |$)/y;
const BLANKS = / +(?!#)(?=.)/y;
/** No word that a value may not begin with, nor one that could be taken for a key. */
const WORD = /[\w./+][\w./+=:@~-]*(?<!:)(?=[ ,\]}]|$)/y;
const QUOTED = /"([ !#-[\]-~]*)"|'([ -&(-~]*)'/y;
/** YAML 1.1 makes no text of these. */
const NO_NAME = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

function readLine<T>(cursor: Cursor, form: SimpleForm<T>): Line<T> {
  const indent = cursor.take(INDENT)?.length ?? 0;
  const dash = cursor.take(DASH) !== undefined;
  const key = cursor.name(KEY);
  const hasValue = key === undefined || cursor.take(BLANKS) !== undefined;
  const value = hasValue ? readValue(cursor, form, 0) : undefined;
  cursor.must(REST);
  return { indent, dash, key, value };
}

function readValue<T>(cursor: Cursor, form: SimpleForm<T>, depth: number): T {
  if (depth > MAX_DEPTH) throw new OtherForm();
  if (cursor.take(OPEN_MAP) !== undefined) return flowMap(cursor, form, depth + 1);
  if (cursor.take(OPEN_LIST) !== undefined) return flowList(cursor, form, depth + 1);
  const quoted = cursor.take(QUOTED);
  return quoted === undefined
    ? form.scalar(cursor.must(WORD), false)
    : form.scalar(quoted.slice(1, -1), true);
}

const OPEN_MAP = /\{ */y;
const CLOSE_MAP = / *\}/y;
const OPEN_LIST = /\[ */y;
const CLOSE_LIST = / *\]/y;
const COMMA = / *, */y;
const COLON_KEY = /([A-Za-z][\w./-]{0,100}): +/y;

function flowMap<T>(cursor: Cursor, form: SimpleForm<T>, depth: number): T {
  const map = new Map<string, T>();
  if (cursor.take(CLOSE_MAP) !== undefined) return form.map(map);
  do {
    const key = cursor.name(COLON_KEY);
    if (key === undefined) throw new OtherForm();
    setOnce(map, key, readValue(cursor, form, depth));
  } while (cursor.take(COMMA) !== undefined);
  cursor.must(CLOSE_MAP);
  return form.map(map);
}

function flowList<T>(cursor: Cursor, form: SimpleForm<T>, depth: number): T {
  const list: T[] = [];
  if (cursor.take(CLOSE_LIST) !== undefined) return form.list(list);
  do list.push(readValue(cursor, form, depth));
  while (cursor.take(COMMA) !== undefined);
  cursor.must(CLOSE_LIST);
  return form.list(list);
}

/** What equal keys mean is for the whole reader to say. */
function setOnce<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.has(key)) throw new OtherForm();
  map.set(key, value);
}

/** Within one line. */
class Cursor {
  readonly #line: string;
  #at = 0;

  constructor(line: string) {
    this.#line = line;
  }

  /** `undefined` when the line does not go on so. */
  take(pattern: RegExp): string | undefined {
    const from = this.#at;
    pattern.lastIndex = from;
    if (!pattern.test(this.#line)) return undefined;
    this.#at = pattern.lastIndex;
    return this.#line.slice(from, this.#at);
  }

  must(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found === undefined) throw new OtherForm();
    return found;
  }

  name(pattern: RegExp): string | undefined {
    const name = this.take(pattern)?.replace(/: *$/, '');
    if (name !== undefined && NO_NAME.test(name)) throw new OtherForm();
    return name;
  }
}

/** Each method reads what stands at its indentation, and stops before the first line that it cannot take. */
class Block<T> {
  readonly #lines: readonly Line<T>[];
  readonly #form: SimpleForm<T>;
  #at = 0;

  constructor(lines: readonly Line<T>[], form: SimpleForm<T>) {
    this.#lines = lines;
    this.#form = form;
  }

  whole(): T {
    const map = this.#map(new Map(), 0, 0);
    if (this.#lines.length === 0 || this.#at < this.#lines.length) throw new OtherForm();
    return map;
  }

  #map(map: Map<string, T>, indent: number, depth: number): T {
    for (let line = this.#next(indent, false); line?.key !== undefined; line = this.#next(indent, false)) {
      setOnce(map, line.key, this.#valueOf(line, indent, depth));
    }
    return this.#form.map(map);
  }

  /** On the line of its key, or below: deeper, or a list at the key's own indentation. */
  #valueOf({ value }: Line<T>, indent: number, depth: number): T {
    this.#at++;
    if (value !== undefined) return value;
    if (depth > MAX_DEPTH) throw new OtherForm();
    const line = this.#lines[this.#at];
    if (line?.dash === true && line.indent >= indent) return this.#list(line.indent, depth + 1);
    if (line !== undefined && line.indent > indent) return this.#map(new Map(), line.indent, depth + 1);
    return this.#form.scalar('', false);
  }

  #list(indent: number, depth: number): T {
    const list: T[] = [];
    for (let line = this.#next(indent, true); line !== undefined; line = this.#next(indent, true)) {
      list.push(this.#item(line, indent + 2, depth));
    }
    return this.#form.list(list);
  }

  /** A value, or a map whose first key stands behind the dash. */
  #item(line: Line<T>, indent: number, depth: number): T {
    const value = this.#valueOf(line, indent, depth);
    return line.key === undefined ? value : this.#map(new Map([[line.key, value]]), indent, depth + 1);
  }

  #next(indent: number, dash: boolean): Line<T> | undefined {
    const line = this.#lines[this.#at];
    return line?.indent === indent && line.dash === dash ? line : undefined;
  }
}
