/** Where the files to be judged come from: the state, or trees that somebody else made. */
import { resolve } from 'node:path';
import type { TreeInput } from '../../audit/index.ts';
import { type FoundFile, readInventory } from '../../inventory/index.ts';
import { readTrees } from '../../stores/index.ts';
import type { Context } from '../context.ts';
import { openSession, planFor } from '../session.ts';
import { rootsFrom } from '../survey.ts';
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
  const roots = rootsFrom(words);
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
