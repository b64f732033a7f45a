// What kubeadm itself makes for given settings: the tree that kubetls' kubeadm profile must equal.
import { chmod, cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ControlPlaneNode, KubeadmSettings } from './kubeadm-config.ts';
import { kubeadmInitPhaseCertsAll, kubeadmInitPhaseKubeconfig, type KubeadmTree } from './kubeadm.ts';
import { temporaryDirectory } from './last-rites.ts';
import type { Outcome } from './run-program.ts';

export interface ReferenceFile {
  /** As on the node: /etc/kubernetes/pki/ca.crt */
  path: string;
  /** Permission bits, as 0o600. */
  mode: number;
  bytes: Uint8Array;
}

export interface ReferenceNode extends KubeadmTree {
  /** A directory to be seen as the node's `/`. */
  root: string;
  /** Sorted by path. */
  files: readonly ReferenceFile[];
  directories: readonly { path: string; mode: number }[];
}

export interface KubeadmReference {
  /** In the order asked for; the first was `init`ed, the others joined it. */
  nodes: readonly ReferenceNode[];
  remove(): Promise<void>;
}

/** kubeadm's own tree for each control-plane node, in a temporary directory. Throws kubeadm's words. */
export async function kubeadmReference(
  kubeadm: string,
  settings: KubeadmSettings & { nodes: readonly [ControlPlaneNode, ...ControlPlaneNode[]] },
): Promise<KubeadmReference> {
  const directory = await temporaryDirectory('reference');
  try {
    const nodes: ReferenceNode[] = [];
    for (const node of settings.nodes) {
      const root = path.join(directory.path, node.name);
      const tree = await emptyTree(root, node, settings);
      if (nodes[0]) await copyAuthorities(nodes[0].certDir, tree.certDir);
      said(await kubeadmInitPhaseCertsAll(kubeadm, tree));
      (await kubeadmInitPhaseKubeconfig(kubeadm, tree, nodes[0] ? JOINED : ['all'])).forEach(said);
      nodes.push({ ...tree, root, ...(await listing(root)) });
    }
    return { nodes, remove: () => directory.remove() };
  } catch (error) {
    await directory.remove();
    throw error;
  }
}

/** `join` writes no super-admin.conf; kubelet.conf comes from the TLS bootstrap, not from this phase. */
const JOINED = ['admin', 'controller-manager', 'scheduler'];

async function emptyTree(
  root: string,
  node: ControlPlaneNode,
  settings: KubeadmSettings,
): Promise<KubeadmTree> {
  const kubeconfigDir = path.join(root, 'etc/kubernetes');
  await mkdir(path.dirname(kubeconfigDir), { recursive: true });
  return { certDir: path.join(kubeconfigDir, 'pki'), kubeconfigDir, node, settings };
}

/**
 * What a joining node gets through the Secret kubeadm-certs. The same writer that writes sa.pub 0600 on the
 * first node writes it 0644 here: it goes by the content (cmd/kubeadm/app/phases/copycerts writeCertOrKey).
 */
async function copyAuthorities(from: string, to: string): Promise<void> {
  for (const authority of ['ca', 'front-proxy-ca', 'etcd/ca']) {
    await cp(path.join(from, `${authority}.crt`), path.join(to, `${authority}.crt`));
    await cp(path.join(from, `${authority}.key`), path.join(to, `${authority}.key`));
  }
  await cp(path.join(from, 'sa.key'), path.join(to, 'sa.key'));
  await cp(path.join(from, 'sa.pub'), path.join(to, 'sa.pub'));
  await chmod(path.join(to, 'sa.pub'), 0o644);
}

async function listing(root: string): Promise<Pick<ReferenceNode, 'files' | 'directories'>> {
  const files: ReferenceFile[] = [];
  const directories: { path: string; mode: number }[] = [];
  const names = await readdir(path.join(root, 'etc/kubernetes'), { recursive: true });
  for (const name of names.sort()) {
    const onNode = path.posix.join('/etc/kubernetes', name);
    const onDisk = path.join(root, onNode);
    const found = await stat(onDisk);
    const entry = { path: onNode, mode: found.mode & 0o777 };
    if (found.isDirectory()) directories.push(entry);
    else files.push({ ...entry, bytes: await readFile(onDisk) });
  }
  return { files, directories };
}

function said({ code, stdout, stderr }: Outcome): void {
  if (code !== 0) throw new Error(`kubeadm ended with ${code}\n${stdout}${stderr}`);
}
