/**
 * Every file operation of the directory store goes through this one small port, so that a test can count
 * them, kill the store before each one, and let any one fail.
 *
 * The calls are synchronous: one costs some 10 microseconds, the detour over the thread pool three times
 * that. Only fsync waits for the disk, so only fsync goes to the thread pool, where several run at once; and
 * not even that where the disk does not make it wait. A failure carries the path, also where Node has only
 * a descriptor.
 */
import * as fs from 'node:fs';
import { elapsed } from './slices.ts';

export interface OpenFile {
  readonly fd: number;
  readonly path: string;
}

export interface FsOps {
  readonly open: (path: string, flags: number, mode?: number) => OpenFile;
  readonly close: (file: OpenFile) => void;
  /** At most `limit` bytes, from byte `from` (0 when left out). */
  readonly read: (file: OpenFile, limit: number, from?: number) => Buffer;
  /** All of the bytes. */
  readonly write: (file: OpenFile, bytes: Uint8Array) => void;
  readonly fsync: (file: OpenFile) => Promise<void>;
  readonly truncate: (file: OpenFile, length: number) => void;
  readonly fchmod: (file: OpenFile, mode: number) => void;
  readonly fchown: (file: OpenFile, uid: number, gid: number) => void;
  readonly fstat: (file: OpenFile) => fs.Stats;
  readonly lstat: (path: string) => fs.Stats | undefined;
  readonly realpath: (path: string) => string;
  readonly readdir: (path: string) => fs.Dirent[];
  readonly mkdir: (path: string, mode: number) => void;
  readonly chmod: (path: string, mode: number) => void;
  readonly rmdir: (path: string) => void;
  readonly rename: (from: string, to: string) => void;
  readonly link: (from: string, to: string) => void;
  readonly unlink: (path: string) => void;
}

export const { O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

export const nodeFs: FsOps = {
  open: (path, flags, mode) => ({ fd: fs.openSync(path, flags, mode), path }),
  close: ({ fd }) => fs.closeSync(fd),
  read: (file, limit, from = 0) => withPath(file, () => readUpTo(file.fd, limit, from)),
  write: (file, bytes) => withPath(file, () => writeAll(file.fd, bytes)),
  fsync: patientFsync(),
  truncate: (file, length) => withPath(file, () => fs.ftruncateSync(file.fd, length)),
  fchmod: (file, mode) => withPath(file, () => fs.fchmodSync(file.fd, mode)),
  fchown: (file, uid, gid) => withPath(file, () => fs.fchownSync(file.fd, uid, gid)),
  fstat: (file) => withPath(file, () => fs.fstatSync(file.fd)),
  lstat: (path) => fs.lstatSync(path, { throwIfNoEntry: false }),
  realpath: (path) => fs.realpathSync.native(path),
  readdir: (path) => fs.readdirSync(path, { withFileTypes: true }),
  mkdir: (path, mode) => fs.mkdirSync(path, { mode }),
  chmod: fs.chmodSync,
  rmdir: (path) => fs.rmdirSync(path),
  rename: fs.renameSync,
  link: fs.linkSync,
  unlink: fs.unlinkSync,
};

/** A disk that is done within this, in milliseconds, has a cache that outlives power, or is memory. */
const AT_ONCE = 0.1;

/** How many fsyncs go to the thread pool after a slow one, before one is tried in place again. */
const PATIENT = 64;

function patientFsync(): FsOps['fsync'] {
  let patient = 0;
  return (file) => {
    if (patient > 0) {
      patient--;
      return fsyncInPool(file);
    }
    const start = elapsed();
    const done = fsyncInPlace(file);
    if (elapsed() - start > AT_ONCE) patient = PATIENT;
    return done;
  };
}

async function fsyncInPlace(file: OpenFile): Promise<void> {
  withPath(file, () => fs.fsyncSync(file.fd));
}

function fsyncInPool(file: OpenFile): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.fsync(file.fd, (error) => (error ? reject(named(error, file)) : resolve()));
  });
}

function readUpTo(fd: number, limit: number, from: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(limit);
  let length = 0;
  while (length < limit) {
    const count = fs.readSync(fd, bytes, length, limit - length, from + length);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at);
}

function withPath<T>(file: OpenFile, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw named(error, file);
  }
}

function named(error: unknown, { path }: OpenFile): unknown {
  return error instanceof Error ? Object.assign(error, { path }) : error;
}
