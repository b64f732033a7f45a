/**
 * Append-only files of lines. A line counts once its line feed is there: what follows the last one was
 * cut off by a kill or a full disk, is not read, and is cut away before the next line is written.
 */
import { storeError } from '../errors.ts';
import { errno } from './failures.ts';
import {
  type FsOps,
  O_APPEND,
  O_CREAT,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  type OpenFile,
} from './fs-ops.ts';
import { OWN_FILE_MODE } from './layout.ts';
import { syncDirectory } from './directories.ts';

/** 1,000 bytes a file for the most files a store may hold, less a margin; a string holds 512 MiB. */
const LIMIT = 256 << 20;

const LINE_FEED = 0x0a;

export interface Lines {
  readonly lines: string[];
  /** Bytes up to and including the last line feed. */
  readonly whole: number;
}

/** The whole lines of a file; none where there is no file. */
export function readLines(ops: FsOps, path: string): Lines {
  const bytes = readBounded(ops, path);
  const whole = bytes.lastIndexOf(LINE_FEED) + 1;
  if (whole === 0) return { lines: [], whole };
  return { lines: bytes.toString('utf8', 0, whole - 1).split('\n'), whole };
}

function readBounded(ops: FsOps, path: string): Buffer {
  let file: OpenFile;
  try {
    file = ops.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (errno(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
  try {
    const { size } = ops.fstat(file);
    if (size <= LIMIT) return ops.read(file, size);
    throw storeError({
      code: 'stores/too-large',
      message: `the file is larger than ${LIMIT} bytes`,
      file: path,
      hint: 'move it away and keep it; kubetls begins a new one',
    });
  } finally {
    ops.close(file);
  }
}

/** An open file that grows. */
export interface Appender {
  /** Durable when it returns, if `sync`; else with the next one that is. */
  append(lines: readonly string[], sync: boolean): Promise<void>;
  close(): void;
}

/** Opens, creates if missing, and cuts off what follows byte `whole`: the last line feed, when left out. */
export async function openAppender(ops: FsOps, path: string, whole?: number): Promise<Appender> {
  const existed = ops.lstat(path);
  const file = ops.open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, OWN_FILE_MODE);
  try {
    const { size } = ops.fstat(file);
    const keep = whole ?? wholeBytes(ops, file, size);
    if (size > keep) ops.truncate(file, keep);
    if (!existed) await syncDirectory(ops, path.slice(0, path.lastIndexOf('/')));
  } catch (error) {
    ops.close(file);
    throw error;
  }
  return {
    append: async (lines, sync) => {
      if (lines.length > 0) ops.write(file, Buffer.from(`${lines.join('\n')}\n`));
      if (sync) await ops.fsync(file);
    },
    close: () => ops.close(file),
  };
}

const BLOCK = 1 << 16;

/** Bytes up to and including the last line feed, looked for from the end. */
function wholeBytes(ops: FsOps, file: OpenFile, size: number): number {
  for (let end = size; end > 0; end = Math.max(0, end - BLOCK)) {
    const start = Math.max(0, end - BLOCK);
    const at = ops.read(file, end - start, start).lastIndexOf(LINE_FEED);
    if (at !== -1) return start + at + 1;
  }
  return 0;
}
