// All that a cluster is made of, laid out and not yet started.
import { type ClusterTree, treeIn } from '../cluster-tree.ts';
import type { TemporaryDirectory } from '../last-rites.ts';
import type { Common, Tools } from './commands.ts';
import { type Disks, disksIn } from './disks.ts';
import { type Namespace, type NamespaceSettings, openNamespace } from './namespace.ts';
import { onOneDevice } from './one-device.ts';
import { PKI_MAKERS } from './pki.ts';
import { type Programs, programsOf } from './programs.ts';
import { API_NAME, type Design, yamlOf } from './scenarios.ts';
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
  const cluster = tree.cluster();
  const described = wiringOf(cluster, disks.at);
  const wired = scenario.verifyKubelets === true ? verifyingKubelets(described) : described;
  const { wiring, connect } = onOneDevice(
    scenario.rootless ? { ...wired, kubelets: [], kubeProxies: [] } : wired,
  );
  const namespace = await openNamespace(namespaceSettings(scenario, directory.path));
  mark('namespace');
  const { serviceSubnets, dnsDomain } = cluster.spec;
  const common = { tools, serviceSubnets, dnsDomain };
  const programs = await programsOf(common, wiring, { namespace, directory: directory.path, disks });
  return { directory, tree, disks, common, wiring, connect, namespace, programs };
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
