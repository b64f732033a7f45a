/**
 * One writer at a time: `STATE/lock` names the process that writes. It appears with its content (a linked
 * temporary), so that no reader sees it empty, and it does not outlive its process: when the process that
 * it names is gone, or its number has gone to another, the next writer takes it.
 *
 * A lock by flock(2) would vanish by itself, but Node has none.
 */
import { randomUUID } from 'node:crypto';
import { storeError } from '../errors.ts';
import { TEMPORARY_PREFIX } from '../path.ts';
import { errno } from './failures.ts';
import { removeIfThere, removeQuietly } from './files.ts';
import { type FsOps, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } from './fs-ops.ts';
import { type Holder, isAnother } from './holder.ts';
import { dirname, LOCK, OWN_FILE_MODE, type Place } from './layout.ts';

export interface Lock {
  /**
   * Throws `stores/locked` when the lock is no longer this one. To be called before what is written counts:
   * between the look at a stale lock and its removal another writer may have come and be taken away with it.
   */
  refuseLost(): void;
  release(): void;
}

const LOCK_BYTES = 4_096;
const LOCK_TEMPORARY = `${TEMPORARY_PREFIX}lock-`;
const STALE = `${TEMPORARY_PREFIX}stale-`;

/** Takes the lock, or says who holds it. */
export function acquireLock(place: Place, self: Holder): Lock {
  const { ops } = place;
  const path = `${place.root}/${LOCK}`;
  // Two stores of one process are two writers.
  const text = `${JSON.stringify({ ...self, id: randomUUID() })}\n`;
  // Twice: a stale lock is taken away once; one that is there again belongs to another new writer.
  for (const last of [false, true]) {
    if (create(ops, path, text)) {
      sweep(place);
      return { refuseLost: () => refuseLost(ops, path, text), release: () => release(ops, path, text) };
    }
    const found = readLock(ops, path);
    if (found === undefined) continue;
    if (last || !isStale(found, self)) throw locked(path, found);
    takeAway(ops, path, found);
  }
  throw locked(path, undefined);
}

function create(ops: FsOps, path: string, text: string): boolean {
  const temporary = aside(path, LOCK_TEMPORARY);
  const file = ops.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWN_FILE_MODE);
  try {
    ops.write(file, Buffer.from(text));
  } finally {
    ops.close(file);
  }
  try {
    ops.link(temporary, path);
    return true;
  } catch (error) {
    // ENOENT: whoever has just taken the lock has swept our temporary away.
    if (errno(error) === 'EEXIST' || errno(error) === 'ENOENT') return false;
    throw error;
  } finally {
    removeQuietly(ops, temporary);
  }
}

function aside(path: string, prefix: string): string {
  return `${dirname(path)}/${prefix}${randomUUID()}`;
}

/** Removes what was left by those who were killed while they took the lock. Who is about to, tries again. */
function sweep({ root, ops }: Place): void {
  for (const { name } of ops.readdir(root)) {
    if (name.startsWith(LOCK_TEMPORARY) || name.startsWith(STALE)) removeQuietly(ops, `${root}/${name}`);
  }
}

function refuseLost(ops: FsOps, path: string, text: string): void {
  const found = readLock(ops, path);
  if (found !== text) throw locked(path, found);
}

function release(ops: FsOps, path: string, text: string): void {
  if (readLock(ops, path) === text) removeIfThere(ops, path);
}

/**
 * Takes away a lock whose holder is gone. Another writer may do the same and have its own lock in place
 * by now: a rename takes one or the other, its content tells which, and a fresh one is put back, unless a
 * third has come: who lost its lock so is stopped by `refuseLost`.
 */
function takeAway(ops: FsOps, path: string, stale: string): void {
  const taken = aside(path, STALE);
  try {
    ops.rename(path, taken);
    if (readLock(ops, taken) !== stale) ops.link(taken, path);
  } catch (error) {
    if (errno(error) !== 'ENOENT' && errno(error) !== 'EEXIST') throw error;
  } finally {
    removeQuietly(ops, taken);
  }
}

function readLock(ops: FsOps, path: string): string | undefined {
  try {
    const file = ops.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      return ops.read(file, LOCK_BYTES).toString('utf8');
    } finally {
      ops.close(file);
    }
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether somebody writes, as far as can be told: a lock whose holder may live counts. */
export function isLocked({ root, ops }: Place, self: Holder): boolean {
  const found = readLock(ops, `${root}/${LOCK}`);
  return found !== undefined && !isStale(found, self);
}

/** A lock of another host, or one that cannot be read, is never taken: whether its holder lives is unknown. */
function isStale(text: string, self: Holder): boolean {
  const holder = parseHolder(text);
  if (!holder || holder.host !== self.host) return false;
  return isAnother(holder);
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  if (!('pid' in value && 'started' in value && 'host' in value)) return false;
  return (
    Number.isSafeInteger(value.pid) && typeof value.started === 'string' && typeof value.host === 'string'
  );
}

function locked(path: string, text: string | undefined): Error {
  const holder = text === undefined ? undefined : parseHolder(text);
  return storeError({
    code: 'stores/locked',
    message: holder
      ? `another kubetls writes here, by its lock: process ${holder.pid} on ${holder.host}`
      : 'another kubetls writes here, by its lock',
    file: path,
    hint: holder
      ? `wait for process ${holder.pid} to end; if no kubetls runs on ${holder.host}, remove ${path}`
      : `if no kubetls runs, remove ${path}`,
  });
}
