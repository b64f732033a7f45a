// kubeadm's own tree of each node, etcd members of their own included.
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ControlPlaneNode, KubeadmSettings } from './kubeadm-config.ts';
import { kubeadmReference } from './kubeadm-reference.ts';
import type { SharedSettings } from './kubeadm-spec.ts';
import { kubeadmInitPhaseCerts, kubeadmInitPhaseKubeconfig, type KubeadmTree } from './kubeadm.ts';
import { temporaryDirectory } from './last-rites.ts';
import { type NodeFiles, nodeFiles } from './node-files.ts';
import type { Outcome } from './run-program.ts';

/** By the name of the node. Throws kubeadm's words. */
export async function kubeadmTrees(
  kubeadm: string,
  settings: SharedSettings,
): Promise<ReadonlyMap<string, NodeFiles>> {
  const { nodes, etcdNodes = [] } = settings;
  const reference = await kubeadmReference(kubeadm, { ...settingsFor(settings), nodes });
  const etcd = await temporaryDirectory('etcd-nodes');
  try {
    const members = await etcdTrees(kubeadm, settings, etcd.path);
    const roots = new Map(members.map(({ node, root }) => [node.name, root]));
    for (const [i, { root, node, ...tree }] of reference.nodes.entries()) {
      roots.set(node.name, root);
      if (members[0]) await copyFiles(members[0].root, root, [ETCD_CA, ...APISERVER_PAIR]);
      // `join` gets its kubelet.conf by the TLS bootstrap; this is the form that the phase gives it.
      if (i > 0) (await kubeadmInitPhaseKubeconfig(kubeadm, { node, ...tree }, ['kubelet'])).forEach(said);
    }
    for (const file of APISERVER_PAIR)
      await rm(path.join(members[0]?.root ?? etcd.path, file), { force: true });
    const names = [...etcdNodes, ...nodes].map(({ name }) => name);
    const trees = names.map(async (name) => [name, await nodeFiles(roots.get(name) ?? '')] as const);
    return new Map(await Promise.all(trees));
  } finally {
    await reference.remove();
    await etcd.remove();
  }
}

/** What kubeadm is told on a control plane: where etcd is, when it is elsewhere. */
export function settingsFor(settings: SharedSettings): KubeadmSettings {
  const { etcdNodes } = settings;
  return etcdNodes ? { ...settings, externalEtcd: externalEtcd(etcdNodes) } : settings;
}

const PKI = '/etc/kubernetes/pki';
const ETCD_CA = `${PKI}/etcd/ca.crt`;
const APISERVER_PAIR = [`${PKI}/apiserver-etcd-client.crt`, `${PKI}/apiserver-etcd-client.key`];

function externalEtcd(members: readonly ControlPlaneNode[]) {
  const at = (address: string) => (address.includes(':') ? `[${address}]` : address);
  return {
    endpoints: members.map(({ address }) => `https://${at(address)}:2379`),
    caFile: ETCD_CA,
    certFile: `${PKI}/apiserver-etcd-client.crt`,
    keyFile: `${PKI}/apiserver-etcd-client.key`,
  };
}

/**
 * As kubernetes.io tells it ("Set up a High Availability etcd Cluster with kubeadm"): the authority is made on
 * the first member, its key is taken away in the end, and the kube-apiserver's pair goes to the control planes.
 */
async function etcdTrees(
  kubeadm: string,
  settings: SharedSettings,
  directory: string,
): Promise<(KubeadmTree & { root: string })[]> {
  const trees = (settings.etcdNodes ?? []).map((node) => {
    const root = path.join(directory, node.name);
    const kubeconfigDir = path.join(root, 'etc/kubernetes');
    return { root, node, settings, kubeconfigDir, certDir: path.join(root, PKI) };
  });
  const [first, ...others] = trees;
  if (!first) return [];
  said(await kubeadmInitPhaseCerts(kubeadm, first, 'etcd-ca'));
  for (const { root } of others) await copyFiles(first.root, root, [ETCD_CA, `${PKI}/etcd/ca.key`]);
  for (const tree of trees) {
    for (const which of ['etcd-server', 'etcd-peer', 'etcd-healthcheck-client'])
      said(await kubeadmInitPhaseCerts(kubeadm, tree, which));
  }
  said(await kubeadmInitPhaseCerts(kubeadm, first, 'apiserver-etcd-client'));
  for (const { root } of trees) await rm(path.join(root, PKI, 'etcd/ca.key'));
  return trees;
}

async function copyFiles(from: string, to: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(path.dirname(path.join(to, file)), { recursive: true });
    await cp(path.join(from, file), path.join(to, file));
  }
}

function said({ code, stdout, stderr }: Outcome): void {
  if (code !== 0) throw new Error(`kubeadm ended with ${code}\n${stdout}${stderr}`);
}
