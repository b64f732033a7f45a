/** Where the files to be judged come from: the state, or trees that somebody else made. */
import { placeParts, type TreeInput } from '../../audit/index.ts';
import type { Secret } from '../../base/index.ts';
import type { Context } from '../context.ts';
import { openSession, planFor } from '../session.ts';
import { shownPath } from '../text.ts';
import { lookAtTrees } from '../trees/look-at-trees.ts';
import { pathsBelow } from '../trees/paths.ts';
import type { Live } from './live.ts';
import { RUNNING_CLUSTER } from './report.ts';

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
    : lookAtForeign(context, words, password));
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
  const session = await openSession(context, { overTrees: 'check' });
  const { cluster, inventory } = session;
  const { at, state, file } = context;
  const input = { inventory, at, cluster, plan: planFor(session, at), password };
  return { input, looked: shownPath(state), shown: pathsBelow(new Map([['', state]]), file) };
}

async function lookAtForeign(
  context: Context,
  words: readonly string[],
  password: Secret | undefined,
): Promise<Looked> {
  const { derived, looked, shown, ...found } = await lookAtTrees(context, words, password);
  const input = { ...found, at: context.at, password, ...('cluster' in derived && { derived }) };
  return { input, looked, shown };
}
