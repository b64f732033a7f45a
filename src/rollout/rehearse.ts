/** What each delivery does to every edge, judged by what really stands on the nodes: before anything is written. */
import type { Instant } from '../base/index.ts';
import type { Cluster } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { Break } from '../plan/index.ts';
import { edgeIndex, evaluate, nodeAddresses } from '../trust/index.ts';
import { goRules } from '../verify/index.ts';
import type { Step } from './types.ts';

/**
 * @param found what stands on the nodes' disks
 * @param state what they are given
 * @returns edges that hold now and would not after the delivery to a node
 */
export function rehearseRollout(
  steps: readonly Step[],
  { edges, spec }: Cluster,
  found: Inventory,
  state: Inventory,
  now: Instant,
): Break[] {
  const index = edgeIndex(edges, found);
  const options = { addresses: nodeAddresses(edges), rules: goRules(spec.kubernetes.minor) };
  const breaks: Break[] = [];
  let world = found;
  for (const step of steps) {
    if (step.kind !== 'deliver') continue;
    const before = world;
    world = world.withFiles(step.files.map((path) => state.get(path)).filter((entry) => entry !== undefined));
    for (const edge of index.touchedBy(step.files, world)) {
      const { ok, error } = evaluate(edge, world, now, options);
      if (!ok && evaluate(edge, before, now, options).ok)
        breaks.push({ after: step.id, edge: edge.id, error: error ?? '' });
    }
  }
  return breaks;
}
