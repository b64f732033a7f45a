// Files of a running cluster, on the disks of its nodes and in the state alike.
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FileChange } from '../../../../src/inventory/index.ts';
import type { AuditedTree } from '../../../judges/audited-tree.ts';
import type { RealCluster } from '../real-cluster.ts';

/** What a fault is made from: the PKI as it stands. */
export async function treeOf({ tree }: RealCluster): Promise<AuditedTree> {
  return { cluster: tree.cluster(), inventory: await tree.inventory(), written: await tree.written() };
}

/** Returns what puts back all that was there. */
export async function planted(
  { tree, disks }: RealCluster,
  changes: readonly FileChange[],
): Promise<() => Promise<void>> {
  const places = changes.flatMap((change) =>
    [...new Set([disks.at(change.path), tree.at(change.path)])].map((file) => ({ file, change })),
  );
  const before = await Promise.all(places.map(({ file }) => kept(file)));
  for (const { file, change } of places) await put(file, 'remove' in change ? undefined : change);
  return async () => {
    for (const [i, { file }] of places.entries()) await put(file, before[i]);
  };
}

interface Kept {
  readonly bytes: Uint8Array;
  readonly mode: number;
}

async function kept(file: string): Promise<Kept | undefined> {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes && { bytes, mode: (await stat(file)).mode & 0o777 };
}

/** Whole, as an administrator's tool would. */
async function put(file: string, content: Kept | undefined): Promise<void> {
  if (!content) return rm(file, { force: true });
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.new`, content.bytes);
  await chmod(`${file}.new`, content.mode);
  await rename(`${file}.new`, file);
}
