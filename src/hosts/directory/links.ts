/**
 * Links of a tree that is a machine's root, maybe mounted elsewhere: an absolute one means that root, as in a
 * chroot, and none leads above it: `..` of the root is the root.
 */
import { readlinkSync } from 'node:fs';
import { errno, type FsOps } from '../../stores/index.ts';
import { hostError } from '../errors.ts';

/** Linux follows as many in a path (linux/namei.h, MAXSYMLINKS). */
const MOST_LINKS = 40;

/** Where a path leads, relative to the root; what is missing is taken as it is written. */
export function resolved(ops: FsOps, root: string, path: string): string {
  const done: string[] = [];
  const left = path.split('/');
  for (let links = 0; left.length > 0; ) {
    const name = left.shift();
    if (name === undefined || name === '' || name === '.') continue;
    if (name === '..') {
      done.pop();
      continue;
    }
    const at = `${root}/${[...done, name].join('/')}`;
    if (statOf(ops, at)?.isSymbolicLink() !== true) {
      done.push(name);
      continue;
    }
    if (++links > MOST_LINKS)
      throw hostError({ code: 'hosts/path', message: 'too many symbolic links', at: `${root}/${path}` });
    const target = readlinkSync(at);
    if (target.startsWith('/')) done.length = 0;
    left.unshift(...target.split('/'));
  }
  return done.join('/');
}

/** undefined also where a part of the way is a file: nothing stands below it. */
export function statOf(ops: FsOps, full: string) {
  try {
    return ops.lstat(full);
  } catch (error) {
    if (errno(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}
