// A node that joins a running cluster: an address and a name in its namespace, and its programs.
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { type Programs, programsOf } from './programs.ts';
import type { RealCluster } from './real-cluster.ts';
import { type Wiring, wiringOf } from './wiring.ts';

/** Nothing is started yet. */
export async function newNode(cluster: RealCluster, name: string): Promise<Programs> {
  const { tree, disks, common, namespace, directory } = cluster;
  const addresses = tree.cluster().spec.nodes.find((node) => node.name === name)?.addresses;
  if (!addresses) throw new Error(`the file describes no ${name}`);
  const wiring = onNode(name, wiringOf(tree.cluster(), disks.at));
  if (wiring.etcd.length > 0) throw new Error(`${name}: nobody tells the members of etcd of another one`);
  for (const address of addresses) {
    await cluster.run(['ip', 'addr', 'add', `${address}/32`, 'dev', 'lo']);
    await appendFile(path.join(directory, 'hosts'), `${address} ${name}\n`);
  }
  return programsOf(common, wiring, { namespace, directory, disks });
}

function onNode(name: string, wiring: Wiring): Wiring {
  const here = <T extends { node: string }>(all: readonly T[]) => all.filter(({ node }) => node === name);
  return {
    ...wiring,
    etcd: here(wiring.etcd),
    apiservers: here(wiring.apiservers),
    controllerManagers: here(wiring.controllerManagers),
    schedulers: here(wiring.schedulers),
    kubelets: here(wiring.kubelets),
    kubeProxies: here(wiring.kubeProxies),
  };
}
