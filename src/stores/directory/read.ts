/** Reads a tree of regular files, bounded, without ever opening what is no file. */
import type { Stats } from 'node:fs';
import type { FoundFile } from '../../inventory/index.ts';
import { storeError } from '../errors.ts';
import { FILE_BYTES, TEMPORARY_PREFIX, tooLarge } from '../path.ts';
import { errno } from './failures.ts';
import { type FsOps, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, type OpenFile } from './fs-ops.ts';
import { dirname, LIMITS, type Place } from './layout.ts';
import { slicer } from './slices.ts';
import { tooMuch, walk } from './walk.ts';

/** Every file below `tops`, or the file that one of them is, in order of path (UTF-16 code units). */
export async function readTree(place: Place, tops: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  const slice = slicer();
  let total = 0;
  for (const listed of await filesBelow(place, tops)) {
    const file = readListed(place, listed);
    if (file) {
      found.push(file);
      total += file.bytes.length;
    }
    if (total > LIMITS.totalBytes) throw tooMuch(place.root, `more than ${LIMITS.totalBytes} bytes`);
    await slice();
  }
  return found;
}

interface Listed {
  readonly path: string;
  readonly entry: Pick<Stats, 'isFile' | 'isSymbolicLink'>;
}

/** What may be files, in order of path; temporaries are left out. */
async function filesBelow(place: Place, tops: readonly string[]): Promise<Listed[]> {
  const found: Listed[] = [];
  for (const top of tops) {
    if (!isInside(place, top)) continue;
    const full = `${place.root}/${top}`;
    const stat = place.ops.lstat(full);
    if (!stat?.isDirectory()) {
      if (stat) found.push({ path: top, entry: stat });
      continue;
    }
    await walk(place.ops, full, (directory, entry) => {
      if (entry.name.startsWith(TEMPORARY_PREFIX)) return;
      found.push({ path: `${directory.slice(place.root.length + 1)}/${entry.name}`, entry });
      if (found.length > LIMITS.files) throw tooMuch(place.root, `more than ${LIMITS.files} files`);
    });
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether something can stand at `path`: false when its directory is missing. Refuses one outside the root. */
export function isInside({ ops, root }: Place, path: string): boolean {
  const directory = dirname(`${root}/${path}`);
  let real: string;
  try {
    real = ops.realpath(directory);
  } catch (error) {
    if (errno(error) === 'ENOENT') return false;
    throw error;
  }
  if (real === root || real.startsWith(`${root}/`)) return true;
  throw leadsOut(directory);
}

/** What stands at a path: see readListed. */
export function readOne(place: Place, path: string): FoundFile | undefined {
  const entry = place.ops.lstat(`${place.root}/${path}`);
  return entry && readListed(place, { path, entry });
}

/**
 * A regular file, or a link to one inside the root; undefined when it went away since it was listed. FIFOs,
 * sockets and devices are refused unopened: what stands in the way of a certificate must be seen, not
 * skipped. O_NONBLOCK covers one that appears in between.
 */
function readListed(place: Place, { path, entry }: Listed): FoundFile | undefined {
  const { ops } = place;
  const full = `${place.root}/${path}`;
  const link = entry.isSymbolicLink();
  if (!link && !entry.isFile()) throw notAFile(full);
  const file = opened(ops, link ? linkTarget(place, full) : full);
  if (!file) return undefined;
  try {
    const stat = ops.fstat(file);
    if (!stat.isFile()) throw notAFile(full);
    if (stat.size > FILE_BYTES) throw tooLarge(full);
    return { path, mode: stat.mode & 0o7777, bytes: ops.read(file, stat.size) };
  } finally {
    ops.close(file);
  }
}

function opened(ops: FsOps, path: string): OpenFile | undefined {
  try {
    return ops.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function linkTarget(place: Place, full: string): string {
  let target: string;
  try {
    target = place.ops.realpath(full);
  } catch (cause) {
    throw storeError({
      code: 'stores/link',
      message: 'the link leads nowhere',
      file: full,
      hint: HINT_LINK,
      cause,
    });
  }
  if (target.startsWith(`${place.root}/`)) return target;
  throw leadsOut(full);
}

function leadsOut(file: string): Error {
  return storeError({
    code: 'stores/link',
    message: 'a link leads out of the state directory',
    file,
    hint: HINT_LINK,
  });
}

const HINT_LINK = 'replace the link by the file itself, or remove it';

export function notAFile(file: string): Error {
  return storeError({
    code: 'stores/not-a-file',
    message: 'this is neither a regular file nor a directory',
    file,
    hint: 'remove it, or move it out of the state directory',
  });
}
