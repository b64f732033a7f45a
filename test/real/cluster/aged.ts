// A cluster that was made long ago, was kept alive until now, and then is given back what it had: all of it has ended.
import { cp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { applyPlan, systemKeys, systemRandom } from '../../../src/apply/index.ts';
import { YEAR } from '../../../src/base/index.ts';
import { type Cluster, rotatedItems } from '../../../src/cluster/index.ts';
import { type Inventory, readInventory } from '../../../src/inventory/index.ts';
import { issueCertificate, signerFor } from '../../../src/issue/index.ts';
import { parseKubeconfig } from '../../../src/kubeconfig/index.ts';
import { makePlan, makeRenewal, type Plan } from '../../../src/plan/index.ts';
import { directoryStore, type Store } from '../../../src/stores/index.ts';
import { writePem, writePrivateKey } from '../../../src/x509/index.ts';
import type { ClusterTree } from '../cluster-tree.ts';
import { kubetls } from '../kubetls-program.ts';
import { deploy } from './disks.ts';
import type { RealCluster } from './real-cluster.ts';

const TO_END = 2_000; // milliseconds; whatever it was about is lost
const STORE = 'var/lib/kubelet/pki';

/** What the state was like then stands beside it. */
const then = (tree: ClusterTree): string => `${tree.state}-then`;

/** As `kubetls apply` made it so many milliseconds ago, and then kept alive by the program. */
export async function bornLongAgo(tree: ClusterTree, ago: number): Promise<void> {
  const store = directoryStore(tree.state);
  const cluster = tree.cluster();
  const inventory = readInventory(await store.read());
  const at = Date.now() - ago;
  await carriedOut(makePlan({ cluster, inventory, at, written: await store.written() }), cluster, store, at);
  await cp(tree.state, then(tree), { recursive: true });
  const { code, stdout, stderr } = await kubetls(tree, ['rescue', '-y']);
  if (code !== 0) throw new Error(`it was not kept alive: ${stdout}${stderr}`);
}

/** Stops everything, gives every disk what it had, and starts everything; most of it ends at once. */
export async function dieOfAge(cluster: RealCluster): Promise<void> {
  const { programs, tree, disks } = cluster;
  const { kubeProxies, kubelets, controllers, apiservers, etcd } = programs;
  const all = [...kubeProxies, ...kubelets, ...controllers, ...apiservers, ...etcd];
  // A kubelet would start its static pods again.
  await Promise.all(kubelets.map((one) => one.stop(TO_END)));
  await Promise.all(all.map((one) => one.stop(TO_END)));
  await rm(tree.state, { recursive: true });
  await cp(then(tree), tree.state, { recursive: true });
  await deploy(tree, disks);
  const described = tree.cluster();
  const inventory = await tree.inventory();
  for (const { node } of cluster.wiring.kubelets) await ageStore(cluster, node, described, inventory);
  await Promise.all(all.reverse().map((one) => one.start(false)));
}

/** A kubelet that renews its own certificate has a newer one in its store: it is given one of its first year. */
async function ageStore(
  { disks }: RealCluster,
  node: string,
  cluster: Cluster,
  inventory: Inventory,
): Promise<void> {
  const directory = path.join(disks.of(node), STORE);
  const link = await readlink(path.join(directory, 'kubelet-client-current.pem')).catch(() => undefined);
  if (link === undefined) return;
  for (const file of await readdir(directory))
    if (file.startsWith('kubelet-client-2') && file !== path.basename(link))
      await rm(path.join(directory, file));
  await writeFile(path.join(directory, path.basename(link)), endedClient(node, cluster, inventory));
  if (cluster.spec.kubelets.client !== 'rotated') return;
  const kubeconfig = path.join(disks.of(node), 'etc/kubernetes/kubelet.conf');
  const ca = inventory.get('authorities/cluster/g1/ca.crt')?.bytes ?? new Uint8Array();
  const text = await readFile(kubeconfig, 'utf8');
  const aged = text.replace(/(certificate-authority-data: ?).*/, `$1${Buffer.from(ca).toString('base64')}`);
  if (parseKubeconfig(Buffer.from(aged)).clusters.length === 0) throw new Error(`${kubeconfig} is torn`);
  await writeFile(kubeconfig, aged);
}

function endedClient(node: string, cluster: Cluster, inventory: Inventory): Uint8Array {
  const spec = { ...cluster.spec, kubelets: { ...cluster.spec.kubelets, client: 'rotated' } as const };
  const item = rotatedItems({ spec }).find((one) => one.kind === 'pair' && one.owner?.name === node);
  const content = inventory.get('authorities/cluster/g1/ca.crt')?.content;
  const key = inventory.get('authorities/cluster/g1/ca.key')?.content;
  if (item?.kind !== 'pair' || content?.kind !== 'certificates' || key?.kind !== 'private-key')
    throw new Error('there is no authority');
  const [certificate] = content.certificates;
  if (!certificate) throw new Error('there is no authority');
  const own = systemKeys().generate('ecdsa-p256');
  const { profile } = item;
  const issued = issueCertificate({
    template: { ...profile, basicConstraints: { ca: false, pathLength: undefined }, lifetime: YEAR / 2 },
    publicKey: own.publicKey,
    authority: { certificate, signer: signerFor(key.key) },
    now: certificate.notBefore + YEAR / 4,
    random: systemRandom(),
  });
  return Buffer.concat([
    Buffer.from(writePem('CERTIFICATE', issued.der)),
    writePrivateKey(own, 'traditional').reveal(),
  ]);
}

/** One leaf of a cluster that was born long ago, as it was issued half a year too early: it has ended. */
export async function endedAgain({ tree, disks }: RealCluster, id: string): Promise<void> {
  const store = directoryStore(tree.state);
  await store.recover();
  const cluster = tree.cluster();
  const inventory = readInventory(await store.read());
  const at = Date.now() - 1.5 * YEAR;
  const plan = makeRenewal(
    { cluster, inventory, at, written: await store.written() },
    { which: 'all', includes: (item) => item.id === id },
  );
  await carriedOut(plan, cluster, store, at);
  await deploy(tree, disks);
}

/** As at that instant. */
async function carriedOut(plan: Plan, cluster: Cluster, store: Store, at: number): Promise<void> {
  await applyPlan({
    plan,
    cluster,
    inventory: readInventory(await store.read()),
    store,
    clock: { now: () => at },
    random: systemRandom(),
    keys: systemKeys(),
    overwrite: new Set(),
    acceptBreaks: new Set(),
  });
}
