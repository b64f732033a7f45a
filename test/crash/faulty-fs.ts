/** Hands that die, or fail, before the k-th operation that changes something on disk. */
import { type FsOps, nodeFs, O_CREAT } from '../../src/stores/directory/fs-ops.ts';

/** What a kill looks like from inside: nothing in the store knows it, and nothing works after it. */
export class Killed extends Error {}

export interface Fault {
  /** Counted from 0. */
  readonly at: number;
  /** `kill`: this and every later operation ends the process. An errno: this one fails, or all from here on. */
  readonly how: 'kill' | { readonly errno: string; readonly forever: boolean };
}

export interface FaultyFs extends FsOps {
  /** Names and paths of the operations so far. */
  readonly log: readonly string[];
}

/** Operations that need a new block or inode, and so fail on a full disk. */
const FILLING: ReadonlySet<string> = new Set(['create', 'write', 'mkdir', 'link']);

export function faultyFs(fault?: Fault): FaultyFs {
  const log: string[] = [];

  /** Throws if this operation is the one; a kill in the midst of a write leaves half of it. */
  function step(name: string, path: string, half?: () => void): void {
    const index = log.push(`${name} ${path}`) - 1;
    if (!fault || index < fault.at) return;
    if (fault.how === 'kill') {
      if (index === fault.at) half?.();
      throw new Killed(`killed before operation ${fault.at}`);
    }
    const { errno, forever } = fault.how;
    if (forever ? FILLING.has(name) : index === fault.at) throw failure(errno, name, path);
  }

  return {
    ...hookedFs(step),
    log,
    write: (file, bytes) => {
      const half = bytes.subarray(0, Math.floor(bytes.length / 2));
      step('write', file.path, () => nodeFs.write(file, half));
      nodeFs.write(file, bytes);
    },
    // In step with the others, so that operation k is the same one in every run, and without the disk: a
    // kill loses nothing that was written, and what a power cut would lose is not what is tested here.
    fsync: async ({ path }) => step('fsync', path),
  };
}

/** Real hands; `step` is told before each operation that changes something, and may throw. */
export function hookedFs(step: (name: string, path: string) => void): FsOps {
  function told<Arguments extends readonly unknown[], Result>(
    name: string,
    operation: (...given: Arguments) => Result,
  ): (...given: Arguments) => Result {
    return (...given) => {
      step(name, pathOf(given[0]));
      return operation(...given);
    };
  }
  return {
    ...nodeFs,
    open: (path, flags, mode) => {
      step((flags & O_CREAT) === 0 ? 'open' : 'create', path);
      return nodeFs.open(path, flags, mode);
    },
    write: told('write', nodeFs.write),
    fsync: told('fsync', nodeFs.fsync),
    truncate: told('truncate', nodeFs.truncate),
    fchmod: told('fchmod', nodeFs.fchmod),
    fchown: told('fchown', nodeFs.fchown),
    mkdir: told('mkdir', nodeFs.mkdir),
    chmod: told('chmod', nodeFs.chmod),
    rmdir: told('rmdir', nodeFs.rmdir),
    rename: told('rename', nodeFs.rename),
    link: told('link', nodeFs.link),
    unlink: told('unlink', nodeFs.unlink),
  };
}

function pathOf(subject: unknown): string {
  if (typeof subject === 'string') return subject;
  return typeof subject === 'object' && subject !== null && 'path' in subject ? String(subject.path) : '';
}

function failure(errno: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${errno}: injected, ${syscall} '${path}'`), { code: errno, syscall, path });
}
