// A node that joins a running cluster: an address and a name in its namespace, and two programs.
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import type { NodeSpec } from '../../../src/cluster/index.ts';
import { type NodePrograms, nodePrograms } from './programs.ts';
import type { RealCluster } from './real-cluster.ts';
import { wiringOf } from './wiring.ts';

export async function newNode(cluster: RealCluster, { name, addresses }: NodeSpec): Promise<NodePrograms> {
  const { tree, disks, common, namespace, directory } = cluster;
  const one = wiringOf(tree.cluster(), disks.at).kubelets.find(({ node }) => node === name);
  if (!one) throw new Error(`the file describes no kubelet on ${name}`);
  for (const address of addresses) {
    await cluster.run(['ip', 'addr', 'add', `${address}/32`, 'dev', 'lo']);
    await appendFile(path.join(directory, 'hosts'), `${address} ${name}\n`);
  }
  return nodePrograms(common, one, { namespace, directory, disks });
}
