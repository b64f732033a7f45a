/**
 * The inventory as a value. What was found is one plain map; what was changed since is a persistent map on
 * top of it, so that each of 10,000 steps of a plan costs as much as the files that it changes.
 *
 * Files are hashed and parsed when somebody looks, once, and equal bytes once for all their places.
 */
import { hash } from 'node:crypto';
import { classify } from './classify.ts';
import { PersistentMap } from './persistent-map.ts';
import type { Content, Entry, FileChange, FoundFile, Inventory } from './types.ts';

/** Of two files with one path the later one counts. */
export function readInventory(files: Iterable<FoundFile>): Inventory {
  const parsed: Parsed = new Map();
  const found = new Map<string, Entry>();
  for (const file of files) found.set(file.path, new LazyEntry(file, parsed));
  return new Layered(found, undefined, parsed);
}

/** Content by SHA-256 of its bytes, shared by an inventory and all that is derived from it. */
type Parsed = Map<string, Content>;

class LazyEntry implements Entry {
  readonly path: string;
  readonly mode: number;
  readonly #file: FoundFile;
  readonly #parsed: Parsed;
  #sha256: string | undefined;
  #content: Content | undefined;

  constructor(file: FoundFile & { readonly content?: Content }, parsed: Parsed) {
    this.path = file.path;
    this.mode = file.mode;
    this.#file = file;
    this.#parsed = parsed;
    this.#content = file.content;
  }

  /** Not asked of a changed file before somebody looks: a rehearsal never does. */
  get bytes(): Uint8Array {
    return this.#file.bytes;
  }

  get sha256(): string {
    return (this.#sha256 ??= hash('sha256', this.bytes, 'hex'));
  }

  get content(): Content {
    return (this.#content ??= named(this.#shared(), this.path));
  }

  #shared(): Content {
    let content = this.#parsed.get(this.sha256);
    if (!content) this.#parsed.set(this.sha256, (content = classify(this.bytes)));
    return content;
  }
}

function named(content: Content, file: string): Content {
  if (content.kind !== 'unreadable') return content;
  const { failure } = content;
  return { kind: 'unreadable', failure: { ...failure, where: { ...failure.where, file } } };
}

/** A changed file, or null where one was removed. */
type Changed = PersistentMap<Entry | null>;

class Layered implements Inventory {
  readonly #found: ReadonlyMap<string, Entry>;
  /** Undefined: nothing was. */
  readonly #changed: Changed | undefined;
  readonly #parsed: Parsed;
  #entries: ReadonlyMap<string, Entry> | undefined;

  constructor(found: ReadonlyMap<string, Entry>, changed: Changed | undefined, parsed: Parsed) {
    this.#found = found;
    this.#changed = changed;
    this.#parsed = parsed;
  }

  get(path: string): Entry | undefined {
    const changed = this.#changed?.get(path);
    return changed === undefined ? this.#found.get(path) : (changed ?? undefined);
  }

  withFiles(changes: readonly FileChange[]): Inventory {
    let changed: Changed = this.#changed ?? new PersistentMap();
    for (const change of changes) {
      changed = changed.set(change.path, 'remove' in change ? null : new LazyEntry(change, this.#parsed));
    }
    return new Layered(this.#found, changed, this.#parsed);
  }

  /** Put together when asked for: it is the one thing whose cost is that of all files. In order of path. */
  get entries(): ReadonlyMap<string, Entry> {
    return (this.#entries ??= inOrder(this.#found, this.#changed));
  }
}

function inOrder(
  found: ReadonlyMap<string, Entry>,
  changed: Changed | undefined,
): ReadonlyMap<string, Entry> {
  const all = new Map(found);
  for (const [path, entry] of changed ?? []) {
    if (entry) all.set(path, entry);
    else all.delete(path);
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}
