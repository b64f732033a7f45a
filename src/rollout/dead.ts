/**
 * What of a cluster is dead by its files alone, at an instant: certificates that have ended, the programs that cannot
 * work without them, and those that wait for such a program. Connections that were made before may live on: what is
 * dead here is taken to have failed, and nothing that holds is.
 */
import type { Instant } from '../base/index.ts';
import {
  type Cluster,
  type ComponentName,
  type FileRole,
  fileUses,
  type Item,
  type StatePath,
} from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { endsIn } from '../plan/index.ts';
import { type EdgeChange, evaluate, nodeAddresses } from '../trust/index.ts';
import { goRules } from '../verify/index.ts';
import { START_ORDER } from './needs.ts';
import type { Place } from './types.ts';

export interface DeadFile {
  readonly path: StatePath;
  /** When the certificate in it ended; of a leaf and its chain the first, of anchors the last of an authority. */
  readonly since: Instant;
}

export interface DeadPlace extends Place, DeadFile {
  /** Another program, without which it cannot work; its own files are good. */
  readonly waitsFor: ComponentName | undefined;
}

export interface Dead {
  /** Files of the cluster, of nodes, people and authorities, with a certificate that has ended. */
  readonly files: readonly DeadFile[];
  /** In the order in which they start. */
  readonly places: readonly DeadPlace[];
  /** That do not hold, whatever the reason. */
  readonly edges: readonly EdgeChange[];
}

/** Files without which a program does no work at all; what it does for others goes on without the rest. */
const VITAL: Partial<Record<ComponentName, readonly FileRole[]>> = {
  etcd: ['serving', 'peer-pair', 'client-anchors', 'peer-anchors'],
  'kube-apiserver': ['serving', 'client-anchors', 'etcd-pair', 'etcd-anchors'],
};
const VITAL_TO_CLIENTS: readonly FileRole[] = ['kubeconfig', 'kubeconfig-pair', 'kubeconfig-anchors'];

/**
 * Who gives up without whom: kube-apiserver ends without a quorum; controllers end without their lease, and one that
 * starts meanwhile trusts nobody until its next start. A kubelet and a kube-proxy try again for ever.
 */
const WAITS_FOR: Partial<Record<ComponentName, ComponentName>> = {
  'kube-apiserver': 'etcd',
  'kube-controller-manager': 'kube-apiserver',
  'kube-scheduler': 'kube-apiserver',
};

export function deadIn(cluster: Cluster, found: Inventory, at: Instant): Dead {
  const ended = endedIn(cluster.items, found, at);
  const files = [...ended].map(([path, since]) => ({ path, since }));
  const options = {
    addresses: nodeAddresses(cluster.edges),
    rules: goRules(cluster.spec.kubernetes.minor),
  };
  const edges = cluster.edges.flatMap((edge) => {
    const { ok, error } = evaluate(edge, found, at, options);
    return ok ? [] : [{ edge, error }];
  });
  return { files, places: placesOf(cluster, ended), edges };
}

/** By path, in the order of the items. */
function endedIn(items: readonly Item[], found: Inventory, at: Instant): ReadonlyMap<StatePath, Instant> {
  const endOf = endsIn(items, found);
  const ended = new Map<StatePath, Instant>();
  for (const item of items) {
    const end = endOf(item);
    if (end === undefined || end >= at) continue;
    for (const path of pathsOf(item)) ended.set(path, Math.min(end, ended.get(path) ?? end));
  }
  return ended;
}

function placesOf(cluster: Cluster, ended: ReadonlyMap<StatePath, Instant>): DeadPlace[] {
  const dead = new Map<string, DeadPlace>();
  for (const { path, node, component, role } of fileUses(cluster)) {
    const since = ended.get(path);
    const vital = VITAL[component] ?? VITAL_TO_CLIENTS;
    if (since === undefined || !vital.includes(role)) continue;
    const known = dead.get(key({ node, component }));
    if (known && known.since <= since) continue;
    dead.set(key({ node, component }), { node, component, path, since, waitsFor: undefined });
  }
  // In this order who waits for one that waits is found too.
  for (const component of START_ORDER) {
    const wanted = WAITS_FOR[component];
    if (wanted === undefined) continue;
    for (const place of waiting(component, wanted, cluster, dead)) dead.set(key(place), place);
  }
  const rank = ({ component }: Place) => START_ORDER.indexOf(component);
  return [...dead.values()].sort((a, b) => rank(a) - rank(b));
}

function waiting(
  component: ComponentName,
  wanted: ComponentName,
  { edges, endpoints }: Cluster,
  dead: ReadonlyMap<string, DeadPlace>,
): DeadPlace[] {
  const nodes = new Set(
    endpoints.filter((endpoint) => endpoint.component === component).map(({ node }) => node),
  );
  return [...nodes].flatMap((node) => {
    if (dead.has(key({ node, component }))) return [];
    const dialled = edges.filter(
      ({ client, endpoint }) =>
        client.node === node && client.component === component && endpoint.component === wanted,
    );
    const members =
      wanted === 'etcd' ? placesWith(wanted, endpoints) : dialled.map(({ endpoint }) => endpoint);
    const lost = members.flatMap((one) => dead.get(key(one)) ?? []);
    const needed = wanted === 'etcd' ? Math.ceil(members.length / 2) : members.length;
    const [first] = lost;
    if (!first || lost.length < needed) return [];
    return [{ node, component, path: first.path, since: first.since, waitsFor: wanted }];
  });
}

function placesWith(component: ComponentName, endpoints: Cluster['endpoints']): Place[] {
  return endpoints.filter((one) => one.component === component && one.port !== 'peer');
}

const key = ({ node, component }: Place): string => `${component}@${node}`;

function pathsOf(item: Item): StatePath[] {
  switch (item.kind) {
    case 'authority':
    case 'pair':
      return [item.certificate.path];
    case 'kubeconfig':
    case 'anchors':
      return [item.file.path];
    case 'copy':
    case 'key-pair':
      return [];
  }
}
