/**
 * Commits sets in groups, so that the fsyncs of journal and directories are shared:
 *
 *   1 write every temporary of the group, fsync each
 *   2 journal: staged, fsync            from here on a kill is followed by going forward
 *   3 back up what stands there, fsync those directories
 *   4 rename, set by set
 *   5 fsync the directories
 *   6 journal: done                     durable with the next group's 2, or by `finish`
 */
import type { Batch, FileSet } from '../types.ts';
import { type Directories, directories, parent } from './directories.ts';
import { removeQuietly, writeNew } from './files.ts';
import type { Line } from './journal-line.ts';
import { dirname, directoryMode } from './layout.ts';
import { backUp, perform, undo } from './publish.ts';
import type { Session } from './session.ts';
import { eachAtOnce, slicer } from './slices.ts';
import { type PlannedSet, planSet } from './steps.ts';

/** Files of a group: enough that its few shared fsyncs are lost among its own, few enough to be seen to move. */
const GROUP_FILES = 256;

interface NumberedSet extends PlannedSet {
  readonly seq: number;
}

export async function commitBatch(
  session: Session,
  batch: Batch,
  progress: ((done: number) => void) | undefined,
): Promise<void> {
  session.namesFor(batch.run);
  let done = 0;
  for (const group of groups(batch.sets)) {
    await commitGroup(session, batch.run, group);
    done += group.length;
    progress?.(done);
  }
}

/** A path is in one group once, so that what stood there is known before any of the group is written. */
function* groups(sets: readonly FileSet[]): Generator<readonly FileSet[]> {
  let group: FileSet[] = [];
  let files = 0;
  const paths = new Set<string>();
  for (const set of sets) {
    if (files >= GROUP_FILES || set.changes.some(({ path }) => paths.has(path))) {
      yield group;
      group = [];
      files = 0;
      paths.clear();
    }
    group.push(set);
    files += set.changes.length;
    for (const { path } of set.changes) paths.add(path);
  }
  if (group.length > 0) yield group;
}

async function commitGroup(session: Session, run: string, group: readonly FileSet[]): Promise<void> {
  const { place, journal } = session;
  const dirs = directories(place.ops);
  const names = session.namesFor(run);
  const slice = slicer();
  const planned: NumberedSet[] = [];
  const kept: (readonly [string, string])[] = [];
  for (const set of group) {
    const plan = planSet(place, dirs, run, names, set);
    kept.push(...plan.kept.filter(([path, sha256]) => journal.written.get(path) !== sha256));
    if (plan.steps.length > 0) planned.push({ ...plan, seq: journal.next + planned.length });
    await slice();
  }
  if (kept.length + planned.length === 0) return;
  await session.begin(run);
  if (kept.length > 0) await session.record([{ event: 'kept', files: kept }], false);
  if (planned.length === 0) return;
  await stage(session, dirs, planned);
  await publish(session, dirs, planned);
}

async function stage(session: Session, dirs: Directories, planned: readonly NumberedSet[]): Promise<void> {
  const { place } = session;
  const files = planned.flatMap((set) => set.files);
  const pathOf = (path: string, temporary: string): string =>
    `${dirname(`${place.root}/${path}`)}/${temporary}`;
  try {
    await eachAtOnce(files, async ({ path, temporary, file }) => {
      dirs.ensure(place.root, parent(path), directoryMode(path));
      await writeNew(place.ops, pathOf(path, temporary), file);
    });
    await dirs.sync();
    const staged = planned.map(({ seq, set, steps }): Line => ({ event: 'staged', seq, set, steps }));
    await session.record(staged, true);
  } catch (error) {
    for (const { path, temporary } of files) removeQuietly(place.ops, pathOf(path, temporary));
    dirs.removeMade();
    throw error;
  }
}

async function publish(session: Session, dirs: Directories, planned: readonly NumberedSet[]): Promise<void> {
  const { place } = session;
  const slice = slicer();
  let whole = 0;
  try {
    await backUp(
      place,
      dirs,
      planned.flatMap(({ steps }) => steps),
    );
    for (const { steps } of planned) {
      perform(place, dirs, steps);
      whole++;
      await slice();
    }
    await dirs.sync();
  } catch (error) {
    await takeBack(session, dirs, planned, whole);
    throw error;
  }
  await session.record(
    planned.map(({ seq }) => ({ event: 'done', seq })),
    false,
  );
}

/** The sets that stand whole stay; the others are taken back, each for itself. */
async function takeBack(
  session: Session,
  dirs: Directories,
  planned: readonly NumberedSet[],
  whole: number,
): Promise<void> {
  const lines = planned.slice(0, whole).map(({ seq }): Line => ({ event: 'done', seq }));
  for (const { seq, steps } of planned.slice(whole).toReversed()) {
    await quietly(async () => {
      await undo(session.place, dirs, steps);
      lines.push({ event: 'undone', seq });
    });
  }
  await quietly(async () => {
    await dirs.sync();
    await session.record(lines, true);
    dirs.removeMade();
  });
}

/** What cannot be taken back now is left to `recover`: the first failure is the one to tell. */
async function quietly(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch {
    // The journal still says `staged`, or the run is still open: the next run sees to it.
  }
}
