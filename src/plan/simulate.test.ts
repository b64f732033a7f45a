import { describe, expect, it } from 'vitest';
import { applied, clusterOf, NOW, planOf, tampered } from '../../test/support/small-cluster.ts';
import { YEAR } from '../base/index.ts';
import { readInventory } from '../inventory/index.ts';
import { evaluate } from '../trust/index.ts';
import { makePlan } from './plan.ts';
import { simulate } from './simulate.ts';

describe('a rehearsal', () => {
  for (const profile of ['flat', 'kubeadm']) {
    it(`of a new ${profile} cluster ends with every edge whole and breaks none`, () => {
      const cluster = clusterOf({ profile });
      const inventory = readInventory([]);
      const plan = makePlan({ cluster, inventory, at: NOW, written: new Map() });
      const { breaks, whole, edges, after } = simulate(plan, cluster, inventory);
      expect(breaks).toEqual([]);
      expect(whole).toBe(edges);
      expect(edges).toBe(cluster.edges.length);
      expect(inventory.entries.size).toBe(0);
      expect(after.entries.size).toBeGreaterThan(20);
    });
  }

  it('agrees with what really happens: the same edges hold after the plan was applied', async () => {
    const world = await applied();
    for (const edge of world.cluster.edges)
      expect(evaluate(edge, world.inventory, NOW)).toMatchObject({ ok: true });
  });

  it('finds no break in a renewal of everything, authorities included', async () => {
    const world = await applied();
    const plan = await planOf(world, NOW + YEAR - 1000);
    expect(plan.summary.replace).toBeGreaterThan(5);
    expect(simulate(plan, world.cluster, world.inventory).breaks).toEqual([]);
    const late = makePlan({
      cluster: world.cluster,
      inventory: world.inventory,
      at: NOW + 9 * YEAR,
      written: new Map(),
    });
    expect(simulate(late, world.cluster, world.inventory).breaks).toEqual([]);
  });

  it('evaluates again only the edges that an action touches', async () => {
    const world = await applied();
    const inventory = tampered(world, [
      { path: 'nodes/worker-1/etc/kubernetes/pki/kubelet.crt', remove: true },
    ]);
    const plan = makePlan({ cluster: world.cluster, inventory, at: NOW, written: new Map() });
    const { evaluations, edges } = simulate(plan, world.cluster, inventory);
    expect(plan.summary).toMatchObject({ create: 1, replace: 0, rewrite: 0 });
    expect(evaluations).toBe(edges + 1);
  });

  it('finds the break when an authority is lost and made anew under a running cluster', async () => {
    const world = await applied();
    const inventory = tampered(world, [
      { path: 'authorities/cluster/g1/ca.crt', remove: true },
      { path: 'authorities/cluster/g1/ca.key', remove: true },
    ]);
    const plan = makePlan({ cluster: world.cluster, inventory, at: NOW, written: new Map() });
    const { breaks } = simulate(plan, world.cluster, inventory);
    expect(breaks.length).toBeGreaterThan(5);
    expect(breaks[0]?.error).toContain('x509: certificate signed by unknown authority');
  });
});
