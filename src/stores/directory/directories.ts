/** Directories: made with their modes, made durable, and never reached through a link. */
import { storeError } from '../errors.ts';
import { type FsOps, O_RDONLY } from './fs-ops.ts';
import { dirname } from './layout.ts';
import { eachAtOnce } from './slices.ts';

export async function syncDirectory(ops: FsOps, path: string): Promise<void> {
  const file = ops.open(path, O_RDONLY);
  try {
    await ops.fsync(file);
  } finally {
    ops.close(file);
  }
}

/** The directories that one commit or recovery meets: each is looked at once. */
export interface Directories {
  /** Whether `path` below `base` is there, a real directory, and link-free from `base` on. */
  has(base: string, path: string): boolean;
  /** Makes it, and what is missing on the way. */
  ensure(base: string, path: string, mode: number): void;
  markChanged(path: string): void;
  /** Makes every change of entries since the last call durable. */
  sync(): Promise<void>;
  /** Takes back what was made and is still empty. */
  removeMade(): void;
}

export function directories(ops: FsOps): Directories {
  const known = new Set<string>();
  const missing = new Set<string>();
  const made: string[] = [];
  let changed = new Set<string>();

  function has(base: string, path: string): boolean {
    const full = join(base, path);
    if (known.has(full)) return true;
    if (missing.has(full)) return false;
    const isThere = (path === '' || has(base, parent(path))) && isDirectory(ops, full);
    (isThere ? known : missing).add(full);
    return isThere;
  }

  function ensure(base: string, path: string, mode: number): void {
    if (has(base, path)) return;
    if (path !== '') ensure(base, parent(path), mode);
    const full = join(base, path);
    ops.mkdir(full, mode);
    made.push(full);
    // mkdir obeys the umask.
    ops.chmod(full, mode);
    changed.add(dirname(full));
    missing.delete(full);
    known.add(full);
  }

  return {
    has,
    ensure,
    markChanged: (path) => changed.add(path),
    sync: async () => {
      const paths = [...changed];
      changed = new Set();
      await eachAtOnce(paths, (path) => syncDirectory(ops, path));
    },
    removeMade: () => {
      for (const path of made.splice(0).reverse()) {
        try {
          ops.rmdir(path);
          known.delete(path);
        } catch {
          // Something stands in it, or the disk is read-only by now: an empty directory harms nobody.
        }
      }
    },
  };
}

function join(base: string, path: string): string {
  return path === '' ? base : `${base}/${path}`;
}

/** Of a relative path; '' is the base. */
export function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function isDirectory(ops: FsOps, path: string): boolean {
  const stat = ops.lstat(path);
  if (stat === undefined || stat.isDirectory()) return stat !== undefined;
  const link = stat.isSymbolicLink();
  throw storeError({
    code: link ? 'stores/link' : 'stores/not-a-file',
    message: link ? 'a directory on the way is a link' : 'something other than a directory is in the way',
    file: path,
    hint: 'put a real directory in its place',
  });
}
