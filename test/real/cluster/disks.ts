// The disks of the nodes, and how files of the state come onto them.
import { chmod, copyFile, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ClusterTree } from '../cluster-tree.ts';

export interface Disks {
  /** What is a node's `/`. */
  of: (node: string) => string;
  /** Where a program of the node finds a file of the state. */
  at: (file: string) => string;
}

export function disksIn(directory: string, tree: ClusterTree): Disks {
  return {
    of: (node) => path.join(directory, 'nodes', node),
    at: (file) => (file.startsWith('nodes/') ? path.join(directory, file) : tree.at(file)),
  };
}

/**
 * Each file that differs, as an administrator's tool would: written beside, renamed into place, keys before
 * their certificates. Returns what was replaced or new, as paths of the state.
 */
export async function deploy(tree: ClusterTree, disks: Disks): Promise<string[]> {
  const all = await readdir(path.join(tree.state, 'nodes'), { recursive: true, withFileTypes: true });
  const files = all
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(tree.state, path.join(entry.parentPath, entry.name)));
  const changed: string[] = [];
  for (const file of files.sort().sort(keysFirst)) {
    const [from, to] = [tree.at(file), disks.at(file)];
    const [wanted, found] = [await readFile(from), await readFile(to).catch(() => undefined)];
    if (found?.equals(wanted)) continue;
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(from, `${to}.new`);
    await chmod(`${to}.new`, (await stat(from)).mode & 0o777);
    await rename(`${to}.new`, to);
    changed.push(file);
  }
  return changed;
}

const keysFirst = (one: string, other: string): number => Number(isKey(other)) - Number(isKey(one));
const isKey = (file: string): boolean => file.endsWith('.key');
