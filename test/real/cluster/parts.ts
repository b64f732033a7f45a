// All that a cluster is made of, laid out and not yet started.
import path from 'node:path';
import { type ClusterTree, treeIn } from '../cluster-tree.ts';
import type { TemporaryDirectory } from '../last-rites.ts';
import { APISERVER_HERE, type Common, type Tools } from './commands.ts';
import { type Disks, disksIn } from './disks.ts';
import { type Namespace, type NamespaceSettings, openNamespace } from './namespace.ts';
import type { Component } from './component.ts';
import { prepareView } from './node-view.ts';
import { onOneDevice } from './one-device.ts';
import { makeOwnPairs } from './own-pairs.ts';
import { PKI_MAKERS } from './pki.ts';
import { type Programs, programsOf } from './programs.ts';
import { API_NAME, type Design, yamlOf } from './scenarios.ts';
import { reachable } from './sshd.ts';
import { writeManifests } from './static-pods.ts';
import { verifyingKubelets, type Wiring, wiringOf } from './wiring.ts';

export interface Parts {
  directory: TemporaryDirectory;
  /** The PKI, as the program made it. */
  tree: ClusterTree;
  disks: Disks;
  common: Common;
  /** Which program reads what: from the disks of the nodes, not from the state. */
  wiring: Wiring;
  /** Options of `prove` for what listens elsewhere than the file says. */
  connect: readonly string[];
  namespace: Namespace;
  programs: Programs;
  /** One a node, where there are any. */
  sshds: readonly Component[];
}

export async function layOut(
  tools: Tools,
  scenario: Design,
  directory: TemporaryDirectory,
  mark: (what: string) => void,
): Promise<Parts> {
  const tree = treeIn(directory.path, () => directory.remove());
  await tree.edit(yamlOf(scenario));
  const disks = disksIn(directory.path, tree);
  await PKI_MAKERS[scenario.pki ?? 'kubetls']({ tools, design: scenario, tree, disks });
  mark('PKI');
  if (scenario.staticPods) await writeAllManifests(tools, scenario, disks);
  const cluster = tree.cluster();
  const described = wiringOf(cluster, disks.at);
  const wired = scenario.verifyKubelets === true ? verifyingKubelets(described) : described;
  const { wiring, connect } = onOneDevice(
    scenario.rootless ? { ...wired, kubelets: [], kubeProxies: [] } : wired,
  );
  const namespace = await openNamespace(namespaceSettings(scenario, directory.path));
  mark('namespace');
  const { serviceSubnets, dnsDomain } = cluster.spec;
  const ownPairs = scenario.cheapHandshakes ? directory.path : undefined;
  if (ownPairs !== undefined) await makeOwnPairs(wiring, disks, ownPairs);
  const common = { tools, serviceSubnets, dnsDomain, staticPods: scenario.staticPods === true, ownPairs };
  const place = { namespace, directory: directory.path, disks };
  const { nodes } = scenario.topology;
  const hosts = path.join(directory.path, 'hosts');
  const ssh = common.staticPods || scenario.ssh === true;
  if (ssh) for (const { name } of nodes) await prepareView(disks.of(name), hosts);
  const programs = await programsOf(common, wiring, place);
  const sshds = ssh ? await reachable(common, place, nodes) : [];
  return { directory, tree, disks, common, wiring, connect, namespace, programs, sshds };
}

async function writeAllManifests({ kubeadm }: Tools, { topology: { nodes } }: Design, disks: Disks) {
  const settings = { controlPlaneEndpoint: `${API_NAME}:6443`, apiserverFlags: APISERVER_HERE };
  for (const node of nodes.filter(({ roles }) => roles.includes('control-plane')))
    await writeManifests(kubeadm, disks.of(node.name), settings, node);
}

function namespaceSettings(
  { rootless, topology: { nodes, balancer } }: Design,
  directory: string,
): NamespaceSettings {
  const controlPlanes = nodes.filter(({ roles }) => roles.includes('control-plane'));
  const front = balancer ?? controlPlanes[0]?.address ?? '';
  return {
    directory,
    rootless: rootless === true,
    addresses: [...nodes.map(({ address }) => address), ...(balancer === undefined ? [] : [balancer])],
    hosts: new Map([...nodes.map(({ name, address }) => [name, address] as const), [API_NAME, front]]),
    balance:
      balancer === undefined
        ? undefined
        : { at: `${balancer}:6443`, to: controlPlanes.map(({ address }) => `${address}:6443`) },
  };
}
