import { posix } from 'node:path';
import type { StatePath } from '../cluster/index.ts';

/**
 * Paths of the state directory and paths as programs see them. `nodes/<node>` stands for the root of that
 * node; below `users/<user>` paths are taken as they are, since nobody knows where the user keeps them.
 */
export interface Machine {
  /** `nodes/master` */
  readonly root: StatePath;
  /** Where relative paths of a file start: `/etc/kubernetes`, or `users/kube-admin`. */
  readonly directory: string;
}

export function machineOf(file: StatePath): Machine {
  const root = file.split('/', 2).join('/');
  const directory = posix.dirname(asSeen(file));
  return { root, directory };
}

/** As a program on that machine names the file: `/etc/kubernetes/pki/ca.crt`. */
export function asSeen(file: StatePath): string {
  return file.startsWith('nodes/') ? file.replace(/^nodes\/[^/]*/, '') : file;
}

/** Where a path that a program on that machine uses stands in the state; undefined when it is outside. */
export function inState(path: string, machine: Machine): StatePath | undefined {
  const below = posix.isAbsolute(path) ? machine.root + posix.normalize(path) : posix.normalize(path);
  return below.startsWith(`${machine.root}/`) ? below : undefined;
}

/** os.ReadFile of a file that is not there. */
export function notFound(file: StatePath): string {
  return `open ${asSeen(file)}: no such file or directory`;
}
