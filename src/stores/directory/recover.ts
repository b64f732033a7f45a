/**
 * After a kill. A set with a `staged` line goes forward: all of it is on disk. If a temporary was lost or
 * damaged since, it is taken back; if somebody changed one of its files since, it is left. What was written before that line is no more than temporaries, which
 * are swept away. A kill in here changes nothing: the next recovery does the same.
 */
import { CONTENT_ROOTS, TEMPORARY_PREFIX } from '../path.ts';
import type { LeftSet, Recovery } from '../types.ts';
import { directories } from './directories.ts';
import { removeIfThere } from './files.ts';
import type { Line } from './journal-line.ts';
import { changedByOthers, resume, undo } from './publish.ts';
import type { Session } from './session.ts';
import { walk } from './walk.ts';

export async function recoverSession(session: Session): Promise<Recovery | undefined> {
  const { place, journal } = session;
  const { run } = journal;
  if (run === undefined) return undefined;
  const dirs = directories(place.ops);
  const finished: string[] = [];
  const undone: string[] = [];
  const left: LeftSet[] = [];
  const lines: Line[] = [];
  for (const { seq, set, steps } of journal.pending.values()) {
    const path = changedByOthers(place, dirs, steps);
    if (path !== undefined) {
      left.push({ id: set, path });
      lines.push({ event: 'undone', seq });
      continue;
    }
    const whole = await resume(place, dirs, steps);
    if (!whole) await undo(place, dirs, steps);
    (whole ? finished : undone).push(set);
    lines.push({ event: whole ? 'done' : 'undone', seq });
  }
  await dirs.sync();
  await session.record(lines, false);
  await sweep(session);
  await session.settle();
  return { run, finished, undone, left };
}

/** Removes the temporaries that nobody will rename any more. */
async function sweep({ place }: Session): Promise<void> {
  const { ops, root, backups } = place;
  for (const entry of ops.readdir(root)) {
    if (entry.name.startsWith(TEMPORARY_PREFIX)) removeIfThere(ops, `${root}/${entry.name}`);
  }
  for (const base of [...CONTENT_ROOTS.map((top) => `${root}/${top}`), backups]) {
    await walk(ops, base, (directory, { name }) => {
      if (name.startsWith(TEMPORARY_PREFIX)) removeIfThere(ops, `${directory}/${name}`);
    });
  }
}
