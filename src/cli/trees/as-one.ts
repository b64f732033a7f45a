/** Trees that somebody else made as one inventory: what edges rest on where edges look for it, all else beside. */
import type { Secret } from '../../base/index.ts';
import type { Cluster, Edge } from '../../cluster/index.ts';
import { type Entry, type FileChange, type Inventory, readInventory } from '../../inventory/index.ts';
import { readMaterial } from '../../survey/index.ts';
import type { Context } from '../context.ts';
import { plural } from '../text.ts';
import { type LookedAtTrees, lookAtTrees } from './look-at-trees.ts';

export interface OneInventory {
  /** Undefined where the trees do not tell it. */
  readonly cluster: Cluster | undefined;
  /** Those of the cluster that can be judged: of others, files stand outside of the trees. */
  readonly judged: readonly Edge[];
  /** How many edges are not. */
  readonly unknown: number;
  readonly inventory: Inventory;
  /** How many files, or directories, could not be read. */
  readonly unread: number;
  /** Whether some file, or the files of some edge, could not be seen. */
  readonly incomplete: boolean;
  /** The trees, for people. */
  readonly looked: string;
  /** Where a path of the inventory really stands, for people. */
  readonly shown: (path: string) => string;
}

/** Whatever certificates are in the trees; their edges, as far as the files say who dials whom. */
export async function treesAsOne(
  context: Context,
  words: readonly string[],
  password: Secret | undefined,
): Promise<OneInventory> {
  const trees = await lookAtTrees(context, words, password);
  tellUnread(context, trees);
  const known = 'cluster' in trees.derived ? trees.derived : undefined;
  const origin = (path: string) => known?.origin(path);
  const placed = known?.inventory ?? readInventory([]);
  const standing = new Set([...placed.entries.keys()].map(origin));
  const others = [...trees.inventory.entries.values()].filter(({ path }) => !standing.has(path));
  const judged = known?.cluster.edges.filter(({ id }) => !known.unseen.has(id)) ?? [];
  return {
    cluster: known?.cluster,
    judged,
    unknown: known?.unseen.size ?? 0,
    inventory: placed.withFiles(others.flatMap((entry) => beside(entry, password))),
    unread: trees.unread.length,
    incomplete: trees.unread.length > 0 || judged.length === 0 || (known?.unseen.size ?? 0) > 0,
    looked: trees.looked,
    shown: (path) =>
      trees.shown(path.startsWith(BESIDE) ? path.slice(BESIDE.length) : (origin(path) ?? path)),
  };
}

function tellUnread({ console }: Context, { unread: [first, ...more], shown }: LookedAtTrees): void {
  if (!first) return;
  const others = more.length > 0 ? `, and ${plural(more.length, 'more file')}` : '';
  console.warn(`not read: ${shown(first.path)}: ${first.failure.message}${others}`);
}

/** What no edge reads stands where no edge looks. */
const BESIDE = 'beside/';

/** What only the survey reads, such as a keystore, is there as the certificates in it. */
function beside({ path, mode, bytes, content }: Entry, password: Secret | undefined): FileChange[] {
  const file = { path: `${BESIDE}${path}`, mode, bytes };
  if (content.kind === 'certificates' || content.kind === 'kubeconfig') return [{ ...file, content }];
  if (content.kind !== 'unreadable' || bytes.length === 0) return [];
  const certificates = readMaterial(bytes, path, password).certificates.map(({ value }) => value);
  if (certificates.length === 0) return [];
  return [{ ...file, content: { kind: 'certificates', certificates, problems: [] } }];
}
