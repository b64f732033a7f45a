import { randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readlinkSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { HOUR } from '../base/index.ts';
import { syncDirectory } from './directory/directories.ts';
import { writeNew } from './directory/files.ts';
import { nodeFs } from './directory/fs-ops.ts';

/** Linux follows as many links in a path (linux/namei.h, MAXSYMLINKS). */
const MOST_LINKS = 40;

/**
 * A single file outside of a state, written whole or not at all: a temporary file beside it, then a rename.
 * What stood there keeps its owner and mode. Links are followed, also to where nothing stands yet, and
 * missing directories are made, as client-go does (clientcmd/loader.go, WriteToFile).
 *
 * @param mode of a file that is new
 */
export async function replaceFile(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const target = followed(resolve(path));
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
  const found = nodeFs.lstat(target);
  // Not by the number of the process: a killed one leaves its draft, and the next may have the same, in a container always.
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}${DRAFT}`);
  try {
    const owner = found && { uid: found.uid, gid: found.gid };
    await writeNew(nodeFs, draft, { bytes, mode: found ? found.mode & 0o7777 : mode, owner });
    nodeFs.rename(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  sweep(dirname(target), `.${basename(target)}.`);
  await syncDirectory(nodeFs, dirname(target));
}

const DRAFT = '.tmp';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Nobody writes for so long. */
const ABANDONED = HOUR;

/** Drafts of the same file that killed runs have left, which may hold a key. What cannot be swept stays: the file is written. */
function sweep(directory: string, prefix: string): void {
  const isDraft = (name: string) =>
    name.startsWith(prefix) && name.endsWith(DRAFT) && UUID.test(name.slice(prefix.length, -DRAFT.length));
  try {
    for (const { name } of nodeFs.readdir(directory).filter((entry) => isDraft(entry.name))) {
      const draft = join(directory, name);
      const found = nodeFs.lstat(draft);
      if (found?.isFile() && found.mtimeMs < Date.now() - ABANDONED) nodeFs.unlink(draft);
    }
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
  }
}

function followed(path: string): string {
  let at = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return at;
    at = resolve(dirname(at), readlinkSync(at));
  }
  throw Object.assign(new Error('too many symbolic links'), { code: 'ELOOP', syscall: 'open', path });
}
