/** What is drawn: the state by its kubetls.yaml, or trees that somebody else made by what they tell. */
import type { Secret } from '../../base/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import { trustGraph, type TrustGraph } from '../../graph/index.ts';
import { type Entry, type FileChange, type Inventory, readInventory } from '../../inventory/index.ts';
import { readMaterial } from '../../survey/index.ts';
import { evaluateAll } from '../../trust/index.ts';
import { goRules } from '../../verify/index.ts';
import type { Context } from '../context.ts';
import { openSession } from '../session.ts';
import { lookAtTrees } from '../trees/look-at-trees.ts';

export async function graphOfState(context: Context): Promise<TrustGraph> {
  const { cluster, inventory } = await openSession(context, { overTrees: 'graph' });
  const { at } = context;
  return trustGraph({ cluster, inventory, at, verdicts: verdictsOf(cluster, inventory, at) });
}

/** Whatever certificates are in the trees; their edges, as far as the files say who dials whom. */
export async function graphOfTrees(
  context: Context,
  words: readonly string[],
  password: Secret | undefined,
): Promise<TrustGraph> {
  const { at } = context;
  const { inventory: found, derived, looked, shown } = await lookAtTrees(context, words, password);
  const known = 'cluster' in derived ? derived : undefined;
  const origin = (path: string) => known?.origin(path);
  const placed = known?.inventory ?? readInventory([]);
  const standing = new Set([...placed.entries.keys()].map(origin));
  const inventory = placed.withFiles(
    [...found.entries.values()].flatMap((entry) => (standing.has(entry.path) ? [] : beside(entry, password))),
  );
  const graph = trustGraph({
    ...(!known && { name: looked }),
    cluster: known?.cluster,
    inventory,
    at,
    verdicts: new Map(
      known ? [...verdictsOf(known.cluster, inventory, at)].filter(([edge]) => !known.unseen.has(edge)) : [],
    ),
    edgesFrom: 'files',
  });
  const placeOf = (path: string) =>
    shown(path.startsWith(BESIDE) ? path.slice(BESIDE.length) : (origin(path) ?? path));
  return {
    ...graph,
    nodes: graph.nodes.map((node) =>
      'places' in node ? { ...node, places: [...new Set(node.places.map(placeOf))] } : node,
    ),
  };
}

function verdictsOf({ edges, spec }: Cluster, inventory: Inventory, at: number) {
  return evaluateAll(edges, inventory, at, { rules: goRules(spec.kubernetes.minor) });
}

/** What no edge reads stands where no edge looks. */
const BESIDE = 'beside/';

/** What only the survey reads, such as a keystore, is drawn as the certificates in it. */
function beside({ path, mode, bytes, content }: Entry, password: Secret | undefined): FileChange[] {
  const file = { path: `${BESIDE}${path}`, mode, bytes };
  if (content.kind === 'certificates' || content.kind === 'kubeconfig') return [{ ...file, content }];
  if (content.kind !== 'unreadable' || bytes.length === 0) return [];
  const certificates = readMaterial(bytes, path, password).certificates.map(({ value }) => value);
  if (certificates.length === 0) return [];
  return [{ ...file, content: { kind: 'certificates', certificates, problems: [] } }];
}
