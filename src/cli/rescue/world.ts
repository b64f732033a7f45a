/** What a rescue is decided by, and its roll-out. */
import type { Cluster } from '../../cluster/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import type { Plan } from '../../plan/index.ts';
import {
  type Dead,
  type Delivery,
  type Owed,
  planRescue,
  rescueDeliveriesOf,
  type Rollout,
} from '../../rollout/index.ts';
import { evaluateAll } from '../../trust/index.ts';
import { goRules } from '../../verify/index.ts';
import type { Gathered } from '../renew/machines.ts';
import { rolloutInput } from '../renew/roll-out.ts';
import type { Session } from '../session.ts';

export interface World {
  readonly session: Session;
  /** With the files that kubelets see to themselves. */
  readonly cluster: Cluster;
  readonly gathered: Gathered;
  readonly owed: readonly Owed[];
  readonly dead: Dead;
  readonly plan: Plan;
  readonly now: number;
}

export function rolloutOf(
  { session, cluster, gathered, owed, dead, plan, now }: World,
  state: Inventory,
): { rollout: Rollout; deliveries: readonly Delivery[]; found: Inventory } {
  const { found, reached } = gathered;
  // Authorities and people have no disk but the state.
  const disks = [...found.entries.values()].filter(({ path }) => path.startsWith('nodes/'));
  const there = state.withFiles(disks);
  const deliveries = rescueDeliveriesOf(cluster, state, there, new Set(reached.keys()), now);
  const after = there.withFiles(
    deliveries.flatMap(({ files }) => files.flatMap((path) => state.get(path) ?? [])),
  );
  const rules = goRules(session.cluster.spec.kubernetes.minor);
  const verdicts = [...evaluateAll(cluster.edges, after, now, { rules })];
  const rollout = planRescue({
    cluster,
    owed,
    ...rolloutInput(deliveries, plan, gathered),
    dead: dead.places,
    whole: new Set(verdicts.filter(([, { ok }]) => ok).map(([id]) => id)),
  });
  return { rollout, deliveries, found: there };
}
