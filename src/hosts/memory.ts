import type { FoundFile } from '../inventory/index.ts';
import { hostError } from './errors.ts';
import { inTurn } from './in-turn.ts';
import { checkPaths, checkWrite } from './paths.ts';
import { planWrite, sha256, type Standing } from './plan-write.ts';
import type { Host, Ran } from './types.ts';

export interface MemoryHostOptions {
  /** For messages. */
  readonly name?: string;
  /** What its commands answer. Without it there are none (`hosts/no-commands`). */
  readonly answer?: (command: readonly string[]) => Ran | Promise<Ran>;
}

/** A host in memory, for tests and rehearsals: `files` by path, shared with its maker. It has no links. */
export function memoryHost(
  files: Map<string, FoundFile> = new Map(),
  { name = 'memory', answer }: MemoryHostOptions = {},
): Host {
  const standingAt = (path: string): Standing => {
    const found = files.get(path);
    return {
      target: path,
      stood: found && { mode: found.mode, sha256: sha256(found.bytes), owner: undefined },
    };
  };
  const born = Date.now();
  const written = new Map<string, number>();
  return inTurn({
    name,
    read: async (paths) => {
      checkPaths(name, paths);
      return paths.flatMap((path) => {
        const found = files.get(path);
        return found ? [{ ...found, bytes: Uint8Array.from(found.bytes) }] : [];
      });
    },
    times: async (paths) => {
      checkPaths(name, paths);
      return paths
        .filter((path) => files.has(path))
        .map((path) => {
          const at = written.get(path) ?? born;
          return { path, modified: at, changed: at };
        });
    },
    write: async (sets, options) => {
      checkWrite(name, sets, options);
      const paths = sets.flatMap(({ changes }) => changes.map(({ path }) => path));
      const standing = new Map(paths.map((path) => [path, standingAt(path)]));
      for (const { steps } of planWrite(name, sets, standing, options).flat()) {
        for (const { target, put, backup } of steps) {
          const found = files.get(target);
          if (backup !== undefined && found) keep(files, backup, found);
          if (put) files.set(target, { path: target, mode: put.mode, bytes: Uint8Array.from(put.bytes) });
          else files.delete(target);
          written.set(target, Date.now());
        }
      }
    },
    run: async (command) => {
      if (answer) return answer(command);
      throw hostError({ code: 'hosts/no-commands', message: 'no commands run in memory', at: name });
    },
    close: async () => undefined,
  });
}

function keep(files: Map<string, FoundFile>, backup: string, found: FoundFile): void {
  let path = backup;
  for (let n = 2; files.has(path); n++) path = `${backup}.~${n}~`;
  files.set(path, { ...found, path });
}
