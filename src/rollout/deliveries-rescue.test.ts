import { describe, expect, it } from 'vitest';
import { applied, carry, clusterOf, NOW } from '../../test/support/small-cluster.ts';
import { DAY, YEAR } from '../base/index.ts';
import { rotatedItems } from '../cluster/index.ts';
import { type FileChange, type Inventory, readInventory } from '../inventory/index.ts';
import { makeRescue } from '../plan/index.ts';
import { rescueDeliveriesOf } from './deliveries-rescue.ts';

const NODES = new Set(['master', 'worker-1']);
const STORE = 'nodes/worker-1/var/lib/kubelet/pki/kubelet-client-current.pem';
const CONF = 'nodes/worker-1/etc/kubernetes/kubelet.conf';
const CA = 'nodes/worker-1/etc/kubernetes/pki/ca.crt';

const world = await applied(clusterOf({ profile: 'kubeadm', kubelets: { client: 'rotated' } }));
const cluster = { ...world.cluster, items: [...world.cluster.items, ...rotatedItems(world.cluster)] };
// A kubelet of this authority, a year before: its first certificate, and the kubeconfig that names its store.
const stranger = await applied(clusterOf({ profile: 'kubeadm' }));
const first = stranger.inventory.get('nodes/worker-1/var/lib/kubelet/pki/kubelet.crt')!;

/** The state after a rescue at `at` over a disk that holds `disk` beside what was applied. */
async function rescued(at: number, disk: readonly FileChange[]) {
  const own = await applied(world.cluster);
  const found = own.inventory.withFiles(disk);
  const written = await own.store.written();
  const input = { cluster: own.cluster, inventory: own.inventory, found, at, written };
  await carry(makeRescue(input), own, at);
  const state = readInventory(await own.store.read());
  return {
    found,
    state,
    deliver: (there: Inventory) => rescueDeliveriesOf(cluster, state, there, NODES, at),
  };
}

const pem: FileChange = { path: STORE, mode: 0o600, bytes: first.bytes };

describe('what a rescue brings to a node', () => {
  it('anchors before leaves, each once, and nothing where it stands already', async () => {
    const { found, state, deliver } = await rescued(NOW + 11 * YEAR, []);
    const all = deliver(found);
    const ids = all.map(({ item }) => item);
    expect(ids.filter((id) => id.endsWith('ca.crt'))).toHaveLength(4);
    expect(ids.findLastIndex((id) => id.endsWith('ca.crt'))).toBe(3);
    expect(all.every(({ refusal }) => refusal === undefined)).toBe(true);
    expect(deliver(state)).toEqual([]);
  });

  it('no anchors where others are trusted too, or where nothing stands: not without leave', async () => {
    const { found, deliver } = await rescued(NOW + 11 * YEAR, []);
    const refusal = (there: Inventory) => deliver(there).find(({ files }) => files.includes(CA))?.refusal;
    const other = stranger.inventory.get(CA)!;
    const both = Buffer.concat([found.get(CA)!.bytes, other.bytes]);
    expect(refusal(found)).toBeUndefined();
    expect(refusal(found.withFiles([{ path: CA, mode: 0o644, bytes: both }]))).toBe(
      'what stands there trusts others too',
    );
    expect(refusal(found.withFiles([{ path: CA, remove: true }]))).toBe('nothing stands there yet');
  });

  it('what a kubelet cannot ask for any more, in place of what has ended, and never of what holds', async () => {
    const { found, state, deliver } = await rescued(NOW + 2 * YEAR, [pem]);
    const brought = deliver(found).find(({ files }) => files.includes(STORE));
    expect(brought).toMatchObject({ refusal: undefined, files: [STORE] });
    expect(brought?.changes).toMatchObject([{ path: STORE.slice('nodes/worker-1/'.length), mode: 0o600 }]);
    expect(brought?.seen.size).toBe(1);
    const asked = state.get(STORE)!;
    const newer = found.withFiles([
      { path: STORE, mode: 0o600, bytes: Buffer.concat([asked.bytes, Buffer.from('\n')]) },
    ]);
    expect(deliver(newer).flatMap(({ files }) => files)).not.toContain(STORE);
    const gone = found.withFiles([{ path: STORE, remove: true }]);
    expect(deliver(gone).flatMap(({ files }) => files)).not.toContain(STORE);
  });

  it('whom a kubelet trusts, where that is the same authority with older dates', async () => {
    const old = await rescued(NOW + 11 * YEAR, []);
    const text = (inventory: Inventory) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          {
            name: 'default-cluster',
            cluster: {
              server: 'https://kube-apiserver:6443',
              'certificate-authority-data': Buffer.from(inventory.get(CA)!.bytes).toString('base64'),
            },
          },
        ],
        users: [],
        contexts: [],
        'current-context': '',
      });
    const conf = (inventory: Inventory): FileChange => ({
      path: CONF,
      mode: 0o600,
      bytes: Buffer.from(text(inventory)),
    });
    const { found, state, deliver } = await rescued(NOW + 11 * YEAR, [conf(old.found)]);
    const files = (there: Inventory) => deliver(there).flatMap((one) => one.files);
    // The test's own authority, not that of `rescued`: another key, and then it is nobody's business here.
    expect(files(found.withFiles([conf(stranger.inventory)]))).not.toContain(CONF);
    expect(files(found.withFiles([conf(found)]))).toContain(CONF);
    expect(files(found.withFiles([conf(state)]))).not.toContain(CONF);
  });

  it('nothing of a node that is not reached', async () => {
    const { found, state } = await rescued(NOW + YEAR + DAY, []);
    const some = rescueDeliveriesOf(cluster, state, found, new Set(['master']), NOW + YEAR + DAY);
    expect(new Set(some.map(({ node }) => node))).toEqual(new Set(['master']));
  });
});
