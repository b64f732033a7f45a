/** Single files of a store: written as temporaries, kept as backups, hashed. */
import type { Stats } from 'node:fs';
import { storeError } from '../errors.ts';
import { FILE_BYTES } from '../path.ts';
import { errno } from './failures.ts';
import {
  type FsOps,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
  type OpenFile,
} from './fs-ops.ts';
import { notAFile } from './read.ts';

export interface NewFile {
  readonly bytes: Uint8Array;
  readonly mode: number;
  /** Who owned what stood there, and keeps it. */
  readonly owner: Owner | undefined;
}

export type Owner = Pick<Stats, 'uid' | 'gid'>;

/** A new file, durable when it returns. Owner and mode come before the content: a key is never readable by more. */
export async function writeNew(ops: FsOps, path: string, { bytes, mode, owner }: NewFile): Promise<void> {
  const file = ops.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode & 0o600);
  try {
    if (owner) keepOwner(ops, file, owner);
    ops.fchmod(file, mode);
    ops.write(file, bytes);
    await ops.fsync(file);
  } finally {
    ops.close(file);
  }
}

function keepOwner(ops: FsOps, file: OpenFile, { uid, gid }: Owner): void {
  const made = ops.fstat(file);
  if (made.uid !== uid || made.gid !== gid) ops.fchown(file, uid, gid);
}

/** What stands at a path that is to be written: a regular file or nothing. */
export function standing(ops: FsOps, path: string): Stats | undefined {
  const stat = ops.lstat(path);
  if (stat === undefined || stat.isFile()) return stat;
  if (!stat.isSymbolicLink()) throw notAFile(path);
  throw storeError({
    code: 'stores/link',
    message: 'a link stands where a file is to be written',
    file: path,
    hint: 'replace the link by the file itself, or remove it',
  });
}

/** The bytes of a regular file, cut off past the size that a store reads; undefined when there is none. */
export function bytesOf(ops: FsOps, path: string): Buffer | undefined {
  const stat = standing(ops, path);
  if (!stat) return undefined;
  const file = ops.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    return ops.read(file, Math.min(stat.size, FILE_BYTES));
  } finally {
    ops.close(file);
  }
}

/**
 * Keeps what stands at `from` as `to`, unless that is there already. A second name for the same file costs
 * no space and keeps everything of it; where the system grants none (another device, a file system without
 * hard links, fs.protected_hardlinks), a copy.
 */
export async function keepAs(ops: FsOps, from: string, to: string, temporary: string): Promise<void> {
  try {
    ops.link(from, to);
  } catch (error) {
    const code = errno(error) ?? '';
    if (code === 'EEXIST' || code === 'ENOENT') return;
    if (!NO_LINK.has(code)) throw error;
    await copyTo(ops, from, to, temporary);
  }
}

const NO_LINK = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Copies bytes, mode and owner, whole or not at all. Nothing happens where nothing stands. */
export async function copyTo(ops: FsOps, from: string, to: string, temporary: string): Promise<void> {
  const stat = standing(ops, from);
  if (!stat) return;
  const file = ops.open(from, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  let bytes: Buffer;
  try {
    bytes = ops.read(file, stat.size);
  } finally {
    ops.close(file);
  }
  removeIfThere(ops, temporary);
  await writeNew(ops, temporary, { bytes, mode: stat.mode & 0o7777, owner: stat });
  ops.rename(temporary, to);
}

export function removeIfThere(ops: FsOps, path: string): void {
  try {
    ops.unlink(path);
  } catch (error) {
    if (errno(error) !== 'ENOENT') throw error;
  }
}

/** For a temporary: one that stays is swept away later, and harms nobody. */
export function removeQuietly(ops: FsOps, path: string): void {
  try {
    removeIfThere(ops, path);
  } catch {
    // What made it necessary is the failure to tell.
  }
}
