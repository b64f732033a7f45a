/** Where the files to be judged come from: the state, or trees that somebody else made. */
import { basename, resolve } from 'node:path';
import type { TreeInput } from '../../audit/index.ts';
import { type FoundFile, readInventory } from '../../inventory/index.ts';
import { readTrees, type TreeRoot } from '../../stores/index.ts';
import type { Context } from '../context.ts';
import { usage } from '../context.ts';
import { openSession, planFor } from '../session.ts';
import { shownPath } from '../text.ts';
import { pathsBelow } from './report.ts';

export interface Looked {
  readonly input: TreeInput;
  readonly looked: string;
  readonly shown: (path: string) => string;
}

export async function lookAt(context: Context, words: readonly string[]): Promise<Looked> {
  return words.length === 0 ? lookAtState(context) : lookAtTrees(context, words);
}

async function lookAtState(context: Context): Promise<Looked> {
  const session = await openSession(context);
  const { cluster, inventory } = session;
  const { at, state, file } = context;
  const input = { inventory, at, cluster, plan: planFor(session, at) };
  return { input, looked: shownPath(state), shown: pathsBelow(new Map([['', state]]), file) };
}

/** Each is taken for the root of a node. */
async function lookAtTrees({ at, file }: Context, words: readonly string[]): Promise<Looked> {
  const roots = words.map(rootOf);
  const names = roots.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw usage(`two trees are called ${twice}`, 'name them: cp1=DIRECTORY cp2=DIRECTORY');
  const files: FoundFile[] = [];
  const unread: NonNullable<TreeInput['unread']>[number][] = [];
  const owners = new Map<string, number>();
  for await (const { root, path: below, mode, bytes, failure, owner } of readTrees(roots)) {
    const path = `nodes/${root}/${below}`;
    if (bytes) files.push({ path, mode, bytes });
    else if (failure) unread.push({ path, failure });
    if (bytes && owner) owners.set(path, owner.uid);
  }
  const directories = new Map(roots.map(({ name, path }) => [`nodes/${name}/`, resolve(path)]));
  return {
    input: { inventory: readInventory(files), at, unread, owners },
    looked: roots.map(({ path }) => shownPath(resolve(path))).join(', '),
    shown: pathsBelow(directories, file),
  };
}

/** `cp1=/backup/cp1`, or a directory by its own name. */
function rootOf(word: string): TreeRoot {
  const [, name, path] = /^([\w.-]+)=(.+)$/.exec(word) ?? [];
  if (name !== undefined && path !== undefined) return { name, path };
  return { name: basename(resolve(word)) || 'node', path: word };
}
