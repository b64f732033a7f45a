/**
 * A group on the disk: every temporary written and fsynced; what stands there kept, fsynced; then the renames,
 * set by set; then the fsync of the directories. A set that fails is taken back, and those after it are not begun.
 */
import {
  copyTo,
  eachAtOnce,
  type FsOps,
  removeIfThere,
  removeQuietly,
  syncDirectory,
  writeNew,
} from '../../stores/index.ts';
import { parent, TEMPORARY_PREFIX } from '../paths.ts';
import type { Group, SetSteps, Step } from '../plan-write.ts';

export interface Place {
  readonly ops: FsOps;
  /** Without a slash at the end: empty for `/`. */
  readonly root: string;
}

/** @param backup the directory that is closed to others */
export async function writeGroup(place: Place, group: Group, backup: string): Promise<void> {
  const { ops, root } = place;
  const steps = group.flatMap((set) => set.steps);
  const changed = new Set<string>();
  const keptAs = new Map<Step, string>();
  try {
    await eachAtOnce(steps, async ({ target, put, stood }) => {
      if (!put) return;
      ensure(place, parent(target), 0o755, changed);
      const file = { bytes: put.bytes, mode: put.mode, owner: stood?.owner };
      await writeNew(ops, `${root}/${put.temporary}`, file);
    });
    for (const step of steps) await keep(place, step, backup, keptAs, changed);
    await syncAll(place, changed);
    for (const set of group) await performOrTakeBack(place, set, keptAs, changed);
  } catch (error) {
    for (const { put } of steps) if (put) removeQuietly(ops, `${root}/${put.temporary}`);
    await syncAll(place, changed).catch(() => undefined);
    throw error;
  }
  await syncAll(place, changed);
}

/**
 * A copy, never a second name: kube-apiserver and its like watch the file, not its name. As long as that file goes on
 * living in a backup they are told of one replacement, and of none after it (dynamiccertificates, handleWatchEvent).
 */
async function keep(
  place: Place,
  step: Step,
  closed: string,
  keptAs: Map<Step, string>,
  changed: Set<string>,
): Promise<void> {
  if (step.backup === undefined) return;
  const { ops, root } = place;
  ensure(place, parent(closed), 0o755, changed);
  ensure(place, parent(step.backup), 0o700, changed);
  let name = step.backup;
  for (let n = 2; ops.lstat(`${root}/${name}`) !== undefined; n++) name = `${step.backup}.~${n}~`;
  await copyTo(ops, `${root}/${step.target}`, `${root}/${name}`, `${root}/${name}.tmp`);
  keptAs.set(step, name);
  changed.add(parent(name));
}

async function performOrTakeBack(
  place: Place,
  set: SetSteps,
  keptAs: ReadonlyMap<Step, string>,
  changed: Set<string>,
): Promise<void> {
  const { ops, root } = place;
  const done: Step[] = [];
  try {
    for (const step of set.steps) {
      if (step.put) ops.rename(`${root}/${step.put.temporary}`, `${root}/${step.target}`);
      else ops.unlink(`${root}/${step.target}`);
      done.push(step);
      changed.add(parent(step.target));
    }
  } catch (error) {
    for (const step of done.toReversed()) await takeBack(place, set, step, keptAs);
    throw error;
  }
}

/** A copy of the old file, moved into its place: the backup stays. */
async function takeBack(
  { ops, root }: Place,
  set: SetSteps,
  step: Step,
  keptAs: ReadonlyMap<Step, string>,
): Promise<void> {
  const first = set.steps.find(({ target }) => target === step.target);
  const kept = first && keptAs.get(first);
  try {
    if (kept === undefined) {
      ops.unlink(`${root}/${step.target}`);
      return;
    }
    const again = `${root}/${parent(step.target)}/${TEMPORARY_PREFIX}back`;
    removeIfThere(ops, again);
    await copyTo(ops, `${root}/${kept}`, again, `${again}.tmp`);
    ops.rename(again, `${root}/${step.target}`);
  } catch {
    // The first failure is the one to tell; the backup is there, and the next write of the set goes forward.
  }
}

/** Makes what is missing, with this mode whatever the umask. */
function ensure({ ops, root }: Place, path: string, mode: number, changed: Set<string>): void {
  if (path === '' || ops.lstat(`${root}/${path}`)) return;
  ensure({ ops, root }, parent(path), mode, changed);
  ops.mkdir(`${root}/${path}`, mode);
  ops.chmod(`${root}/${path}`, mode);
  changed.add(parent(path));
}

async function syncAll({ ops, root }: Place, changed: Set<string>): Promise<void> {
  const paths = [...changed];
  changed.clear();
  await eachAtOnce(paths, (path) => syncDirectory(ops, path === '' ? `${root}/` : `${root}/${path}`));
}
