/** Symbolic links of a tree that may be a copy: an absolute one means the tree's own root, as in a chroot. */
import { posix } from 'node:path';
import type { Stats } from 'node:fs';
import { errno } from '../directory/failures.ts';
import type { FsOps } from '../directory/fs-ops.ts';
import { LIMITS } from './limits.ts';

export interface Root {
  readonly name: string;
  /** Resolved, without a slash at the end: empty for `/`. */
  readonly directory: string;
  readonly ops: FsOps;
  readonly readlink: (path: string) => string;
}

/** Where a link leads, below the root; or why it is not followed. */
export type Followed = { readonly path: string; readonly stat: Stats } | { readonly because: string };

export function follow(root: Root, link: string): Followed {
  let at = link;
  for (let count = 0; count < LIMITS.links; count++) {
    const target = root.readlink(`${root.directory}/${at}`);
    const path = targetOf(root, at, target);
    if (path === undefined) return { because: 'the link leads out of the tree' };
    const stat = root.ops.lstat(`${root.directory}/${path}`);
    if (!stat) return { because: 'the link leads nowhere' };
    if (!stat.isSymbolicLink()) {
      return isInside(root, path) ? { path, stat } : { because: 'the link leads out of the tree' };
    }
    at = path;
  }
  return { because: 'the link leads to itself' };
}

/**
 * The kubelet's links are absolute (client-go util/certificate/certificate_store.go): in a tree that begins
 * further down than the machine's root, what they name stands beside them.
 */
function targetOf({ directory, ops }: Root, link: string, target: string): string | undefined {
  const here = posix.dirname(link);
  if (posix.isAbsolute(target)) {
    const below = posix.normalize(target).slice(1);
    if (ops.lstat(`${directory}/${below}`)) return below;
    const beside = posix.join(here, posix.basename(target));
    return beside === link ? undefined : beside;
  }
  const path = posix.join(here, target);
  return path === '..' || path.startsWith('../') ? undefined : path;
}

/** A directory on the way may itself be a link that leads elsewhere. */
function isInside({ directory, ops }: Root, path: string): boolean {
  try {
    const real = ops.realpath(`${directory}/${path}`);
    return real === directory || real.startsWith(`${directory}/`);
  } catch (error) {
    if (errno(error) === undefined) throw error;
    return false;
  }
}
