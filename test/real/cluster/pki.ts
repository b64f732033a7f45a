// Who makes the PKI of a cluster: each puts onto the nodes' disks what their programs will read.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bornLongAgo } from './aged.ts';
import type { ClusterTree } from '../cluster-tree.ts';
import { kubeadmReference } from '../kubeadm-reference.ts';
import { kubetlsCommand } from '../kubetls-program.ts';
import { mustRun } from '../run-program.ts';
import { bootstrapKubeconfig } from './bootstrap.ts';
import { bootstrapPath } from './kubelet.ts';
import { deploy, type Disks } from './disks.ts';
import type { Tools } from './commands.ts';
import { makeByOpenssl } from './openssl-pki.ts';
import { API_NAME, type Design, type Member } from './scenarios.ts';

interface Site {
  tools: Tools;
  design: Design;
  tree: ClusterTree;
  disks: Disks;
}

export type PkiMaker = (site: Site) => Promise<void>;

export const PKI_MAKERS: Readonly<Record<NonNullable<Design['pki']>, PkiMaker>> = {
  kubetls: byKubetls,
  kubeadm: byKubeadm,
  openssl: byOpenssl,
};

/** `kubetls apply`, and each node's tree copied onto its disk. */
async function byKubetls({ tree, disks, design }: Site): Promise<void> {
  if (design.born !== undefined) await bornLongAgo(tree, design.born);
  const [program, ...args] = await kubetlsCommand(tree, ['apply', '-y']);
  await mustRun(program, args);
  await deploy(tree, disks);
  if (tree.cluster().spec.kubelets.client === 'rotated') await tokens(design.topology.nodes, disks);
}

/** As flat's own tree, with every certificate and its key from the commands that kubetls prints. */
async function byOpenssl(site: Site): Promise<void> {
  await byKubetls(site);
  await makeByOpenssl(site.tree, site.disks.at);
}

/**
 * `kubeadm init` on the first control plane, `join` on the others: the kubelets of those get theirs by the
 * TLS bootstrap. The state of kubetls stays empty.
 */
async function byKubeadm({ tools, design, disks }: Site): Promise<void> {
  const { nodes, profile } = { ...design.topology, ...design };
  if (profile !== 'kubeadm') throw new Error(`kubeadm makes no ${profile} profile`);
  const [first, ...others] = nodes.filter(({ roles }) => roles.includes('control-plane'));
  if (!first) throw new Error('there is no control plane');
  const reference = await kubeadmReference(tools.kubeadm, {
    controlPlaneEndpoint: `${API_NAME}:6443`,
    nodes: [first, ...others],
  });
  try {
    for (const { root, node } of reference.nodes) await cp(root, disks.of(node.name), { recursive: true });
  } finally {
    await reference.remove();
  }
  const ca = 'etc/kubernetes/pki/ca.crt';
  const joining = nodes.filter((node) => node !== first);
  for (const { name } of joining) {
    await mkdir(path.dirname(path.join(disks.of(name), ca)), { recursive: true });
    await cp(path.join(disks.of(first.name), ca), path.join(disks.of(name), ca));
  }
  await tokens(joining, disks);
}

/** What a kubelet begins with that asks for its own certificate. */
async function tokens(nodes: readonly Member[], disks: Disks): Promise<void> {
  for (const { name, roles, address } of nodes) {
    const host = roles.includes('control-plane') ? address : API_NAME;
    const ca = await readFile(path.join(disks.of(name), 'etc/kubernetes/pki/ca.crt'));
    await writeFile(bootstrapPath(disks.of(name)), bootstrapKubeconfig(`https://${host}:6443`, ca), {
      mode: 0o600,
    });
  }
}
