/** Goes through a tree of directories, bounded in depth, following no link. */
import type { Dirent } from 'node:fs';
import { storeError } from '../errors.ts';
import { errno } from './failures.ts';
import type { FsOps } from './fs-ops.ts';
import { LIMITS } from './layout.ts';
import { slicer } from './slices.ts';

/** Every entry below a directory that is no directory itself. Links are not followed; a missing one is empty. */
export async function walk(
  ops: FsOps,
  base: string,
  visit: (directory: string, entry: Dirent) => void,
): Promise<void> {
  const slice = slicer();
  const pending = [{ path: base, depth: 1 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { path, depth } = next;
    if (depth > LIMITS.depth) throw tooMuch(path, `directories nested deeper than ${LIMITS.depth}`);
    for (const entry of entries(ops, path)) {
      if (entry.isDirectory()) pending.push({ path: `${path}/${entry.name}`, depth: depth + 1 });
      else visit(path, entry);
    }
    await slice();
  }
}

/** Nothing when the directory is missing, also when it went away since its parent was listed. */
function entries(ops: FsOps, path: string): Dirent[] {
  try {
    return ops.readdir(path);
  } catch (error) {
    if (errno(error) === 'ENOENT') return [];
    throw error;
  }
}

export function tooMuch(file: string, what: string): Error {
  return storeError({ code: 'stores/too-many', message: `the state directory holds ${what}`, file });
}
