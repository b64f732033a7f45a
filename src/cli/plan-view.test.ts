import { describe, expect, it } from 'vitest';
import { recordedConsole } from '../../test/support/recorded-console.ts';
import { applied, clusterOf, NOW, planOf, type World } from '../../test/support/small-cluster.ts';
import { DAY } from '../base/index.ts';
import { readInventory } from '../inventory/index.ts';
import { makePlan, type Plan, type Rehearsal } from '../plan/index.ts';
import { printPlan } from './plan-view.ts';

const nodes = (workers: number) => [
  { name: 'master', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.10'] },
  ...Array.from({ length: workers }, (_, i) => ({
    name: `w-${i}`,
    roles: ['worker'],
    addresses: [`10.${1 + (i >> 8)}.${i & 255}.1`],
  })),
];

const fresh = (workers: number): Plan =>
  makePlan({
    cluster: clusterOf({ nodes: nodes(workers) }),
    inventory: readInventory([]),
    at: NOW,
    written: new Map(),
  });

function shown(plan: Plan, rehearsal?: Rehearsal, verbose = false): string {
  const { console, text } = recordedConsole({ verbose });
  printPlan(console, plan, rehearsal);
  return text();
}

describe('a plan as text', () => {
  it('of one node shows every file with its reason', () => {
    const text = shown(fresh(0));
    expect(text).toMatch(
      /^authorities and shared keys\n {2}\+ create +authorities\/cluster\/g1\/ca.crt {2}does not/,
    );
    expect(text).toContain('  + create  nodes/master/etc/kubernetes/pki/apiserver.crt  does not exist yet');
    expect(text).toMatch(/Plan: \d+ to create, 0 to replace, 0 to rewrite, 0 to remove, 0 in order\.$/);
  });

  it('of 50 and of 1,000 nodes fits a screen: nodes that need the same are one line', () => {
    for (const workers of [50, 1_000]) {
      const text = shown(fresh(workers));
      expect(text.split('\n').length).toBeLessThan(10);
      expect(text).toMatch(/^w-0 and [\d,]+ others, to w-\d+ {2}\+ \d items to create each$/m);
      expect(text).toContain('(-v shows every file)');
    }
    expect(shown(fresh(1_000))).toMatch(/w-0 and 999 others, to w-999/);
    expect(shown(fresh(50), undefined, true).match(/\+ create/g)).toHaveLength(fresh(50).actions.length);
  });

  it('spells out what is replaced, also when there is much of it', async () => {
    const world: World = await applied(clusterOf({ nodes: nodes(30) }));
    const text = shown(await planOf(world, NOW + 330 * DAY));
    expect(text).toMatch(
      /^w-0 and 29 others, to w-29\n {2}~ replace \/etc\/kubernetes\/pki\/kubelet\.crt {2}ends in/m,
    );
    expect(text).not.toContain('w-7');
  });

  it('marks what somebody else changed, and says nothing of what is in order', async () => {
    const world = await applied();
    expect(shown(await planOf(world))).toMatch(/^Nothing to do: \d+ items in order\.$/);
    const path = 'nodes/master/etc/kubernetes/pki/apiserver.crt';
    const inventory = world.inventory.withFiles([{ path, mode: 0o644, bytes: Buffer.from('x') }]);
    const plan = makePlan({
      cluster: world.cluster,
      inventory,
      at: NOW,
      written: await world.store.written(),
    });
    expect(shown(plan)).toMatch(/~ replace nodes\/master\/\S+apiserver\.crt .*\(changed by somebody else\)/);
    expect(shown(plan, undefined, true)).toMatch(/= keep +\S+ +in order/);
  });

  it('names the edges that would break, by step and reason', () => {
    const plan = fresh(0);
    const breaks = Array.from({ length: 9 }, (_, i) => ({
      after: 'node/master/ca.crt',
      edge: `kubelet@w-${i}/kube-apiserver@master`,
      error: 'x509: certificate signed by unknown authority',
    }));
    const rehearsal = { plan, breaks, whole: 0, edges: 9, evaluations: 18 } as unknown as Rehearsal;
    const text = shown(plan, rehearsal);
    expect(text).toContain('Rehearsed: 9 edges would break (predicted), so apply refuses:');
    expect(text.match(/unknown authority/g)).toHaveLength(1);
    expect(text).toContain('    kubelet@w-0/kube-apiserver@master\n');
    expect(text).toContain('… and 4 more edges');
    expect(shown(plan, rehearsal, true)).toContain('kubelet@w-8/');
  });
});
