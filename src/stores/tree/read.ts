/** One file of a tree, never opened before it is known to be a regular one, and read only as far as need be. */
import type { Failure } from '../../base/index.ts';
import type { TreeFile } from '../../survey/index.ts';
import { errno, meaningOf } from '../directory/failures.ts';
import { O_NOFOLLOW, O_NONBLOCK, O_RDONLY, type OpenFile } from '../directory/fs-ops.ts';
import type { StoreCode } from '../errors.ts';
import { LIMITS, MAY_BE_LARGE, PROMISING } from './limits.ts';
import type { Root } from './links.ts';

/** `at` is where the file stands, `path` what it is called: they differ behind a link. */
export function readFile(root: Root, path: string, at: string): TreeFile {
  let file: OpenFile | undefined;
  try {
    // O_NONBLOCK covers a FIFO that appears between the listing and now.
    file = root.ops.open(`${root.directory}/${at}`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    return contentOf(root, path, at, file);
  } catch (error) {
    return unread(root, path, systemFailure(error));
  } finally {
    if (file) root.ops.close(file);
  }
}

function contentOf(root: Root, path: string, at: string, file: OpenFile): TreeFile {
  const stat = root.ops.fstat(file);
  if (!stat.isFile()) return notAFile(root, path);
  const met = {
    root: root.name,
    path,
    mode: stat.mode & 0o7777,
    owner: { uid: stat.uid, gid: stat.gid },
    ...(at !== path && { target: at }),
  };
  const head = root.ops.read(file, Math.min(stat.size, LIMITS.headBytes));
  if (!mayHoldMaterial(head)) return { ...met, bytes: undefined };
  const most = MAY_BE_LARGE.test(path) ? LIMITS.largeFileBytes : LIMITS.fileBytes;
  if (stat.size <= most) {
    return { ...met, bytes: stat.size > head.length ? root.ops.read(file, stat.size) : head };
  }
  const telling = PROMISING.test(path) || head.includes('-----BEGIN ');
  return { ...met, bytes: undefined, ...(telling && { failure: tooLarge(stat.size, most) }) };
}

/** Text, UTF-16 with its mark, a DER SEQUENCE, a Java keystore. Everything else is a program, an image, a database. */
function mayHoldMaterial(head: Buffer): boolean {
  return (
    head[0] === 0x30 || /^(fffe|feedfeed|cececece)/.test(head.toString('hex', 0, 4)) || !head.includes(0)
  );
}

export function unread({ name }: Root, path: string, failure: Failure): TreeFile {
  return { root: name, path, mode: 0, owner: undefined, bytes: undefined, failure };
}

/** What is there to be read by nobody. Running programs have sockets everywhere: they are passed over. */
export function notAFile(root: Root, path: string): TreeFile {
  const passedOver = { root: root.name, path, mode: 0, owner: undefined, bytes: undefined };
  return PROMISING.test(path) ? unread(root, path, NOT_A_FILE) : passedOver;
}

const NOT_A_FILE: Failure<StoreCode> = {
  code: 'stores/not-a-file',
  message: 'is a FIFO, a socket or a device, and was not opened',
};

function tooLarge(size: number, most: number): Failure<StoreCode> {
  return { code: 'stores/too-large', message: `has ${size} bytes, of ${most} that are read at most` };
}

/** What the system said. @throws what no system call said */
export function systemFailure(error: unknown): Failure<StoreCode> {
  const code = errno(error);
  if (code === undefined) throw error;
  const meaning = meaningOf(code);
  return { code: meaning?.code ?? 'stores/io', message: `cannot be read: ${meaning?.what ?? code}` };
}
