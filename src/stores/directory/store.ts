/** The store that is a directory: see layout.ts for what stands where, commit.ts for how it is written. */
import { resolve } from 'node:path';
import { CONTENT_ROOTS, checkBatch, checkLines, checkPath, checkPrefix, checkRun } from '../path.ts';
import type { Batch, Recovery, Store } from '../types.ts';
import { commitBatch } from './commit.ts';
import { coded, errno } from './failures.ts';
import { type FsOps, nodeFs } from './fs-ops.ts';
import { LEDGER, type Place } from './layout.ts';
import { openAppender, readLines } from './lines.ts';
import { type Holder, thisProcess } from './holder.ts';
import { isLocked } from './lock.ts';
import { isInside, readOne, readTree } from './read.ts';
import { recoverSession } from './recover.ts';
import { openSession, openRun, readJournal, refuseOpenRun, type Session } from './session.ts';

export interface DirectoryOptions {
  /** Where backups go; `backups` below the root when left out. */
  readonly backupDirectory?: string;
  /** The hands: a test counts, fails or kills them. */
  readonly ops?: FsOps;
  /** Who writes; a test plays several processes. */
  readonly holder?: Holder;
}

/**
 * Content below `root`, which is made, for its owner alone, by the first write. A run holds the lock from
 * `begin` or its first commit until `finish` or a failure; every other call needs it for itself only, or not at all.
 */
export function directoryStore(root: string, options: DirectoryOptions = {}): Store {
  const { ops = nodeFs, holder = thisProcess() } = options;
  let held: Session | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  /** A root that is itself a link is followed once: that is the person's choice. */
  function place(): Place {
    const real = realRoot(ops, root);
    return {
      root: real,
      ops,
      backups: options.backupDirectory ? resolve(options.backupDirectory) : `${real}/backups`,
    };
  }

  function oneByOne<T>(operation: () => Promise<T>): Promise<T> {
    const result = queue.then(() => coded(operation));
    queue = result.catch(() => undefined);
    return result;
  }

  function drop(): void {
    const session = held;
    held = undefined;
    session?.close();
  }

  /** Whatever the work leaves in doubt is settled by reading the journal anew. */
  async function orDrop<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      try {
        drop();
      } catch {
        // The first failure is the one to tell.
      }
      throw error;
    }
  }

  async function begin(run: string): Promise<void> {
    checkRun(run);
    await orDrop(async () => {
      held ??= openSession(place(), holder);
      held.namesFor(run);
    });
  }

  async function commit(batch: Batch, progress?: (done: number) => void): Promise<void> {
    checkBatch(batch);
    await orDrop(() => commitBatch((held ??= openSession(place(), holder)), batch, progress));
  }

  async function finish(run: string): Promise<void> {
    checkRun(run);
    await orDrop(async () => {
      if (held) held.namesFor(run);
      else refuseOpenRun(openRun(place()), place());
      if (held?.runs(run)) await held.settle();
    });
    drop();
  }

  async function recover(): Promise<Recovery | undefined> {
    drop();
    const here = place();
    if (openRun(here) === undefined) return undefined;
    held = openSession(here, holder);
    const session = held;
    const recovery = await orDrop(() => recoverSession(session));
    drop();
    return recovery;
  }

  async function interrupted(): Promise<string | undefined> {
    const here = place();
    return held || isLocked(here, holder) ? undefined : openRun(here);
  }

  async function appendLedger(lines: readonly string[]): Promise<void> {
    checkLines(lines);
    const session = held ?? openSession(place(), holder);
    try {
      session.refuseLost();
      const path = `${session.place.root}/${LEDGER}`;
      const appender = await openAppender(ops, path);
      try {
        await appender.append(lines, true);
      } finally {
        appender.close();
      }
    } finally {
      if (session !== held) session.close();
    }
  }

  return {
    name: root,
    read: (prefix) =>
      oneByOne(async () => readTree(place(), prefix === undefined ? CONTENT_ROOTS : [checkPrefix(prefix)])),
    readFile: (path) =>
      oneByOne(async () => {
        const here = place();
        return isInside(here, checkPath(path)) ? readOne(here, path) : undefined;
      }),
    begin: (run) => oneByOne(() => begin(run)),
    commit: (batch, progress) => oneByOne(() => commit(batch, progress)),
    finish: (run) => oneByOne(() => finish(run)),
    recover: () => oneByOne(recover),
    interrupted: () => oneByOne(interrupted),
    written: () => oneByOne(async () => readJournal(place()).written),
    appendLedger: (lines) => oneByOne(() => appendLedger(lines)),
    readLedger: () => oneByOne(async () => readLines(ops, `${place().root}/${LEDGER}`).lines),
  };
}

function realRoot(ops: FsOps, root: string): string {
  try {
    return ops.realpath(resolve(root));
  } catch (error) {
    if (errno(error) === 'ENOENT') return resolve(root);
    throw error;
  }
}
