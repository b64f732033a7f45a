/** Where the files to be judged come from: the state, or trees that somebody else made. */
import { resolve } from 'node:path';
import { placeParts, type TreeInput } from '../../audit/index.ts';
import type { Failure, Secret } from '../../base/index.ts';
import { type FoundFile, readInventory } from '../../inventory/index.ts';
import { readTrees } from '../../stores/index.ts';
import { Surveyor } from '../../survey/index.ts';
import type { Context } from '../context.ts';
import { openSession, planFor } from '../session.ts';
import { rootsFrom } from '../survey.ts';
import { shellWord, shownPath } from '../text.ts';
import { derivedFrom } from './derived.ts';
import type { Live } from './live.ts';
import { pathsBelow, RUNNING_CLUSTER } from './report.ts';

export interface Looked {
  readonly input: TreeInput;
  readonly looked: string;
  readonly shown: (path: string) => string;
}

export async function lookAt(
  context: Context,
  words: readonly string[],
  password: Secret | undefined,
  live: Live | undefined,
): Promise<Looked> {
  const looked = await (words.length === 0
    ? lookAtState(context, password)
    : lookAtTrees(context, words, password));
  return live ? withLive(looked, live) : looked;
}

/** Objects of the API are files among the others: what is wrong with a certificate is wrong wherever it stands. */
function withLive({ input, looked, shown }: Looked, { live, files, server }: Live): Looked {
  const inventory = input.inventory.withFiles(files);
  return {
    input: { ...input, inventory, live },
    looked: live.unseen.some(({ what }) => what === RUNNING_CLUSTER) ? looked : `${looked} and ${server}`,
    shown: (place) => (place.startsWith('live/') ? liveShown(place) : shown(place)),
  };
}

/** `Secret kube-system/web, data.tls.crt`: where it stands says it all. */
function liveShown(place: string): string {
  const { file, inside } = placeParts(place);
  return inside ?? file.slice('live/'.length);
}

async function lookAtState(context: Context, password: Secret | undefined): Promise<Looked> {
  const session = await openSession(context);
  const { cluster, inventory } = session;
  const { at, state, file } = context;
  const input = { inventory, at, cluster, plan: planFor(session, at), password };
  return { input, looked: shownPath(state), shown: pathsBelow(new Map([['', state]]), file) };
}

/** Each is taken for the root of a node. */
async function lookAtTrees(
  { at, file, console }: Context,
  words: readonly string[],
  password: Secret | undefined,
): Promise<Looked> {
  const roots = rootsFrom(words);
  const files: FoundFile[] = [];
  const unread: NonNullable<TreeInput['unread']>[number][] = [];
  const owners = new Map<string, number>();
  const surveyor = new Surveyor();
  for await (const found of readTrees(roots)) {
    surveyor.add(found);
    const { mode, bytes, failure, owner } = found;
    const path = `nodes/${found.root}/${found.path}`;
    if (bytes) files.push({ path, mode, bytes });
    else if (failure) unread.push({ path, failure });
    if (bytes && owner) owners.set(path, owner.uid);
  }
  const directories = new Map(roots.map(({ name, path }) => [`nodes/${name}/`, resolve(path)]));
  const inventory = readInventory(files);
  const derived = derivedFrom(surveyor.done(), inventory, roots, at);
  if ('code' in derived) console.warn(unknownEdges(derived, words));
  return {
    input: {
      inventory,
      at,
      unread,
      owners,
      password,
      ...('cluster' in derived && { derived }),
    },
    looked: roots.map(({ path }) => shownPath(resolve(path))).join(', '),
    shown: pathsBelow(directories, file),
  };
}

/** Edges are judged of a cluster that can be described: of others nothing is said. What adoption refuses has a hint. */
function unknownEdges({ code, message, hint = '' }: Failure, words: readonly string[]): string {
  const adopt = ['kubetls adopt', ...words.map(shellWord)].join(' ');
  const [, address] = /(--address \S+)$/.exec(hint) ?? [];
  const next = code === 'adopt/no-profile' ? hint : address === undefined ? adopt : `${adopt} ${address}`;
  return `edges are unknown, and were not judged: ${message}. Next: ${next}`;
}
