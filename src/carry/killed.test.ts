import { describe, expect, it } from 'vitest';
import { Killed, NodesInMemory } from '../../test/support/nodes-in-memory.ts';
import { applied, carry, clusterOf, NOW, type World } from '../../test/support/small-cluster.ts';
import { DAY, YEAR } from '../base/index.ts';
import { type Inventory, readInventory } from '../inventory/index.ts';
import { makeRenewal } from '../plan/index.ts';
import { deliveriesOf, planRollout } from '../rollout/index.ts';
import type { Carried } from './types.ts';

const LATER = NOW + YEAR - 30 * DAY;
const RESTARTED = [
  'kube-controller-manager@master',
  'kube-scheduler@master',
  'kubelet@master',
  'kubelet@worker-1',
];

async function once(nodes: NodesInMemory, { cluster }: World, state: Inventory): Promise<Carried> {
  const found = state.withFiles([...nodes.disks.values()]);
  const names = new Set(cluster.spec.nodes.map(({ name }) => name));
  const deliveries = deliveriesOf(cluster, state, found, names, () => true);
  const changed = new Map<string, string[]>();
  for (const { node, files } of deliveries) changed.set(node, [...(changed.get(node) ?? []), ...files]);
  const rollout = planRollout({
    cluster,
    changed,
    owed: nodes.owedNow,
    hostOf: (node) => node,
    restartOf: ({ component }) => component,
  });
  return nodes.carried(rollout, deliveries, found, LATER);
}

describe('a roll-out that is killed at any operation', async () => {
  const world = await applied(clusterOf({ profile: 'kubeadm' }));
  const before = new Map([...world.inventory.entries].filter(([path]) => path.startsWith('nodes/')));
  const plan = makeRenewal(
    { cluster: world.cluster, inventory: world.inventory, at: LATER, written: await world.store.written() },
    { which: 'all', includes: () => true },
  );
  await carry(plan, world, LATER);
  const state = readInventory(await world.store.read());
  const total = new NodesInMemory(before);
  await once(total, world, state);

  it('is put on record step by step, and what each owes is noted', () => {
    // Twice: note, record, write. Four times: record, restart, note. A note for each gate: five and one.
    expect(total.operations).toBe(2 * 3 + 4 * 3 + 6);
    expect(total.recorded).toEqual(total.log);
    expect(total.log.filter((line) => line.startsWith('restart')).map((line) => line.slice(8))).toEqual(
      RESTARTED,
    );
  });

  for (const killed of ['before', 'after'] as const) {
    it.each(Array.from({ length: total.operations }, (_, i) => i + 1))(
      `${killed} operation %i: the next run ends what it began, and the one after has nothing to do`,
      async (killAt) => {
        const nodes = new NodesInMemory(before);
        Object.assign(nodes, { killAt, killed });
        await expect(once(nodes, world, state)).rejects.toThrow(Killed);
        const resumed = await once(nodes, world, state);
        expect(resumed.stopped).toBeUndefined();
        expect(nodes.owedNow).toEqual([]);
        for (const place of RESTARTED) {
          const [, node] = place.split('@');
          expect(nodes.log.lastIndexOf(`restart ${place}`), place).toBeGreaterThan(
            nodes.log.lastIndexOf(`write ${node}`),
          );
        }
        for (const path of before.keys())
          if (plan.actions.some((action) => action.verb === 'replace' && action.path === path))
            expect(nodes.disks.get(path)?.bytes, path).toEqual(state.get(path)?.bytes);
        const { length } = nodes.log;
        expect((await once(nodes, world, state)).done).toEqual([]);
        expect(nodes.log).toHaveLength(length);
      },
    );
  }
});
