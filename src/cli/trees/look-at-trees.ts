/** Trees that somebody else made, read once: what is in them, and who dials whom, as far as they tell it. */
import { resolve } from 'node:path';
import { rolesIn } from '../../adopt/index.ts';
import type { TreeInput } from '../../audit/index.ts';
import type { Failure, Secret } from '../../base/index.ts';
import { type FoundFile, type Inventory, readInventory } from '../../inventory/index.ts';
import { openedFrom, Surveyor, type TreeFile } from '../../survey/index.ts';
import type { Context } from '../context.ts';
import { number, plural, shellWord, shownPath } from '../text.ts';
import { derivedFrom } from './derived.ts';
import { pathsBelow } from './paths.ts';
import { filesOf, rootsFrom } from './roots.ts';

export interface LookedAtTrees {
  readonly inventory: Inventory;
  /** The cluster, or why there is none. */
  readonly derived: NonNullable<TreeInput['derived']> | Failure;
  readonly roles: NonNullable<TreeInput['roles']>;
  readonly unread: NonNullable<TreeInput['unread']>;
  readonly owners: ReadonlyMap<string, number>;
  /** The trees, for people. */
  readonly looked: string;
  /** A path as a person would type it here. */
  readonly shown: (path: string) => string;
}

/** Each is taken for the root of a node. With a password, edges are judged as if programs had been given what it opens. */
export async function lookAtTrees(
  { at, file, console, signal }: Context,
  words: readonly string[],
  password: Secret | undefined,
): Promise<LookedAtTrees> {
  const roots = rootsFrom(words);
  const files: FoundFile[] = [];
  const unread: LookedAtTrees['unread'][number][] = [];
  const owners = new Map<string, number>();
  const surveyor = new Surveyor();
  const opened = new Map<TreeFile, string>();
  for await (const found of filesOf(roots, surveyor)) {
    signal.throwIfAborted();
    const { mode, bytes, failure, owner } = found;
    const path = pathOf(found);
    const own = password ? openedFrom(found, password) : [];
    for (const one of own) opened.set(one, path);
    if (!own.some((one) => one.path === found.path)) surveyor.add(found);
    if (bytes) files.push({ path, mode, bytes });
    else if (failure) unread.push({ path, failure });
    if (bytes && owner) owners.set(path, owner.uid);
  }
  const inventory = readInventory(files);
  const taken = [...opened].filter(([one, path]) => pathOf(one) === path || !inventory.get(pathOf(one)));
  for (const [one] of taken) surveyor.add(one);
  const origins = new Map(taken.flatMap(([{ bytes }, path]) => (bytes ? [[bytes, path] as const] : [])));
  const survey = surveyor.done();
  const roles = new Map([...rolesIn(survey)].map(([path, role]) => [`nodes/${path}`, role]));
  const derived = derivedFrom(survey, { inventory, origins, unread }, roots, at);
  if ('code' in derived) console.warn(unknownEdges(derived, words));
  else {
    tellOpened(console, derived, new Set(origins.values()));
    tellUnseen(console, derived, unread.length > 0);
  }
  const directories = new Map(roots.map(({ name, path }) => [`nodes/${name}/`, resolve(path)]));
  return {
    inventory,
    derived,
    roles,
    unread,
    owners,
    looked: roots.map(({ path }) => shownPath(resolve(path))).join(', '),
    shown: pathsBelow(directories, file),
  };
}

function pathOf({ root, path }: TreeFile): string {
  return `nodes/${root}/${path}`;
}

/** Edges are judged of a cluster that can be described: of others nothing is said. What adoption refuses has a hint. */
function unknownEdges({ code, message, hint = '' }: Failure, words: readonly string[]): string {
  const trees = words.map(shellWord).join(' ');
  // What a hint has for an address is an example, and nobody should adopt by it.
  const [, option] = /(--address [^\s=]+=)\S+$/.exec(hint) ?? [];
  const adopt = `kubetls adopt ${trees}${option === undefined ? '' : ` ${option}ADDRESS`}`;
  const next =
    code === 'adopt/no-profile' ? hint : code === 'adopt/nothing' ? `kubetls inspect ${trees}` : adopt;
  return `edges are unknown, and were not judged: ${message}. Next: ${next}`;
}

/** No component of Kubernetes takes a password for its key (crypto/tls X509KeyPair knows of none). */
function tellOpened(
  console: Context['console'],
  { inventory, origin }: NonNullable<TreeInput['derived']>,
  opened: ReadonlySet<string>,
): void {
  const used = new Set([...inventory.entries.keys()].map((path) => origin(path) ?? path));
  const count = [...opened].filter((path) => used.has(path)).length;
  if (count === 0) return;
  console.warn(
    `edges are judged as if what the password opened were there in the clear (${plural(count, 'file')}): no component of Kubernetes takes a password`,
  );
}

function tellUnseen(
  console: Context['console'],
  { unseen, cluster }: NonNullable<TreeInput['derived']>,
  isShut: boolean,
): void {
  if (unseen.size === 0) return;
  const why = isShut
    ? 'files of theirs could not be read, or stand outside of the tree'
    : 'the tree begins below the root of its node, and files of theirs stand beside it';
  const hint = `${isShut ? 'run as somebody who may read them, and ' : ''}name the root of the node, or a copy of it: / or cp1=/backup/cp1`;
  console.warn(
    `${number(unseen.size)} of ${plural(cluster.edges.length, 'edge')} ${unseen.size === 1 ? 'is' : 'are'} unknown: ${why}`,
    hint,
  );
}
