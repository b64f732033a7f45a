/** Files of trees by their paths: what settings name, where it stands outside of what is walked of a machine. */
import type { TreeFile } from '../../survey/index.ts';
import { LIMITS } from './limits.ts';
import { rootAt, rooted, type TreeRoot } from './tree-root.ts';
import { readFile, systemFailure } from './read.ts';

/** Each file is read once, by whatever names, and no more of them than a machine can have. */
export class NamedFiles {
  readonly #roots: ReadonlyMap<string, string>;
  readonly #known = new Set<string>();
  #files = 0;
  #bytes = 0;

  constructor(roots: readonly TreeRoot[]) {
    this.#roots = new Map(roots.map(({ name, path }) => [name, path]));
  }

  /** What a walk has read is not read again. */
  add({ root, path, target = path }: TreeFile): void {
    this.#known.add(`${root}:${target}`);
  }

  /** Undefined where there is no such file, or it is known: nothing is said of what cannot be looked at. */
  read(name: string, path: string): TreeFile | undefined {
    const tree = this.#roots.get(name);
    if (tree === undefined || path.length > LIMITS.pathLength || path.includes('\0')) return undefined;
    if (this.#files >= LIMITS.named || this.#bytes > LIMITS.namedBytes) return undefined;
    const root = rooted(name, rootAt(tree));
    try {
      const real = root.ops.realpath(`${root.directory}/${path}`);
      const at = real.slice(root.directory.length + 1);
      const isOurs = real.startsWith(`${root.directory}/`) && !this.#known.has(`${name}:${at}`);
      if (!isOurs || !root.ops.lstat(real)?.isFile()) return undefined;
      const file = readFile(root, path, at);
      this.add(file);
      this.#files++;
      this.#bytes += file.bytes?.length ?? 0;
      return file;
    } catch (error) {
      systemFailure(error);
      return undefined;
    }
  }
}
