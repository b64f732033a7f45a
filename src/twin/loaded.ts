import { readFileSync, statSync } from 'node:fs';
import { KubetlsError } from '../base/index.ts';
import type { Reload } from '../cluster/index.ts';
import type { TwinCode } from './types.ts';

/**
 * A value made from one or more files, read again as the component would. Instead of waiting for an event
 * it looks at the files whenever the value is needed: nothing can be seen in between.
 */
export class Loaded<T> {
  readonly #paths: readonly string[];
  readonly #load: (contents: readonly Buffer[]) => T;
  readonly #reload: Reload;
  readonly #onRefused: (reason: string) => void;
  #value: T;
  #contents: readonly Buffer[];
  #stamp: string | undefined;
  #refused: string | undefined;

  /** @throws KubetlsError `twin/material` when the component would not start */
  constructor(
    paths: readonly string[],
    load: (contents: readonly Buffer[]) => T,
    reload: Reload,
    onRefused: (reason: string) => void,
  ) {
    this.#paths = paths;
    this.#load = load;
    this.#reload = reload;
    this.#onRefused = onRefused;
    this.#stamp = stampOf(paths);
    this.#contents = paths.map(read);
    this.#value = load(this.#contents);
  }

  /** @throws KubetlsError `twin/material` under `always`, when what stands there now is no good */
  get(): T {
    if (this.#reload !== 'start') this.#refresh();
    return this.#value;
  }

  #refresh(): void {
    // Taken before the content, so that a change in between is seen the next time.
    const stamp = stampOf(this.#paths);
    if (stamp !== undefined && stamp === this.#stamp) return;
    try {
      const contents = this.#paths.map(read);
      if (!contents.every((content, index) => this.#contents[index]?.equals(content))) {
        this.#value = this.#load(contents);
        this.#contents = contents;
      }
      this.#refused = undefined;
    } catch (error) {
      if (!(error instanceof KubetlsError) || this.#reload === 'always') throw error;
      // Told once, though the files are looked at again and again.
      if (error.message !== this.#refused) this.#onRefused(error.message);
      this.#refused = error.message;
    }
    this.#stamp = stamp;
  }
}

/** Below this age, in milliseconds, a file may change again without a new time stamp (jiffies: 1 to 10 ms). */
const SETTLED = 50;

/** What tells two states of the files apart without reading them; undefined when it cannot tell. */
function stampOf(paths: readonly string[]): string | undefined {
  const stamps: string[] = [];
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (stat === undefined) stamps.push('absent');
    else if (Date.now() - Number(stat.ctimeMs) < SETTLED) return undefined;
    else stamps.push(`${stat.ino}:${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}`);
  }
  return stamps.join();
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const reason = missing ? 'no such file or directory' : String(error);
    throw new KubetlsError<TwinCode>({
      code: 'twin/material',
      message: `open ${path}: ${reason}`,
      where: { file: path },
    });
  }
}
