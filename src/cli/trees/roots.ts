/** Trees named on the command line, read and surveyed. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, resolve } from 'node:path';
import { isAbsolute, normalize } from 'node:path/posix';
import { NamedFiles, readTrees, type TreeRoot } from '../../stores/index.ts';
import { type Survey, Surveyor, type TreeFile } from '../../survey/index.ts';
import { type Context, usage } from '../context.ts';

export interface NamedRoot extends TreeRoot {
  /** Whether the person said what it is called. */
  readonly named: boolean;
}

/** `cp1=/backup/cp1`, or a path, which is called by its last part; the root of a machine by the machine's name. */
export function rootsFrom(words: readonly string[]): NamedRoot[] {
  const roots = words.map((word): NamedRoot => {
    const [, name, path] = /^([a-z0-9][-a-z0-9.]*)=(.+)$/.exec(word) ?? [];
    if (name !== undefined && path !== undefined && !existsSync(word)) return { name, path, named: true };
    const last = basename(resolve(word)) || hostname();
    return { name: last.toLowerCase(), path: word, named: false };
  });
  const twice = roots.find(({ name }, i) => roots.findIndex((other) => other.name === name) !== i);
  if (twice) throw usage(`two trees are called ${twice.name}`, 'name them: cp1=DIR cp2=DIR');
  return roots;
}

/** Settings name configuration, which names certificates: more steps than that no component takes. */
const STEPS = 4;

/**
 * Every file of the trees; then what settings in them name, where it stands outside of what is walked of a machine.
 * Each is to be added to the surveyor before the next is asked for.
 */
export async function* filesOf(
  roots: readonly TreeRoot[],
  surveyor: Surveyor,
): AsyncGenerator<TreeFile, void> {
  const named = new NamedFiles(roots);
  for await (const file of readTrees(roots)) {
    named.add(file);
    yield file;
  }
  for (let step = 0, isMore = true; step < STEPS && isMore; step++) {
    isMore = false;
    for (const { root, value, to } of surveyor.done().references) {
      const path = normalize(value).slice(1);
      // A file that only ends like it is taken for it where there is no better one.
      const file = isAbsolute(value) && path !== to ? named.read(root, path) : undefined;
      if (!file) continue;
      isMore = true;
      yield file;
    }
  }
}

export async function surveyed({ console, signal }: Context, roots: readonly TreeRoot[]): Promise<Survey> {
  const surveyor = new Surveyor();
  const progress = console.progress('reading');
  let count = 0;
  for await (const file of filesOf(roots, surveyor)) {
    signal.throwIfAborted();
    surveyor.add(file);
    progress(++count, count + 1);
  }
  progress(count, count);
  return surveyor.done();
}
