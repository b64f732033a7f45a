import { describe, expect, it } from 'vitest';
import { applied, carry, changesOf, clusterOf, NOW, planOf } from '../../test/support/small-cluster.ts';
import { DAY, YEAR } from '../base/index.ts';
import { rotatedItems } from '../cluster/index.ts';
import { type Inventory, readInventory } from '../inventory/index.ts';
import { evaluateAll } from '../trust/index.ts';
import { readCertificates, writePem } from '../x509/index.ts';
import { isLeaf } from './renewal.ts';
import { makeRescue } from './rescue.ts';

const world = await applied(clusterOf({ profile: 'kubeadm' }));
const written = await world.store.written();
const CA = 'authorities/cluster/g1/ca';

function rescue(at: number, inventory: Inventory = world.inventory, found = inventory) {
  return makeRescue({ cluster: world.cluster, inventory, found, at, written });
}

describe('a rescue', () => {
  it('of what holds: nothing', () => expect(changesOf(rescue(NOW))).toEqual([]));

  it('of leaves that have ended: each for its key, and nothing else', () => {
    const plan = rescue(NOW + 2 * YEAR);
    const changes = plan.actions.filter(({ verb }) => verb !== 'keep');
    expect(
      changes.every(({ verb, key, reason }) => `${verb} ${key} ${reason.code}` === 'replace keep expired'),
    ).toBe(true);
    expect(changes).toHaveLength(world.cluster.items.filter(isLeaf).length);
  });

  it('of authorities that have ended too: they come first, then whoever shows them', async () => {
    const at = NOW + 11 * YEAR;
    const other = await applied(clusterOf({ profile: 'kubeadm' }));
    const plan = makeRescue({
      cluster: other.cluster,
      inventory: other.inventory,
      found: other.inventory,
      at,
      written: await other.store.written(),
    });
    expect(changesOf(plan).slice(0, 3)).toEqual(
      ['cluster', 'front-proxy', 'etcd'].map((id) => `replace authorities/${id}/g1/ca.crt (expired)`),
    );
    expect(plan.warnings).toEqual([]);
    const old = await evaluate(other, at);
    expect(old.filter(({ ok }) => ok).length).toBeLessThan(4);
    await carry(plan, other, at);
    expect((await evaluate(other, at)).filter(({ ok }) => !ok)).toEqual([]);
    expect(changesOf(await planOf(other, at))).toEqual([]);
  });

  it('takes an authority along that ends within the month, and no other', () => {
    const authorities = (at: number) => changesOf(rescue(at)).filter((line) => line.includes('authorities/'));
    expect(authorities(NOW + 10 * YEAR - 29 * DAY)).toHaveLength(3);
    expect(authorities(NOW + 10 * YEAR - 31 * DAY)).toEqual([]);
  });

  it('says when an authority that it leaves ends before what it issues would', () => {
    expect(rescue(NOW + 10 * YEAR - 31 * DAY).warnings).toEqual(
      ['cluster', 'front-proxy', 'etcd'].map(
        (id) => `authority/${id} ends on 2036-11-20T12:00:00Z: what it issues now ends with it`,
      ),
    );
    expect(rescue(NOW + 9 * YEAR).warnings).toEqual([]);
    expect(rescue(NOW + 10 * YEAR - 29 * DAY).warnings).toEqual([]);
  });

  it('leaves other keys, what is missing and what is somebody’s to apply, and says so', () => {
    const pki = 'nodes/master/etc/kubernetes/pki';
    const inventory = world.inventory.withFiles([
      { path: `${pki}/apiserver.key`, remove: true },
      { path: `${pki}/etcd/peer.crt`, remove: true },
      { path: `${pki}/etcd/peer.key`, remove: true },
    ]);
    const plan = rescue(NOW + 2 * YEAR, inventory);
    expect(plan.warnings).toEqual([
      'node/master/apiserver: expired on 2027-11-23T12:00:00Z, and its key is missing: what needs it stays dead until it has another key: apply makes one',
      '2 more changes are pending: see them with plan, carry them out with apply',
    ]);
  });
});

