import { describe, expect, it } from 'vitest';
import { applied, clusterOf, NOW, tampered } from '../../test/support/small-cluster.ts';
import { DAY, YEAR } from '../base/index.ts';
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
      const { breaks, whole, edges, after } = simulate(plan, cluster, inventory, NOW);
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

  it('finds no break in a renewal of everything that is alive, authorities included', async () => {
    const cluster = clusterOf({ lifetimes: { authority: '20d', certificate: '19d' } });
    const world = await applied(cluster);
    const later = NOW + 17 * DAY;
    const plan = makePlan({ cluster, inventory: world.inventory, at: later, written: new Map() });
    const authorities = plan.actions.filter(({ item }) => item?.kind === 'authority');
    expect(authorities.map(({ verb }) => verb)).toEqual(['replace', 'replace', 'replace']);
    expect(plan.summary.replace).toBeGreaterThan(10);
    for (const edge of cluster.edges) expect(evaluate(edge, world.inventory, later).ok).toBe(true);
    const { breaks, whole, edges } = simulate(plan, cluster, world.inventory, later);
    expect(breaks).toEqual([]);
    expect(whole).toBe(edges);
  });

  it('is made for the instant of carrying out: an old plan that breaks what lives now is found out', async () => {
    const world = await applied();
    const inventory = tampered(
      world,
      ['crt', 'key'].map((ending) => ({
        path: `authorities/cluster/g1/ca.${ending}`,
        remove: true as const,
      })),
    );
    const plan = makePlan({ cluster: world.cluster, inventory, at: NOW + 11 * YEAR, written: new Map() });
    expect(simulate(plan, world.cluster, inventory, NOW).breaks.length).toBeGreaterThan(5);
  });

  it('evaluates again only the edges that an action touches', async () => {
    const world = await applied();
    const inventory = tampered(world, [
      { path: 'nodes/worker-1/etc/kubernetes/pki/kubelet.crt', remove: true },
    ]);
    const plan = makePlan({ cluster: world.cluster, inventory, at: NOW, written: new Map() });
    const { evaluations, edges } = simulate(plan, world.cluster, inventory, NOW);
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
    const { breaks } = simulate(plan, world.cluster, inventory, NOW);
    expect(breaks.length).toBeGreaterThan(5);
    expect(breaks[0]?.error).toContain('x509: certificate signed by unknown authority');
  });
});
