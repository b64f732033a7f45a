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

  function change<Arguments extends readonly unknown[], Result>(
    name: string,
    operation: (...given: Arguments) => Result,
    half?: (...given: Arguments) => void,
  ): (...given: Arguments) => Result {
    return (...given) => {
      const [subject] = given;
      step(name, typeof subject === 'string' ? subject : pathOf(subject), half && (() => half(...given)));
      return operation(...given);
    };
  }

  return {
    ...nodeFs,
    log,
    open: (path, flags, mode) => {
      step((flags & O_CREAT) === 0 ? 'open' : 'create', path);
      return nodeFs.open(path, flags, mode);
    },
    write: change('write', nodeFs.write, (file, bytes) =>
      nodeFs.write(file, bytes.subarray(0, Math.floor(bytes.length / 2))),
    ),
    // In step with the others, so that operation k is the same one in every run, and without the disk: a
    // kill loses nothing that was written, and what a power cut would lose is not what is tested here.
    fsync: async ({ path }) => step('fsync', path),
    truncate: change('truncate', nodeFs.truncate),
    fchmod: change('fchmod', nodeFs.fchmod),
    fchown: change('fchown', nodeFs.fchown),
    mkdir: change('mkdir', nodeFs.mkdir),
    chmod: change('chmod', nodeFs.chmod),
    rmdir: change('rmdir', nodeFs.rmdir),
    rename: change('rename', nodeFs.rename),
    link: change('link', nodeFs.link),
    unlink: change('unlink', nodeFs.unlink),
  };
}

function pathOf(subject: unknown): string {
  return typeof subject === 'object' && subject !== null && 'path' in subject ? String(subject.path) : '';
}

function failure(errno: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${errno}: injected, ${syscall} '${path}'`), { code: errno, syscall, path });
}
