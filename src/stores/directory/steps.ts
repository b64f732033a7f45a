/**
 * From a set as it was asked for to the steps that it takes on this disk. What stands there already, with
 * these bytes and this mode, takes none; so running twice writes nothing.
 */
import type { Stats } from 'node:fs';
import type { FileChange } from '../../inventory/index.ts';
import { TEMPORARY_PREFIX } from '../path.ts';
import { changedSince } from '../errors.ts';
import type { FileSet } from '../types.ts';
import { type Directories, parent } from './directories.ts';
import { bytesOf, type NewFile, sha256, standing } from './files.ts';
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
  const stood = new Map<string, Stats | undefined>();
  for (const { path } of set.changes) {
    if (!stood.has(path)) {
      stood.set(
        path,
        dirs.has(place.root, parent(path)) ? standing(place.ops, `${place.root}/${path}`) : undefined,
      );
    }
  }
  if (set.seen) refuseChanged(place, set.seen, stood);
  const same = set.changes.filter(isPut).filter((put) => isSame(place, put, stood.get(put.path)));
  const steps: Step[] = [];
  const files: PlannedSet['files'][number][] = [];
  const saved = new Set<string>();
  for (const change of needed(set.changes, new Set(same.map(({ path }) => path)), stood)) {
    const { path } = change;
    const before = stood.get(path);
    const backup = before && !saved.has(path) ? backupName(place, dirs, run, path) : undefined;
    saved.add(path);
    if (!isPut(change)) {
      steps.push({ path, put: undefined, backup });
      continue;
    }
    const { bytes, mode } = change;
    const temporary = names.temporary();
    steps.push({ path, put: { temporary, sha256: sha256(bytes), mode }, backup });
    files.push({ path, temporary, file: { bytes, mode, owner: before } });
  }
  return { set: set.id, steps, files, kept: same.map(({ path, bytes }) => [path, sha256(bytes)]) };
}

function refuseChanged(
  { root, ops }: Place,
  seen: ReadonlyMap<string, string>,
  stood: ReadonlyMap<string, Stats | undefined>,
): void {
  for (const [path, stats] of stood) {
    const found = stats && bytesOf(ops, `${root}/${path}`);
    if ((found && sha256(found)) !== seen.get(path)) throw changedSince(path);
  }
}

function isPut(change: FileChange): change is Put {
  return 'bytes' in change;
}

function isSame({ root, ops }: Place, { path, mode, bytes }: Put, before: Stats | undefined): boolean {
  if (!before || (before.mode & 0o7777) !== mode || before.size !== bytes.length) return false;
  const found = bytesOf(ops, `${root}/${path}`);
  return found !== undefined && Buffer.compare(found, bytes) === 0;
}

/**
 * The changes that change something. A removal that was asked for to make room between others, and that
 * has nothing left between it and its own new content, is left out: one rename does both.
 */
function needed(
  changes: readonly FileChange[],
  same: ReadonlySet<string>,
  stood: ReadonlyMap<string, Stats | undefined>,
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
