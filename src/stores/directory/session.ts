/** A writer's hold on a state directory: the lock, and the journal with its appender. */
import { storeError } from '../errors.ts';
import { directories, syncDirectory } from './directories.ts';
import { removeIfThere, writeNew } from './files.ts';
import { checkpoint, fold, foldLines, type JournalState } from './journal.ts';
import type { Line } from './journal-line.ts';
import { JOURNAL, OWN_DIRECTORY_MODE, OWN_FILE_MODE, type Place } from './layout.ts';
import { type Appender, openAppender, readLines } from './lines.ts';
import type { Holder } from './holder.ts';
import { acquireLock, type Lock } from './lock.ts';
import { TEMPORARY_PREFIX } from '../path.ts';
import { type Names, names } from './steps.ts';

export interface Session {
  readonly place: Place;
  readonly journal: JournalState;
  /** Whether this is the run that the session began and that is not closed. */
  runs(run: string): boolean;
  /** Makes the session that run's; refuses while another run is open. Gives names for its temporaries. */
  namesFor(run: string): Names;
  /** Puts the begin of the run on record, once. */
  begin(run: string): Promise<void>;
  /** Throws when another writer has the lock by now. */
  refuseLost(): void;
  /** Appends and folds. */
  record(lines: readonly Line[], sync: boolean): Promise<void>;
  /** Folds the journal to a checkpoint: no run is open any more. */
  settle(): Promise<void>;
  close(): void;
}

const JOURNAL_TEMPORARY = `${TEMPORARY_PREFIX}${JOURNAL}`;

/** The journal as it stands, for those who only read. */
export function readJournal({ root, ops }: Place): JournalState {
  return loadJournal(`${root}/${JOURNAL}`, ops).state;
}

/** The run that has begun and not ended. After a fold nobody's has, and its one long line need not be read. */
export function openRun({ root, ops }: Place): string | undefined {
  const path = `${root}/${JOURNAL}`;
  const { lines } = readLines(ops, path);
  if (lines.length === 1 && lines[0]?.startsWith('{"event":"checkpoint",') === true) return undefined;
  return foldLines(lines, path).state.run;
}

function loadJournal(path: string, ops: Place['ops']): { state: JournalState; whole: number } {
  const { lines, whole } = readLines(ops, path);
  const { state, used } = foldLines(lines, path);
  if (used === lines.length) return { state, whole };
  return { state, whole: lines.slice(0, used).reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) };
}

/** Locks the directory, which is made if missing, and loads the journal. */
export function openSession(place: Place, holder: Holder): Session {
  directories(place.ops).ensure(place.root, '', OWN_DIRECTORY_MODE);
  const lock = acquireLock(place, holder);
  try {
    return session(place, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function session(place: Place, lock: Lock): Session {
  const { root, ops } = place;
  const path = `${root}/${JOURNAL}`;
  const { state: journal, whole } = loadJournal(path, ops);
  let appender: Appender | undefined;

  async function record(lines: readonly Line[], sync: boolean): Promise<void> {
    if (lines.length === 0) return;
    lock.refuseLost();
    appender ??= await openAppender(ops, path, whole);
    await appender.append(
      lines.map((line) => JSON.stringify(line)),
      sync,
    );
    for (const line of lines) fold(journal, line);
  }

  async function settle(): Promise<void> {
    lock.refuseLost();
    const temporary = `${root}/${JOURNAL_TEMPORARY}`;
    removeIfThere(ops, temporary);
    const bytes = Buffer.from(`${JSON.stringify(checkpoint(journal))}\n`);
    await writeNew(ops, temporary, { bytes, mode: OWN_FILE_MODE, owner: undefined });
    ops.rename(temporary, path);
    await syncDirectory(ops, root);
  }

  let mine: { readonly run: string; readonly names: Names } | undefined;
  const runs = (run: string): boolean => journal.run === run && mine?.run === run;

  return {
    place,
    journal,
    runs,
    namesFor: (run) => {
      const open = mine?.run ?? journal.run;
      if (mine?.run !== run) refuseOpenRun(open, place);
      mine ??= { run, names: names(run) };
      return mine.names;
    },
    begin: async (run) => {
      if (!runs(run)) await record([{ event: 'begin', run }], true);
    },
    refuseLost: () => lock.refuseLost(),
    record,
    settle,
    close: () => {
      try {
        appender?.close();
      } finally {
        lock.release();
      }
    },
  };
}

/** An interrupted run is asked about before anything else is written. */
export function refuseOpenRun(run: string | undefined, { root }: Place): void {
  if (run === undefined) return;
  throw storeError({
    code: 'stores/interrupted',
    message: `the run ${run} has begun here and was not finished`,
    file: `${root}/${JOURNAL}`,
    hint: 'run kubetls apply: it finishes or undoes what was under way, and says which',
  });
}
