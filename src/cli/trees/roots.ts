/** Trees named on the command line, read and surveyed. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, resolve } from 'node:path';
import { readTrees, type TreeRoot } from '../../stores/index.ts';
import { type Survey, Surveyor } from '../../survey/index.ts';
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

export async function surveyed({ console, signal }: Context, roots: readonly TreeRoot[]): Promise<Survey> {
  const surveyor = new Surveyor();
  const progress = console.progress('reading');
  let count = 0;
  for await (const file of readTrees(roots)) {
    signal.throwIfAborted();
    surveyor.add(file);
    progress(++count, count + 1);
  }
  progress(count, count);
  return surveyor.done();
}
