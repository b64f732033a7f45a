/** A disk of its own that is soon full: a tmpfs, where this machine lets us mount one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmdirSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mount = (directory: string, kib: number): string[] => [
  '-t',
  'tmpfs',
  '-o',
  `size=${kib}k`,
  'tmpfs',
  directory,
];

/** Needs root, and the right to mount, which a container may not have. */
export const mayMount = process.getuid?.() === 0 && mountsTmpfs();

function mountsTmpfs(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-mount-'));
  const mounts = spawnSync('mount', mount(directory, 64)).status === 0;
  if (mounts) unmount(directory);
  rmdirSync(directory);
  return mounts;
}

/** Over a directory that is there, so many KiB. */
export function mountSmall(directory: string, kib: number): void {
  execFileSync('mount', mount(directory, kib));
}

export function remount(directory: string, how: 'ro' | 'rw' | `size=${string}`): void {
  execFileSync('mount', ['-o', `remount,${how}`, directory]);
}

export function unmount(directory: string): void {
  execFileSync('umount', [directory]);
}

/** Leaves so many bytes: room for one file of a set, and not for the next. */
export function fillUp(file: string, room: number): void {
  const page = Buffer.alloc(4096);
  let size = 0;
  try {
    for (; ; size += page.length) appendFileSync(file, page);
  } catch {
    truncateSync(file, size - room);
  }
}