describe('what somebody else made', async () => {
  const at = NOW + 11 * YEAR;
  const foreign = (inventory: Inventory, path: string) =>
    makeRescue({ cluster: world.cluster, inventory, found: inventory, at, written: new Map() }).actions.find(
      (action) => action.path === path,
    )?.foreign;
  const ca = 'nodes/worker-1/etc/kubernetes/pki/ca.crt';
  const conf = 'nodes/master/etc/kubernetes/admin.conf';
  const { inventory } = world;

  it('is replaced without leave where it has ended, and where it is the same authority with older dates', () => {
    expect(foreign(inventory, 'nodes/master/etc/kubernetes/pki/apiserver.crt')).toEqual([]);
    expect(foreign(inventory, ca)).toEqual([]);
    expect(foreign(inventory, conf)).toEqual([]);
    expect(foreign(inventory, 'authorities/etcd/g1/ca.crt')).toEqual([]);
  });

  it('is asked for where others are trusted too', async () => {
    const other = await applied(clusterOf({ profile: 'kubeadm' }));
    const both = Buffer.concat([inventory.get(ca)!.bytes, other.inventory.get(ca)!.bytes]);
    expect(foreign(inventory.withFiles([{ path: ca, mode: 0o644, bytes: both }]), ca)).toEqual([ca]);
  });

  it('is left alone where another server is meant, and nothing in it has ended', () => {
    const text = Buffer.from(inventory.get(conf)!.bytes).toString();
    const bytes = Buffer.from(text.replace(/https:\/\/[^\s"]+/, 'https://tunnel.example:7000'));
    const plan = rescue(NOW, inventory.withFiles([{ path: conf, mode: 0o600, bytes }]));
    expect(plan.actions.some(({ path }) => path === conf)).toBe(false);
    expect(plan.warnings).toEqual([
      '1 more change is pending: see them with plan, carry them out with apply',
    ]);
  });
});

describe('a rescue of what somebody else made', () => {
  const at = NOW + 11 * YEAR;
  const CA_FILE = 'nodes/worker-1/etc/kubernetes/pki/ca.crt';
  const CONF = 'nodes/master/etc/kubernetes/admin.conf';
  const foreign = (found: Inventory, when = at) =>
    makeRescue({ cluster: world.cluster, inventory: found, found, at: when, written: new Map() })
      .actions.filter((action) => action.foreign.length > 0)
      .map(({ path }) => path);

  it('needs no leave for what loses nothing but dates', () => {
    expect(foreign(world.inventory, NOW + 2 * YEAR)).toEqual([]);
    expect(foreign(world.inventory)).toEqual([]);
  });

  it('asks before others lose their trust, or a kubeconfig its server', async () => {
    const stranger = await applied(world.cluster);
    const bytes = Buffer.concat(
      [CA_FILE, CA_FILE].map((path, i) => [world, stranger][i]!.inventory.get(path)!.bytes),
    );
    expect(foreign(world.inventory.withFiles([{ path: CA_FILE, mode: 0o644, bytes }]))).toEqual([CA_FILE]);
    const text = Buffer.from(world.inventory.get(CONF)!.bytes).toString();
    const elsewhere = Buffer.from(text.replace(/server: .*/, 'server: https://10.9.9.9:6443'));
    expect(elsewhere.toString()).not.toBe(text);
    const conf = world.inventory.withFiles([{ path: CONF, mode: 0o600, bytes: elsewhere }]);
    expect(foreign(conf)).toEqual([CONF]);
    expect(foreign(conf, NOW + 2 * YEAR)).toEqual([CONF]);
  });

  it('leaves what has not ended', () => {
    const cluster = clusterOf({ profile: 'kubeadm', sans: { 'kube-apiserver': ['api.example.test'] } });
    const { inventory } = world;
    const plan = makeRescue({ cluster, inventory, found: inventory, at: NOW, written: new Map() });
    expect(changesOf(plan)).toEqual([]);
    expect(plan.warnings).toEqual([
      '1 more change is pending: see them with plan, carry them out with apply',
    ]);
  });

  it('keeps every key, whatever the file says of algorithms by now', async () => {
    const other = await applied(clusterOf({ profile: 'kubeadm' }));
    const cluster = clusterOf({ profile: 'kubeadm', keys: { algorithm: 'rsa-2048' } });
    const input = { cluster, inventory: other.inventory, found: other.inventory, at };
    const plan = makeRescue({ ...input, written: await other.store.written() });
    expect(changesOf(plan)).toEqual(changesOf(rescue(at)));
    expect(plan.actions.filter(({ key }) => key === 'new')).toEqual([]);
    await carry(plan, { ...other, cluster }, at);
    expect((await evaluate(other, at)).filter(({ ok }) => !ok)).toEqual([]);
  });
});

describe('what cannot be rescued here', () => {
  const at = NOW + 2 * YEAR;
  const without = (...paths: string[]) =>
    world.inventory.withFiles(paths.map((path) => ({ path, remove: true }) as const));

  it('certificates of an authority whose key is elsewhere: what to have signed', () => {
    expect(() => rescue(at, without(`${CA}.key`))).toThrow(
      /the key of the authority cluster is not here, and \d+ certificates need it: node\/master\/apiserver expired on/,
    );
  });

  it('not where nothing of that authority has ended', () => {
    expect(changesOf(rescue(NOW, without(`${CA}.key`)))).toEqual([]);
    const cluster = clusterOf({ profile: 'kubeadm', sans: { 'kube-apiserver': ['api.example.test'] } });
    const inventory = without(`${CA}.key`);
    expect(changesOf(makeRescue({ cluster, inventory, found: inventory, at: NOW, written }))).toEqual([]);
  });

  it('a key that cannot be read, or is that of another certificate: it says so', async () => {
    const ended = NOW + 11 * YEAR;
    const withKey = (bytes: Uint8Array) =>
      world.inventory.withFiles([{ path: `${CA}.key`, mode: 0o600, bytes }]);
    const encrypted = Buffer.from(
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n',
    );
    expect(() => rescue(at, withKey(encrypted))).toThrow(
      'the key of the authority cluster cannot be read: the private key is encrypted, and',
    );
    expect(() => rescue(ended, withKey(encrypted))).toThrow(
      'and the key of this authority cannot be read: the private key is encrypted',
    );
    const other = withKey((await applied(world.cluster)).inventory.get(`${CA}.key`)!.bytes);
    expect(() => rescue(at, other)).toThrow(
      'the key of the authority cluster is not the one of the certificate beside it, and',
    );
    expect(() => rescue(ended, other)).toThrow('is not the one of the certificate beside it');
  });

  it('an authority that has ended, whose key is elsewhere', () => {
    expect(() => rescue(NOW + 11 * YEAR, without(`${CA}.key`))).toThrow(
      'expired on 2036-11-20T12:00:00Z, and the key of this authority is not here',
    );
  });

  it('a day that is before all certificates: the clock is wrong', () => {
    expect(() => rescue(NOW - YEAR)).toThrow(
      'begins on 2026-11-23T11:55:00Z, and the clock of this machine says',
    );
  });
});

describe('kubelets that see to their own certificates', async () => {
  const cluster = clusterOf({ profile: 'kubeadm', kubelets: { client: 'rotated', serving: 'rotated' } });
  const [server, client, config] = rotatedItems(cluster).filter(({ owner }) => owner?.name === 'worker-1');
  const other = await applied(cluster);
  const path = client?.kind === 'pair' ? client.certificate.path : '';
  const otherWritten = await other.store.written();
  /** Stands for what the kubelet was given by the API, long ago. */
  const pem = world.inventory.get('nodes/worker-1/var/lib/kubelet/pki/kubelet.crt')!.bytes;
  const conf = world.inventory.get('nodes/worker-1/etc/kubernetes/kubelet.conf')!.bytes;
  const disk = other.inventory.withFiles([
    { path, mode: 0o600, bytes: pem },
    { path: config?.kind === 'kubeconfig' ? config.file.path : '', mode: 0o600, bytes: conf },
  ]);
  const plan = (at: number, found: Inventory, inventory = other.inventory) =>
    makeRescue({ cluster, inventory, found, at, written: otherWritten });

  it('are named by their places', () => {
    expect([server?.id, client?.id, config?.id]).toEqual([
      'node/worker-1/var/lib/kubelet/pki/kubelet-server-current.pem',
      'node/worker-1/var/lib/kubelet/pki/kubelet-client-current.pem',
      'node/worker-1/kubelet.conf',
    ]);
  });

  it('get one with another key where theirs has ended, in one file, that verifies', async () => {
    const at = NOW + 2 * YEAR;
    const asked = plan(at, disk);
    expect(changesOf(asked).filter((line) => line.includes('current.pem'))).toEqual([
      `create ${path} (expired)`,
    ]);
    const { inventory } = await carry(asked, other, at);
    const made = readInventory(await other.store.read()).get(path)!;
    expect(made.mode).toBe(0o600);
    const text = Buffer.from(made.bytes).toString();
    expect(text.match(/-----BEGIN [A-Z ]+-----/g)).toEqual([
      '-----BEGIN CERTIFICATE-----',
      '-----BEGIN EC PRIVATE KEY-----',
    ]);
    const [certificate] = readCertificates(made.bytes).certificates;
    expect(text.startsWith(writePem('CERTIFICATE', certificate!.der))).toBe(true);
    // Killed before it was brought to the node: it is not made again.
    expect(changesOf(plan(at, disk, inventory))).toEqual([]);
    // No plan takes it away again.
    expect(changesOf(await planOf({ ...other, inventory }, at))).toEqual([]);
  });

  it('are left alone where theirs hold, and are named where nothing is known of them', () => {
    expect(changesOf(plan(NOW, disk))).toEqual([]);
    expect(plan(NOW + 2 * YEAR, other.inventory).warnings).toContainEqual(
      expect.stringContaining('master: its kubelet sees to its own certificate, which is not seen from here'),
    );
  });

  it('are given the authority anew in their kubeconfigs', () => {
    const asked = changesOf(plan(NOW + 11 * YEAR, disk));
    expect(asked).toContain('rewrite nodes/worker-1/etc/kubernetes/kubelet.conf (stale-content)');
  });
});

async function evaluate({ cluster, store }: typeof world, at: number) {
  const inventory = readInventory(await store.read());
  return [...evaluateAll(cluster.edges, inventory, at).values()];
}
