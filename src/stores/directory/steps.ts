/**
 * From a set as it was asked for to the steps that it takes on this disk. What stands there already, with
 * these bytes and this mode, takes none; so running twice writes nothing.
 */
import type { FileChange } from '../../inventory/index.ts';
import { TEMPORARY_PREFIX } from '../path.ts';
import { sha256 } from '../digest.ts';
import { changedSince } from '../errors.ts';
import type { FileSet } from '../types.ts';
import { type Directories, parent } from './directories.ts';
import { bytesOf, type NewFile, type Owner, standing } from './files.ts';
import type { Step } from './journal-line.ts';
import type { Place } from './layout.ts';

export interface PlannedSet {
  readonly set: string;
  readonly steps: readonly Step[];
  /** The temporaries to write, by their name, which is the same in all of a run. */
  readonly files: readonly { readonly path: string; readonly temporary: string; readonly file: NewFile }[];
  /** Files that stay as they are. */
  readonly kept: readonly (readonly [path: string, sha256: string])[];
}

/** Names that no other file of the run has. */
export interface Names {
  temporary(): string;
}

export function names(run: string): Names {
  let count = 0;
  return { temporary: () => `${TEMPORARY_PREFIX}${run}-${(count++).toString(36)}` };
}

/** What stands at a path before the set. */
interface Stood extends Owner {
  readonly mode: number;
  readonly size: number;
  readonly sha256: string;
}

interface Put {
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

export function planSet(
  place: Place,
  dirs: Directories,
  run: string,
  names: Names,
  set: FileSet,
): PlannedSet {
  const stood = new Map<string, Stood | undefined>();
  for (const { path } of set.changes) {
    if (!stood.has(path)) stood.set(path, stoodAt(place, dirs, path));
  }
  if (set.seen) refuseChanged(set.seen, stood);
  const puts = new Map(set.changes.filter(isPut).map((put) => [put, sha256(put.bytes)]));
  const same = [...puts].filter(([put, digest]) => isSame(put, digest, stood.get(put.path)));
  const steps: Step[] = [];
  const files: PlannedSet['files'][number][] = [];
  const saved = new Set<string>();
  for (const change of needed(set.changes, new Set(same.map(([{ path }]) => path)), stood)) {
    const { path } = change;
    const before = stood.get(path);
    const backup = before && !saved.has(path) ? backupName(place, dirs, run, path) : undefined;
    saved.add(path);
    if (!isPut(change)) {
      steps.push({ path, put: undefined, stood: before?.sha256, backup });
      continue;
    }
    const { bytes, mode } = change;
    const temporary = names.temporary();
    const digest = puts.get(change) ?? sha256(bytes);
    steps.push({ path, put: { temporary, sha256: digest, mode }, stood: before?.sha256, backup });
    files.push({ path, temporary, file: { bytes, mode, owner: before } });
  }
  return { set: set.id, steps, files, kept: same.map(([{ path }, digest]) => [path, digest]) };
}

function stoodAt({ root, ops }: Place, dirs: Directories, path: string): Stood | undefined {
  if (!dirs.has(root, parent(path))) return undefined;
  const full = `${root}/${path}`;
  const stat = standing(ops, full);
  const bytes = stat && bytesOf(ops, full);
  if (!bytes) return undefined;
  const { mode, size, uid, gid } = stat;
  return { mode: mode & 0o7777, size, uid, gid, sha256: sha256(bytes) };
}

function refuseChanged(
  seen: ReadonlyMap<string, string>,
  stood: ReadonlyMap<string, Stood | undefined>,
): void {
  for (const [path, found] of stood) if (found?.sha256 !== seen.get(path)) throw changedSince(path);
}

function isPut(change: FileChange): change is Put {
  return 'bytes' in change;
}

function isSame({ mode, bytes }: Put, digest: string, before: Stood | undefined): boolean {
  return before?.mode === mode && before.size === bytes.length && before.sha256 === digest;
}

/**
 * The changes that change something. A removal that was asked for to make room between others, and that
 * has nothing left between it and its own new content, is left out: one rename does both.
 */
function needed(
  changes: readonly FileChange[],
  same: ReadonlySet<string>,
  stood: ReadonlyMap<string, Stood | undefined>,
): FileChange[] {
  return changes
    .filter((change) => !same.has(change.path) && (isPut(change) || stood.get(change.path) !== undefined))
    .filter((change, index, left) => isPut(change) || left[index + 1]?.path !== change.path);
}

/** `<run>/<path>`, numbered as GNU's `--backup=numbered` does when the run has one of it already. */
function backupName({ ops, backups }: Place, dirs: Directories, run: string, path: string): string {
  const base = `${run}/${path}`;
  if (!dirs.has(backups, parent(base))) return base;
  let name = base;
  for (let n = 2; ops.lstat(`${backups}/${name}`) !== undefined; n++) name = `${base}.~${n}~`;
  return name;
}
