/** What is drawn: the state by its kubetls.yaml, or trees that somebody else made by what they tell. */
import type { Secret } from '../../base/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import { trustGraph, type TrustGraph } from '../../graph/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { evaluateAll } from '../../trust/index.ts';
import { goRules } from '../../verify/index.ts';
import type { Context } from '../context.ts';
import { openSession } from '../session.ts';
import { treesAsOne } from '../trees/as-one.ts';

export async function graphOfState(context: Context): Promise<TrustGraph> {
  const { cluster, inventory } = await openSession(context, { overTrees: 'graph' });
  const { at } = context;
  return trustGraph({ cluster, inventory, at, verdicts: verdictsOf(cluster, inventory, at) });
}

export async function graphOfTrees(
  context: Context,
  words: readonly string[],
  password: Secret | undefined,
): Promise<TrustGraph> {
  const { at } = context;
  const { cluster, judged, inventory, looked, shown } = await treesAsOne(context, words, password);
  const isJudged = new Set(judged.map(({ id }) => id));
  const graph = trustGraph({
    ...(!cluster && { name: looked }),
    cluster,
    inventory,
    at,
    verdicts: new Map(
      cluster ? [...verdictsOf(cluster, inventory, at)].filter(([edge]) => isJudged.has(edge)) : [],
    ),
    edgesFrom: 'files',
  });
  return {
    ...graph,
    nodes: graph.nodes.map((node) =>
      'places' in node ? { ...node, places: [...new Set(node.places.map(shown))] } : node,
    ),
  };
}

function verdictsOf({ edges, spec }: Cluster, inventory: Inventory, at: number) {
  return evaluateAll(edges, inventory, at, { rules: goRules(spec.kubernetes.minor) });
}
