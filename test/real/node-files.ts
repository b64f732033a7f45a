// The files below a directory that is to be a node's `/`.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

export interface NodeFile {
  /** As on the node: /etc/kubernetes/pki/ca.crt */
  path: string;
  /** Permission bits, as 0o600. */
  mode: number;
  bytes: Buffer;
}

export interface NodeFiles {
  /** Sorted by path. */
  files: readonly NodeFile[];
  directories: readonly { path: string; mode: number }[];
  get(onNode: string): NodeFile | undefined;
}

export async function nodeFiles(root: string): Promise<NodeFiles> {
  const files: NodeFile[] = [];
  const directories: { path: string; mode: number }[] = [];
  for (const name of (await readdir(root, { recursive: true })).sort()) {
    const onDisk = path.join(root, name);
    const found = await stat(onDisk);
    const entry = { path: path.posix.join('/', name), mode: found.mode & 0o777 };
    if (found.isDirectory()) directories.push(entry);
    else files.push({ ...entry, bytes: await readFile(onDisk) });
  }
  return { files, directories, get: (onNode) => files.find((file) => file.path === onNode) };
}

/** Path, mode and content of every file, to see whether somebody changed one. */
export async function fingerprints(root: string): Promise<string[]> {
  const { files } = await nodeFiles(root);
  return files.map(
    ({ path: file, mode, bytes }) =>
      `${file} ${mode.toString(8)} ${createHash('sha256').update(bytes).digest('hex')}`,
  );
}
