// A node that joins a running cluster: an address and a name in its namespace, and its programs.
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import type { NodeSpec } from '../../../src/cluster/index.ts';
import type { Component } from './component.ts';
import { kubeProxyProgram, type NodePrograms, nodePrograms } from './programs.ts';
import type { RealCluster } from './real-cluster.ts';
import { wiringOf } from './wiring.ts';

export interface NewNode extends NodePrograms {
  kubeProxy: Component | undefined;
}

export async function newNode(cluster: RealCluster, { name, addresses }: NodeSpec): Promise<NewNode> {
  const { tree, disks, common, namespace, directory } = cluster;
  const { kubelets, kubeProxies } = wiringOf(tree.cluster(), disks.at);
  const one = kubelets.find(({ node }) => node === name);
  const proxy = kubeProxies.find(({ node }) => node === name);
  if (!one) throw new Error(`the file describes no kubelet on ${name}`);
  for (const address of addresses) {
    await cluster.run(['ip', 'addr', 'add', `${address}/32`, 'dev', 'lo']);
    await appendFile(path.join(directory, 'hosts'), `${address} ${name}\n`);
  }
  const place = { namespace, directory, disks };
  const kubeProxy = proxy && (await kubeProxyProgram(common, proxy, place));
  return { ...(await nodePrograms(common, one, place)), kubeProxy };
}
