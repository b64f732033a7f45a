import { describe, expect, it } from 'vitest';
import { applied, carry, clusterOf, NOW } from '../../test/support/small-cluster.ts';
import { expectedFailure, type KubetlsError } from '../base/index.ts';
import { type Inventory, readInventory } from '../inventory/index.ts';
import { makeRenewal } from '../plan/index.ts';
import { deliveriesOf } from './deliveries.ts';
import { planRollout } from './plan-rollout.ts';
import { refuseBrokenRollout, refuseForeign } from './refuse.ts';
import { rehearseRollout } from './rehearse.ts';

const LATER = NOW + 1_000_000;
const PKI = 'nodes/master/etc/kubernetes/pki';
const CONF = 'nodes/master/etc/kubernetes/scheduler.conf';

const world = await applied(clusterOf({ profile: 'kubeadm' }));
const { cluster, inventory: old } = world;
await carry(
  makeRenewal(
    { cluster, inventory: old, at: LATER, written: await world.store.written() },
    { which: 'all', includes: () => true },
  ),
  world,
  LATER,
);
const state = readInventory(await world.store.read());
const bytesOf = (path: string, from: Inventory): Uint8Array => from.get(path)?.bytes ?? new Uint8Array();
const copied = (path: string, from: string) =>
  old.withFiles([{ path, mode: 0o600, bytes: bytesOf(from, old) }]);

function thrownBy(work: () => void): KubetlsError {
  try {
    work();
  } catch (error) {
    return expectedFailure(error);
  }
  throw new Error('nothing was refused');
}

function deliveries(found: Inventory, file: string) {
  return deliveriesOf(cluster, state, found, new Set(['master']), (item) =>
    (item.kind === 'pair' ? item.certificate.path : item.file.path).endsWith(file),
  );
}

describe('what a node is given', () => {
  it('the certificate alone, where the key is the same; nothing of a node that is not reached', () => {
    const all = deliveriesOf(cluster, state, old, new Set(['master']), () => true);
    expect(new Set(all.map(({ node }) => node))).toEqual(new Set(['master']));
    expect(all.every(({ refusal, changes }) => refusal === undefined && changes.length === 1)).toBe(true);
    const [one] = deliveries(old, 'pki/apiserver.crt');
    expect(one?.changes.map(({ path }) => path)).toEqual(['etc/kubernetes/pki/apiserver.crt']);
    expect(one?.seen.get('etc/kubernetes/pki/apiserver.crt')).toBe(old.get(`${PKI}/apiserver.crt`)?.sha256);
  });

  it('nothing, when it has it', () => {
    expect(deliveriesOf(cluster, state, state, new Set(['master', 'worker-1']), () => true)).toEqual([]);
  });

  it('with another key there: no certificate, the key, the certificate; and only with leave', () => {
    const [one] = deliveries(
      copied(`${PKI}/apiserver.key`, `${PKI}/front-proxy-client.key`),
      'pki/apiserver.crt',
    );
    expect(one?.changes.map((change) => ('remove' in change ? `-${change.path}` : change.path))).toEqual([
      '-etc/kubernetes/pki/apiserver.crt',
      'etc/kubernetes/pki/apiserver.key',
      'etc/kubernetes/pki/apiserver.crt',
    ]);
    expect(one?.refusal).toBe('another key stands there than in the state');
    const refused = thrownBy(() => refuseForeign(one ? [one] : [], new Set()));
    expect(refused.code).toBe('rollout/foreign-files');
    expect(refused.hint).toMatch(/^look at it there; then allow/);
    expect(refused.hint).toContain(`--overwrite ${PKI}/apiserver.crt --overwrite ${PKI}/apiserver.key`);
    refuseForeign(one ? [one] : [], new Set([`${PKI}/apiserver.crt`, `${PKI}/apiserver.key`]));
    refuseForeign(one ? [one] : [], new Set(['all']));
  });

  it('where nothing stands it may be the wrong directory, or a new node, which needs more than leaves', () => {
    const nothing = old.withFiles(
      [`${PKI}/apiserver.crt`, `${PKI}/apiserver.key`, CONF].map((path) => ({ path, remove: true })),
    );
    expect(deliveries(nothing, 'pki/apiserver.crt')[0]?.refusal).toBe('nothing stands there yet');
    expect(deliveries(nothing, 'scheduler.conf')[0]?.refusal).toBe('nothing stands there yet');
    const { hint } = thrownBy(() => refuseForeign(deliveries(nothing, 'scheduler.conf'), new Set()));
    expect(hint).toContain('if it is a new node, copy nodes/master of the state onto its root; if not, look');
  });

  it('a kubeconfig of somebody else is not written over', () => {
    const other = copied(CONF, 'nodes/master/etc/kubernetes/admin.conf');
    expect(deliveries(other, 'scheduler.conf')[0]?.refusal).toContain(
      'no certificate of system:kube-scheduler',
    );
    const garbage = old.withFiles([{ path: CONF, mode: 0o600, bytes: Buffer.from('no kubeconfig') }]);
    expect(deliveries(garbage, 'scheduler.conf')[0]?.refusal).toContain('no certificate of');
    expect(deliveries(old, 'scheduler.conf')[0]?.refusal).toBeUndefined();
  });
});

describe('a delivery is rehearsed on what really stands there', () => {
  function broken(found: Inventory) {
    const changed = new Map([['master', [`${PKI}/etcd/server.crt`]]]);
    const { steps } = planRollout({
      cluster,
      changed,
      owed: [],
      hostOf: (node) => node,
      restartOf: () => undefined,
    });
    return rehearseRollout(steps, cluster, found, state, LATER);
  }

  it('and breaks nothing where the node trusts whom the state does', () => {
    expect(broken(old)).toEqual([]);
  });

  it('and is refused where it would: a node with the key of another pair', () => {
    // Whole there, with certificate and key of its own; the state's certificate is for another key.
    const found = old.withFiles(
      ['crt', 'key'].map((ending) => ({
        path: `${PKI}/etcd/server.${ending}`,
        mode: 0o600,
        bytes: bytesOf(`${PKI}/etcd/peer.${ending}`, old),
      })),
    );
    const breaks = broken(found);
    expect(breaks.map(({ after }) => after)).toContain('deliver master');
    expect(thrownBy(() => refuseBrokenRollout(breaks, new Set())).code).toBe('rollout/breaks-edges');
    refuseBrokenRollout(breaks, new Set(breaks.map(({ edge }) => edge)));
  });
});
