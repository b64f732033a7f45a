// Nothing in Kubernetes approves what a kubelet asks to serve with (kubernetes.io/kubelet-serving).
import { copyFile, mkdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { RealCluster } from './real-cluster.ts';
import { until } from './until.ts';

/** Returns when each of `nodes` has one that is approved and signed, and the state knows what it is. */
export async function approveServing(cluster: RealCluster, nodes: readonly string[]): Promise<void> {
  const selector = '--field-selector=spec.signerName=kubernetes.io/kubelet-serving';
  const template = '{range .items[*]}{.metadata.name} {.spec.username} {.status.certificate}{"\\n"}{end}';
  await until(`certificates of ${nodes.join(', ')}`, async () => {
    const said = await cluster.mustKubectl(['get', 'csr', selector, '-o', `jsonpath=${template}`]);
    const requests = said.split('\n').map((line) => line.split(' '));
    const pending = requests.flatMap(([name, , certificate]) => (name && !certificate ? [name] : []));
    if (pending.length > 0) await cluster.mustKubectl(['certificate', 'approve', ...pending]);
    return nodes.every((node) => requests.some(([, user, done]) => user === `system:node:${node}` && done));
  });
  for (const node of nodes) await collect(cluster, node);
}

const PKI = 'var/lib/kubelet/pki';
const CURRENT = 'kubelet-server-current.pem';

/** What stands on a node's disk, in its tree of the state: what it asked for itself is known to nobody else. */
async function collect({ disks, tree }: RealCluster, node: string): Promise<void> {
  const onDisk = path.join(disks.of(node), PKI);
  // The link's target is a path as the kubelet sees it, in its own mounts.
  const target = () =>
    readlink(path.join(onDisk, CURRENT)).then(
      (to) => path.basename(to),
      () => undefined,
    );
  await until(`${node} has written its certificate`, async () => (await target()) !== undefined);
  const known = tree.at(`nodes/${node}/${PKI}/${CURRENT}`);
  await mkdir(path.dirname(known), { recursive: true });
  await copyFile(path.join(onDisk, (await target()) ?? CURRENT), known);
}
