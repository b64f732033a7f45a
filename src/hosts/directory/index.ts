/** A node whose root is a directory: this machine's own, a mounted one, a tree to be copied. */
import { constants } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { KubetlsError } from '../../base/index.ts';
import type { FoundFile } from '../../inventory/index.ts';
import { errno, type FsOps, meaningOf, nodeFs, removeQuietly } from '../../stores/index.ts';
import { hostError } from '../errors.ts';
import { inTurn } from '../in-turn.ts';
import {
  checkPaths,
  checkWrite,
  FILE_BYTES,
  parent,
  TEMPORARY_PREFIX,
  tooLarge,
  TOTAL_BYTES,
} from '../paths.ts';
import { planWrite, sha256, type Standing } from '../plan-write.ts';
import type { FileTimes, Host, HostCode } from '../types.ts';
import { resolved, statOf } from './links.ts';
import { runHere } from './run-here.ts';
import { type Place, writeGroup } from './write-group.ts';

export interface DirectoryHostOptions {
  /** For tests that kill, count or refuse file operations. */
  readonly ops?: FsOps;
}

export function directoryHost(directory: string, { ops = nodeFs }: DirectoryHostOptions = {}): Host {
  const name = resolve(directory);
  const place = (): Place => ({ ops, root: rootOf(ops, name) });
  return inTurn({
    name,
    read: (paths) =>
      coded('hosts/read', name, async () => {
        checkPaths(name, paths);
        const here = place();
        let total = 0;
        return paths.flatMap((path) => {
          const found = fileAt(here, path);
          total += found?.bytes.length ?? 0;
          if (total > TOTAL_BYTES) throw tooMuch(name);
          return found ? [{ path, mode: found.mode, bytes: found.bytes }] : [];
        });
      }),
    times: (paths) =>
      coded('hosts/read', name, async () => {
        checkPaths(name, paths);
        const here = place();
        return paths.flatMap((path) => timesAt(here, path) ?? []);
      }),
    write: (sets, options) =>
      coded('hosts/write', name, async () => {
        checkWrite(name, sets, options);
        const here = place();
        const paths = sets.flatMap(({ changes }) => changes.map(({ path }) => path));
        const standing = new Map(paths.map((path) => [path, standingAt(here, path)]));
        sweep(here, new Set([...standing.values()].map(({ target }) => parent(target))));
        const at = { ...options, backup: resolved(ops, here.root, options.backup) };
        for (const group of planWrite(name, sets, standing, at)) await writeGroup(here, group, at.backup);
      }),
    run: async (command, options) => {
      if (rootOf(ops, name) === '') return runHere(name, command, options);
      throw hostError({
        code: 'hosts/no-commands',
        message: 'no command runs on a directory',
        at: name,
        hint: 'use ssh://, or run it on the node itself',
      });
    },
    close: async () => undefined,
  });
}

function rootOf(ops: FsOps, directory: string): string {
  try {
    const real = ops.realpath(directory);
    if (ops.lstat(real)?.isDirectory() === true) return real === '/' ? '' : real;
  } catch (error) {
    if (errno(error) === undefined) throw error;
  }
  throw hostError({
    code: 'hosts/unreachable',
    message: 'is not there, or no directory',
    at: directory,
    hint: `mount it, or make it: mkdir -p ${directory}`,
  });
}

function standingAt(place: Place, path: string): Standing {
  const found = fileAt(place, path);
  const target = resolved(place.ops, place.root, path);
  return {
    target,
    stood: found && { mode: found.mode, sha256: sha256(found.bytes), owner: found },
  };
}

interface Opened extends Omit<FoundFile, 'path'> {
  readonly uid: number;
  readonly gid: number;
}

function fileAt({ ops, root }: Place, path: string): Opened | undefined {
  const full = `${root}/${resolved(ops, root, path)}`;
  const stat = statOf(ops, full);
  if (!stat) return undefined;
  if (!stat.isFile())
    throw hostError({ code: 'hosts/path', message: 'something other than a file stands there', at: full });
  if (stat.size > FILE_BYTES) throw tooLarge(full);
  const file = ops.open(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const bytes = ops.read(file, FILE_BYTES + 1);
    if (bytes.length > FILE_BYTES) throw tooLarge(full);
    return { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid, bytes: Uint8Array.from(bytes) };
  } finally {
    ops.close(file);
  }
}

function timesAt({ ops, root }: Place, path: string): FileTimes | undefined {
  const stat = statOf(ops, `${root}/${resolved(ops, root, path)}`);
  if (stat?.isFile() !== true) return undefined;
  // Its name may be a link that was made anew.
  const named = statOf(ops, `${root}/${resolved(ops, root, parent(path))}/${basename(path)}`) ?? stat;
  return {
    path,
    modified: Math.ceil(Math.max(stat.mtimeMs, named.mtimeMs)),
    changed: Math.ceil(Math.max(stat.ctimeMs, named.ctimeMs)),
  };
}

/** Temporaries of a run that was killed: they may hold keys. */
function sweep({ ops, root }: Place, directories: ReadonlySet<string>): void {
  for (const directory of directories) {
    const full = `${root}/${directory}`;
    if (statOf(ops, full)?.isDirectory() !== true) continue;
    for (const entry of ops.readdir(full)) {
      if (entry.isFile() && entry.name.startsWith(TEMPORARY_PREFIX))
        removeQuietly(ops, `${full}/${entry.name}`);
    }
  }
}

function tooMuch(at: string): Error {
  return hostError({ code: 'hosts/too-large', message: `more than ${TOTAL_BYTES} bytes at once`, at });
}

/** System errors leave as coded failures, in the words that stores have for them. */
async function coded<T>(code: HostCode, name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KubetlsError || errno(error) === undefined) throw error;
    const { code: system = '', path, syscall } = error as NodeJS.ErrnoException;
    const meaning = meaningOf(system);
    throw hostError({
      code,
      message: meaning ? `${meaning.what} (${syscall})` : `${syscall} failed: ${system}`,
      at: path ?? name,
      hint: HINTS[system] ?? `see to ${dirname(path ?? name)}, then run the command again`,
      cause: error,
    });
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'free some space there, then run the command again',
  EDQUOT: 'free some space there, then run the command again',
  EROFS: 'mount it writable, then run the command again',
  EACCES: "run as the files' owner, or as root",
  EPERM: "run as the files' owner, or as root",
};
