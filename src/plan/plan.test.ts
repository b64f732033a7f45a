import { beforeAll, describe, expect, it } from 'vitest';
import {
  applied,
  carry,
  changesOf,
  clusterOf,
  NOW,
  planOf,
  tampered,
  type World,
} from '../../test/support/small-cluster.ts';
import { DAY, utf8, YEAR } from '../base/index.ts';
import { readInventory } from '../inventory/index.ts';
import { readPem, writePem } from '../x509/index.ts';
import { makePlan } from './plan.ts';

const MASTER = 'nodes/master/etc/kubernetes';

describe('a plan', () => {
  let world: World;
  beforeAll(async () => {
    world = await applied();
  });

  const planWith = (changes: Parameters<typeof tampered>[1], at = NOW, cluster = world.cluster) =>
    makePlan({ cluster, inventory: tampered(world, changes), at, written: new Map() });
  const file = (path: string) => {
    const { bytes, mode } = world.inventory.get(path) as { bytes: Uint8Array; mode: number };
    return { path, bytes, mode };
  };

  it('creates everything where there is nothing, authorities first', () => {
    const plan = makePlan({
      cluster: world.cluster,
      inventory: readInventory([]),
      at: NOW,
      written: new Map(),
    });
    expect(plan.summary).toEqual({
      create: world.cluster.items.length,
      replace: 0,
      rewrite: 0,
      remove: 0,
      keep: 0,
    });
    expect(plan.actions.slice(0, 3).map(({ item }) => item?.kind)).toEqual([
      'authority',
      'authority',
      'authority',
    ]);
  });

  it('has nothing to do after it was applied, and the same digest of the world each time', async () => {
    const plan = await planOf(world);
    expect(changesOf(plan)).toEqual([]);
    expect(plan.summary.keep).toBe(world.cluster.items.length);
    expect((await planOf(world)).world).toBe(plan.world);
  });

  it('replaces only the certificate inside the renewal window, and says how long it has', () => {
    const plan = planWith([], NOW + YEAR - 30 * DAY);
    const leaf = plan.actions.find(({ path }) => path === `${MASTER}/pki/apiserver.crt`);
    expect(leaf).toMatchObject({ verb: 'replace', key: 'keep', reason: { code: 'renewal-window' } });
    expect(leaf?.reason.text).toContain('30 days');
    expect(plan.actions.find(({ id }) => id.includes('authority'))?.verb ?? 'keep').toBe('keep');
  });

  it('honours renewBefore', () => {
    const cluster = clusterOf({ lifetimes: { renewBefore: '10d' } });
    expect(changesOf(planWith([], NOW + YEAR - 30 * DAY, cluster))).toEqual([]);
    expect(changesOf(planWith([], NOW + YEAR - 9 * DAY, cluster)).length).toBeGreaterThan(5);
  });

  it('renews an authority with the same key, and everything that shows it', () => {
    const changes = changesOf(planWith([], NOW + 9 * YEAR));
    expect(changes).toContain('replace authorities/cluster/g1/ca.crt (renewal-window)');
    expect(changes).toContain(`rewrite ${MASTER}/pki/ca.crt (stale-content)`);
    expect(changes).toContain('rewrite nodes/worker-1/etc/kubernetes/pki/ca.crt (stale-content)');
  });

  it('replaces what lacks a name, and names it', () => {
    const plan = planWith(
      [],
      NOW,
      clusterOf({ sans: { 'kube-apiserver': ['api.example.test', '203.0.113.7'] } }),
    );
    expect(changesOf(plan)).toEqual([`replace ${MASTER}/pki/apiserver.crt (wrong-name)`]);
    expect(plan.actions.find(({ verb }) => verb === 'replace')?.reason.text).toBe(
      'lacks the name DNS:api.example.test, IP:203.0.113.7',
    );
  });

  it('makes a new key when the algorithm is another, but never an authority’s', () => {
    const plan = planWith([], NOW, clusterOf({ keys: { algorithm: 'ecdsa-p384' } }));
    const leaf = plan.actions.find(({ path }) => path === `${MASTER}/pki/scheduler.crt`);
    expect(leaf).toMatchObject({ verb: 'replace', key: 'new', reason: { code: 'wrong-key' } });
    expect(plan.actions.filter(({ item, verb }) => item?.kind === 'authority' && verb !== 'keep')).toEqual(
      [],
    );
    expect(plan.warnings.join('\n')).toContain('only by a rotation');
  });

  it('notices a missing key, a key of another certificate, rubbish, and a wrong mode', () => {
    const [crt, key] = [`${MASTER}/pki/scheduler.crt`, `${MASTER}/pki/scheduler.key`];
    const otherKey = file(`${MASTER}/pki/apiserver.key`);
    expect(changesOf(planWith([{ path: key, remove: true }]))).toEqual([`replace ${crt} (missing)`]);
    expect(changesOf(planWith([{ ...file(key), bytes: otherKey.bytes, path: key, mode: 0o600 }]))).toContain(
      `replace ${crt} (key-mismatch)`,
    );
    expect(changesOf(planWith([{ path: crt, mode: 0o644, bytes: utf8('rubbish') }]))).toContain(
      `replace ${crt} (unreadable)`,
    );
    expect(changesOf(planWith([{ path: key, mode: 0o644, bytes: file(key).bytes }]))).toEqual([
      `rewrite ${crt} (wrong-mode)`,
    ]);
  });

  it('takes shortened lifetimes seriously', () => {
    const plan = planWith([], NOW, clusterOf({ lifetimes: { certificate: '10d' } }));
    const leaf = plan.actions.find(({ path }) => path === `${MASTER}/pki/apiserver.crt`);
    expect(leaf?.reason).toEqual({ code: 'too-long', text: 'ends in 365 days, kubetls.yaml allows 10 days' });
  });

  it('leaves an authority alone whose key cannot be read, and says so', () => {
    const path = 'authorities/cluster/g1/ca.key';
    const plan = planWith([{ path, mode: 0o600, bytes: utf8('-----BEGIN ENCRYPTED PRIVATE KEY-----') }]);
    expect(
      plan.actions.find(({ item }) => item?.id.includes('cluster') && item.kind === 'authority')?.verb,
    ).toBe('keep');
    const both = planWith([
      { path, mode: 0o600, bytes: utf8('rubbish') },
      { path: path.replace('.key', '.crt'), remove: true },
    ]);
    expect(both.actions.some(({ item, verb }) => item?.kind === 'authority' && verb !== 'keep')).toBe(false);
    expect(both.warnings.join('\n')).toContain('neither its certificate nor its key can be read');
  });

  it('settles in one run after an authority was renewed', async () => {
    const short = await applied(clusterOf({ lifetimes: { authority: '30d', certificate: '30d' } }));
    const longer = clusterOf({ lifetimes: { certificate: '1y', renewBefore: '40d' } });
    const first = makePlan({
      cluster: longer,
      inventory: short.inventory,
      at: NOW,
      written: await short.store.written(),
    });
    await carry(first, { ...short, cluster: longer });
    expect(changesOf(await planOf({ ...short, cluster: longer }))).toEqual([]);
  });

  it('keeps the key when only the certificate is missing', () => {
    const plan = planWith([{ path: `${MASTER}/pki/apiserver.crt`, remove: true }]);
    expect(plan.actions.find(({ verb }) => verb === 'create')).toMatchObject({
      key: 'keep',
      path: `${MASTER}/pki/apiserver.crt`,
    });
  });

  it('notices a bundle with another authority in it', async () => {
    const other = await applied();
    const strange = other.inventory.get(`${MASTER}/pki/ca.crt`)?.bytes as Uint8Array;
    const path = 'nodes/worker-1/etc/kubernetes/pki/ca.crt';
    expect(changesOf(planWith([{ path, mode: 0o644, bytes: strange }]))).toEqual([
      `rewrite ${path} (stale-content)`,
    ]);
  });

  it('replaces a certificate of an authority that only has the same name', async () => {
    const other = await applied();
    const path = `${MASTER}/pki/scheduler.crt`;
    const changes = [path, path.replace('.crt', '.key')].map((one) => ({
      path: one,
      mode: one.endsWith('key') ? 0o600 : 0o644,
      bytes: other.inventory.get(one)?.bytes as Uint8Array,
    }));
    const plan = planWith(changes);
    expect(changesOf(plan)).toEqual([`replace ${path} (wrong-issuer)`]);
    expect(plan.actions.find(({ verb }) => verb === 'replace')?.reason.text).toContain(
      'signed by another key',
    );
  });

  it('verifies the signature of whatever it did not write itself', async () => {
    const path = `${MASTER}/pki/scheduler.crt`;
    const [block] = readPem(file(path).bytes);
    const der = Uint8Array.from(block?.bytes ?? []);
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    const damaged = { ...file(path), bytes: utf8(writePem('CERTIFICATE', der)) };
    const inventory = tampered(world, [damaged]);
    const planned = (written: ReadonlyMap<string, string>) =>
      changesOf(makePlan({ cluster: world.cluster, inventory, at: NOW, written }));
    const written = await world.store.written();
    expect(planned(written)).toEqual([`replace ${path} (wrong-issuer)`]);
    // Only its own word, that it wrote this, is believed.
    const claimed = new Map([...written, [path, inventory.get(path)?.sha256 ?? '']]);
    expect(planned(claimed)).toEqual([]);
    claimed.delete(
      world.cluster.items.flatMap((item) => (item.kind === 'authority' ? item.certificate.path : []))[0] ??
        '',
    );
    expect(planned(claimed)).toEqual([`replace ${path} (wrong-issuer)`]);
  });

  it('names files that somebody else changed, and removes only what it wrote itself', async () => {
    const path = `${MASTER}/pki/scheduler.crt`;
    const note = 'nodes/worker-1/etc/kubernetes/pki/kubelet.crt';
    const smaller = clusterOf({
      nodes: [{ name: 'master', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.10'] }],
    });
    const inventory = tampered(world, [
      { path, mode: 0o644, bytes: utf8('rubbish') },
      { path: note, mode: 0o644, bytes: utf8('mine') },
    ]);
    const plan = makePlan({ cluster: smaller, inventory, at: NOW, written: await world.store.written() });
    expect(plan.actions.find((action) => action.path === path)?.foreign).toEqual([path]);
    const removed = plan.actions.filter(({ verb }) => verb === 'remove').map((action) => action.path);
    expect(removed).toContain('nodes/worker-1/etc/kubernetes/pki/kubelet.key');
    expect(removed).not.toContain(note);
    expect(removed.every((one) => one.startsWith('nodes/worker-1/'))).toBe(true);
  });
});
