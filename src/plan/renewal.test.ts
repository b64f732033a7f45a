import { describe, expect, it } from 'vitest';
import { applied, carry, changesOf, clusterOf, NOW, planOf } from '../../test/support/small-cluster.ts';
import { DAY, YEAR } from '../base/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { isLeaf, makeRenewal, type RenewalChoice } from './renewal.ts';

const world = await applied();
const written = await world.store.written();
const leaves = world.cluster.items.filter(isLeaf).length;

function renewal(at: number, choice: Partial<RenewalChoice> = {}, inventory: Inventory = world.inventory) {
  return makeRenewal(
    { cluster: world.cluster, inventory, at, written },
    { which: 'due', includes: () => true, ...choice },
  );
}

describe('a renewal', () => {
  it('of what is due: nothing, then every leaf, and never an authority', () => {
    expect(renewal(NOW).summary).toMatchObject({ replace: 0, keep: leaves });
    const due = renewal(NOW + YEAR - 30 * DAY);
    expect(due.summary).toEqual({ create: 0, replace: leaves, rewrite: 0, remove: 0, keep: 0 });
    expect(new Set(due.actions.map(({ reason }) => reason.code))).toEqual(new Set(['renewal-window']));
  });

  it('of all: whatever their age, each for its key', () => {
    const all = renewal(NOW, { which: 'all' });
    expect(all.actions).toHaveLength(leaves);
    expect(all.actions.every(({ verb, key }) => verb === 'replace' && key === 'keep')).toBe(true);
  });

  it('of those that are meant', () => {
    const one = renewal(NOW, { which: 'all', includes: ({ id }) => id === 'node/master/apiserver' });
    expect(changesOf(one)).toEqual(['replace nodes/master/etc/kubernetes/pki/apiserver.crt (asked-for)']);
  });

  it('leaves what is no renewal to apply, and says so', () => {
    const pki = 'nodes/master/etc/kubernetes/pki';
    const inventory = world.inventory.withFiles([
      { path: `${pki}/scheduler.crt`, remove: true },
      { path: `${pki}/apiserver.key`, remove: true },
      { path: `${pki}/ca.crt`, remove: true },
    ]);
    const { warnings, summary } = renewal(NOW, {}, inventory);
    expect(summary.replace).toBe(0);
    expect(warnings).toEqual([
      'node/master/apiserver: its key is missing; that needs another key, which apply makes',
      'node/master/scheduler: its certificate is missing; the key stays; apply makes it',
      '1 more change is pending: see them with plan, carry them out with apply',
    ]);
  });

  it('names an authority that is due, since what it issues ends with it', () => {
    expect(renewal(NOW + 9.9 * YEAR).warnings).toContainEqual(
      expect.stringContaining(
        'authority/cluster: ends in 36 days, inside its renewal window; what it issues now ends with it',
      ),
    );
  });

  it('is foreign work where somebody else wrote the certificate', () => {
    const path = 'nodes/master/etc/kubernetes/pki/apiserver.crt';
    const { bytes } = world.inventory.get(path)!;
    const changed = world.inventory.withFiles([
      { path, mode: 0o644, bytes: Buffer.concat([bytes, Buffer.from('\n')]) },
    ]);
    const action = renewal(NOW, { which: 'all' }, changed).actions.find((one) => one.path === path);
    expect(action?.foreign).toEqual([path]);
  });

  it('leaves nothing to do', async () => {
    const other = await applied(clusterOf({ profile: 'kubeadm' }));
    const at = NOW + YEAR - 30 * DAY;
    const plan = makeRenewal(
      { cluster: other.cluster, inventory: other.inventory, at, written: await other.store.written() },
      { which: 'due', includes: () => true },
    );
    await carry(plan, other, at);
    expect(changesOf(await planOf(other, at))).toEqual([]);
  });
});
