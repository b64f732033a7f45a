// A rescue of a cluster of which everything is dead, killed before and after each of its operations.
import { describe, expect, it } from 'vitest';
import { Killed, NodesInMemory } from '../../test/support/nodes-in-memory.ts';
import { applied, carry, clusterOf, NOW, THREE_OF_EACH } from '../../test/support/small-cluster.ts';
import { YEAR } from '../base/index.ts';
import { type Inventory, readInventory } from '../inventory/index.ts';
import { makeRescue } from '../plan/index.ts';
import { deadIn, planRescue, rescueDeliveriesOf } from '../rollout/index.ts';
import type { Carried } from './types.ts';

const LATER = NOW + 11 * YEAR;
const ORDER = [
  'kubelet@a',
  'kubelet@b',
  'kubelet@c',
  ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].flatMap((component) =>
    ['a', 'b', 'c'].map((node) => `${component}@${node}`),
  ),
  'kubelet@w',
];

const cluster = clusterOf({ ...THREE_OF_EACH, profile: 'kubeadm' });

async function once(nodes: NodesInMemory, state: Inventory): Promise<Carried> {
  const found = state.withFiles([...nodes.disks.values()]);
  const names = new Set(cluster.spec.nodes.map(({ name }) => name));
  const deliveries = rescueDeliveriesOf(cluster, state, found, names, LATER);
  const changed = new Map<string, string[]>();
  for (const { node, files } of deliveries) changed.set(node, [...(changed.get(node) ?? []), ...files]);
  const rollout = planRescue({
    cluster,
    changed,
    owed: nodes.owedNow,
    dead: deadIn(cluster, found, LATER).places,
    whole: new Set(cluster.edges.map(({ id }) => id)),
    hostOf: (node) => node,
    restartOf: ({ component }) => component,
  });
  return nodes.carried(rollout, deliveries, found, LATER);
}

const restartsIn = (log: readonly string[]): string[] =>
  log.filter((line) => line.startsWith('restart')).map((line) => line.slice('restart '.length));

describe('a rescue that is killed at any operation', async () => {
  const world = await applied(cluster);
  const before = new Map([...world.inventory.entries].filter(([path]) => path.startsWith('nodes/')));
  const plan = makeRescue({
    cluster,
    inventory: world.inventory,
    found: world.inventory,
    at: LATER,
    written: await world.store.written(),
  });
  await carry(plan, world, LATER);
  const state = readInventory(await world.store.read());
  const whole = new NodesInMemory(before);
  await once(whole, state);

  it('gives all nodes their files before it restarts anything, and restarts in the order of need', () => {
    expect(whole.log.slice(0, 4)).toEqual(['write a', 'write b', 'write c', 'write w']);
    expect(restartsIn(whole.log)).toEqual(ORDER);
    expect(whole.owedNow).toEqual([]);
    expect(whole.recorded).toEqual(whole.log);
  });

  for (const killed of ['before', 'after'] as const) {
    it.each(Array.from({ length: whole.operations }, (_, i) => i + 1))(
      `${killed} operation %i: the next run ends what it began, in the same order`,
      async (killAt) => {
        const nodes = new NodesInMemory(before);
        Object.assign(nodes, { killAt, killed });
        await expect(once(nodes, state)).rejects.toThrow(Killed);
        const done = restartsIn(nodes.log).length;
        const resumed = await once(nodes, state);
        expect(resumed.stopped).toBeUndefined();
        expect(nodes.owedNow).toEqual([]);
        // What was under way when it was killed may be restarted twice, and nothing before it.
        const rest = restartsIn(nodes.log).slice(done);
        expect(rest).toEqual(ORDER.slice(ORDER.length - rest.length));
        expect(rest.length - (ORDER.length - done)).toBeLessThan(2);
        for (const path of before.keys())
          if (plan.actions.some((action) => action.verb !== 'keep' && action.path === path))
            expect(nodes.disks.get(path)?.bytes, path).toEqual(state.get(path)?.bytes);
        // What was done is on record, and may stand there twice.
        expect(new Set(nodes.recorded)).toEqual(new Set(nodes.log));
        const { length } = nodes.log;
        expect((await once(nodes, state)).done).toEqual([]);
        expect(nodes.log).toHaveLength(length);
      },
    );
  }
});
