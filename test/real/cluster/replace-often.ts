// What kube-apiserver and etcd of a node serve with, replaced over and over by the hands that bring a renewal to it.
import { carryRollout, type OwedStore } from '../../../src/carry/index.ts';
import { openHost } from '../../../src/hosts/index.ts';
import type { Inventory } from '../../../src/inventory/index.ts';
import type { LeafItem } from '../../../src/plan/index.ts';
import { deliveriesOf, type Owed, planRollout } from '../../../src/rollout/index.ts';
import type { RealCluster } from './real-cluster.ts';

/**
 * Brings to `node` what `states` say, each in its turn, `times` in all; its disk has the last of them. Of a roll-out's
 * steps the deliveries alone: a gate would wait until nobody dials any more with the one before.
 */
export async function replaceOften(
  { tree, disks }: RealCluster,
  node: string,
  states: readonly Inventory[],
  times: number,
): Promise<number> {
  const cluster = tree.cluster();
  const served = new Set(
    cluster.endpoints.flatMap(({ component, serves }) =>
      (component === 'kube-apiserver' || component === 'etcd') && serves !== 'self-signed'
        ? [serves.certificate]
        : [],
    ),
  );
  const isServed = (item: LeafItem) => item.kind === 'pair' && served.has(item.certificate.path);
  const host = openHost(disks.of(node));
  let replaced = 0;
  for (let i = 0; i < times; i++) {
    const [wanted, found] = [states.at(i % states.length), states.at((i - 1) % states.length)];
    if (!wanted || !found) throw new Error('there is no state');
    const deliveries = deliveriesOf(cluster, wanted, found, new Set([node]), isServed);
    const changed = new Map([[node, deliveries.flatMap(({ files }) => files)]]);
    const ways = { hostOf: () => host.name, restartOf: () => undefined };
    const { steps } = planRollout({ cluster, changed, owed: [], ...ways });
    const { done, stopped } = await carryRollout({
      rollout: { steps: steps.filter(({ kind }) => kind === 'deliver'), byHand: [] },
      deliveries,
      found,
      hostOf: () => host,
      restarterOf: () => undefined,
      look: async () => [],
      owed: inMemory(),
      record: async () => {},
      run: `often-${i}`,
      clock: { now: Date.now },
      sleep: async () => {},
    });
    if (stopped) throw new Error(stopped.failure.message);
    if (done.length !== 1) throw new Error(`${done.length} deliveries where one was expected`);
    replaced += deliveries.length;
  }
  await host.close();
  return replaced;
}

function inMemory(): OwedStore {
  let kept: readonly Owed[] = [];
  return { read: async () => kept, write: async (owed) => void (kept = owed) };
}
