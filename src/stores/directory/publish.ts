/**
 * A staged set, carried out and taken back. Both can be cut off anywhere and begun again: what is done is
 * seen on the disk, by the temporary that is gone and by what stands in its place.
 *
 * Renames of one set follow each other at once, with no fsync between: on the journalling file systems
 * that nodes have (ext4, xfs, btrfs), changes of names reach the disk in their order.
 */
import { sha256 } from '../digest.ts';
import { TEMPORARY_PREFIX } from '../path.ts';
import { type Directories, parent } from './directories.ts';
import { bytesOf, copyTo, keepAs, removeIfThere, standing } from './files.ts';
import type { Put, Step } from './journal-line.ts';
import { dirname, OWN_DIRECTORY_MODE, type Place } from './layout.ts';

/** Keeps what stands where these steps will write; durable when it returns. */
export async function backUp(place: Place, dirs: Directories, steps: Iterable<Step>): Promise<void> {
  const { ops, root, backups } = place;
  for (const { path, backup } of steps) {
    if (backup === undefined) continue;
    dirs.ensure(backups, parent(backup), OWN_DIRECTORY_MODE);
    const to = `${backups}/${backup}`;
    await keepAs(ops, `${root}/${path}`, to, `${dirname(to)}/${TEMPORARY_PREFIX}backup`);
    dirs.markChanged(dirname(to));
  }
  await dirs.sync();
}

export function perform({ ops, root }: Place, dirs: Directories, steps: readonly Step[]): void {
  for (const { path, put } of steps) {
    const full = `${root}/${path}`;
    const directory = dirname(full);
    dirs.markChanged(directory);
    if (put) ops.rename(`${directory}/${put.temporary}`, full);
    else removeIfThere(ops, full);
  }
}

/**
 * The first file of a set that is neither what stood there nor what is to stand there: somebody changed it
 * after the set was cut off, with the rest of the set as it stands before their eyes. Going forward would
 * destroy their work, and going back would pair it with files that they did not see; so nothing of such a
 * set is touched.
 */
export function changedByOthers(
  { ops, root }: Place,
  dirs: Directories,
  steps: readonly Step[],
): string | undefined {
  const ours = new Map<string, (string | undefined)[]>();
  for (const { path, put, stood } of steps) ours.set(path, [...(ours.get(path) ?? [stood]), put?.sha256]);
  for (const [path, digests] of ours) {
    if (!dirs.has(root, parent(path))) continue;
    const full = `${root}/${path}`;
    const stat = ops.lstat(full);
    if (stat && !stat.isFile()) return path;
    const found = stat && bytesOf(ops, full);
    if (found && !digests.includes(sha256(found))) return path;
  }
  return undefined;
}

/** Carries on from where a set was cut off. False when a temporary is lost, so that it cannot be. */
export async function resume(place: Place, dirs: Directories, steps: readonly Step[]): Promise<boolean> {
  const state = steps.map((step) => stateOf(place, dirs, step));
  const done = state.lastIndexOf('done') + 1;
  if (state.includes('lost', done)) return false;
  const left = steps.slice(done);
  await backUp(place, dirs, left);
  perform(place, dirs, left);
  return true;
}

/** `done` and `lost` are of a put alone: whether a removal was done does not matter, it can be done again. */
function stateOf({ ops, root }: Place, dirs: Directories, step: Step): 'done' | 'ready' | 'lost' {
  const { path, put } = step;
  if (!put) return 'ready';
  if (!dirs.has(root, parent(path))) return 'lost';
  const full = `${root}/${path}`;
  const temporary = bytesOf(ops, `${dirname(full)}/${put.temporary}`);
  if (temporary) return sha256(temporary) === put.sha256 ? 'ready' : 'lost';
  return isOurs(ops, full, put, step.stood) ? 'done' : 'lost';
}

/** By its bytes, whatever mode somebody gave it since; by its mode where that is all that changes. */
function isOurs(ops: Place['ops'], full: string, put: Put, stood: string | undefined): boolean {
  const stat = standing(ops, full);
  if (!stat || (stood === put.sha256 && (stat.mode & 0o7777) !== put.mode)) return false;
  const bytes = bytesOf(ops, full);
  return bytes !== undefined && sha256(bytes) === put.sha256;
}

/**
 * Takes a set back, from wherever it is. What it put there goes, last first; then what stood there comes
 * back, in the order in which the new would have come: again no state in between is torn. A set of one
 * file is put back by one rename. The caller syncs the directories.
 */
export async function undo(place: Place, dirs: Directories, steps: readonly Step[]): Promise<void> {
  const { ops, root, backups } = place;
  const reachable = steps.filter(({ path }) => dirs.has(root, parent(path)));
  const ours = reachable.filter((step) => stateOf(place, dirs, step) === 'done');
  if (steps.length > 1) for (const { path } of ours.toReversed()) removeIfThere(ops, `${root}/${path}`);
  for (const { path, backup } of restoreOrder(reachable)) {
    const full = `${root}/${path}`;
    const replaced = steps.length === 1 && ours.length === 1;
    if (backup !== undefined && (replaced || !ops.lstat(full))) {
      await copyTo(ops, `${backups}/${backup}`, full, `${dirname(full)}/${TEMPORARY_PREFIX}undo`);
    } else if (replaced) removeIfThere(ops, full);
    dirs.markChanged(dirname(full));
  }
  for (const { path, put } of reachable) {
    if (put) removeIfThere(ops, `${dirname(`${root}/${path}`)}/${put.temporary}`);
  }
}

/** Each path once with its backup: what was put in the order of the puts, then what was only removed, last first. */
function restoreOrder(steps: readonly Step[]): { path: string; backup: string | undefined }[] {
  const backups = new Map(
    steps.flatMap(({ path, backup }) => (backup === undefined ? [] : [[path, backup] as const])),
  );
  const put = steps.filter((step) => step.put).map(({ path }) => path);
  const removed = steps.filter(({ path }) => !put.includes(path)).map(({ path }) => path);
  return [...put, ...removed.toReversed()].map((path) => ({ path, backup: backups.get(path) }));
}
