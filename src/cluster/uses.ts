/** Which program reads which file, and what for: read off the endpoints, the edges and the items. */
import { posix } from 'node:path';
import type { FileRole } from './reload.ts';
import type { Cluster, ComponentName, Edge, Endpoint, Item, KubeconfigItem, StatePath } from './types.ts';

export interface FileUse {
  readonly path: StatePath;
  readonly node: string;
  readonly component: ComponentName;
  readonly role: FileRole;
}

/** Each use once. People and health checks are no programs that run on: they read at every call. */
export function fileUses({ endpoints, edges, items }: Cluster): FileUse[] {
  const kubeconfigs = new Map(
    items.filter((item) => item.kind === 'kubeconfig').map((item) => [item.file.path, item]),
  );
  const controllerManagers = endpoints.filter(({ component }) => component === 'kube-controller-manager');
  const uses = [
    ...endpoints.flatMap(usesOfEndpoint),
    ...edges.flatMap((edge) => usesOfEdge(edge, kubeconfigs)),
    ...items.flatMap((item) => usesOfCopy(item, controllerManagers)),
  ];
  return [...new Map(uses.map((use) => [`${use.path}\n${use.component}\n${use.role}`, use])).values()];
}

function usesOfEndpoint({ component, node, serves, clients }: Endpoint): FileUse[] {
  // It is a pod, and is told by a ConfigMap what stands in these files.
  if (component === 'aggregated-apiserver') return [];
  const use = (role: FileRole) => (path: StatePath) => ({ path, node, component, role });
  return [
    ...(serves === 'self-signed' ? [] : [serves.certificate, serves.key].map(use('serving'))),
    ...clients.anchors.map(use('client-anchors')),
    ...(clients.frontProxy ? [clients.frontProxy.anchors].map(use('front-proxy-anchors')) : []),
    // --root-ca-file and --cluster-signing-cert-file name the file of --client-ca-file.
    ...(component === 'kube-controller-manager'
      ? [...clients.anchors.map(use('published-anchors')), ...clients.anchors.map(use('signing'))]
      : []),
  ];
}

/** The program that dials; a person and a health check are none that runs on. */
export function readerOf({ client: { component } }: Edge): ComponentName | undefined {
  if (component === 'user' || component === 'healthcheck') return undefined;
  return component === 'front-proxy' ? 'kube-apiserver' : component;
}

interface Roles {
  readonly pair: FileRole;
  readonly anchors: FileRole;
}

/** Of flags, by the socket that is dialled. */
const TOWARDS: Partial<Record<ComponentName, Partial<Record<ComponentName, Roles>>>> = {
  'kube-apiserver': {
    etcd: { pair: 'etcd-pair', anchors: 'etcd-anchors' },
    kubelet: { pair: 'kubelet-pair', anchors: 'kubelet-anchors' },
    'aggregated-apiserver': { pair: 'front-proxy-pair', anchors: 'kubeconfig-anchors' },
  },
  etcd: { etcd: { pair: 'peer-pair', anchors: 'peer-anchors' } },
};

/** What the files are to the program that dials with them; a kubeconfig itself is a `kubeconfig`. */
export function rolesOf(edge: Edge): Roles {
  const reader = readerOf(edge);
  const byFlag = reader && TOWARDS[reader]?.[edge.endpoint.component];
  return byFlag ?? { pair: 'kubeconfig-pair', anchors: 'kubeconfig-anchors' };
}

function usesOfEdge(edge: Edge, kubeconfigs: ReadonlyMap<StatePath, KubeconfigItem>): FileUse[] {
  const { client, presents, trusts } = edge;
  const component = readerOf(edge);
  const { node } = client;
  if (node === undefined || component === undefined) return [];
  const use = (role: FileRole) => (path: StatePath) => ({ path, node, component, role });
  if (presents.kind === 'kubeconfig') {
    const named = filesNamedBy(kubeconfigs.get(presents.file));
    return [
      use('kubeconfig')(presents.file),
      ...named.pair.map(use('kubeconfig-pair')),
      ...named.anchors.map(use('kubeconfig-anchors')),
    ];
  }
  // A pod that shows a token reads no file of the node.
  if (presents.kind === 'none') return [];
  const roles = rolesOf(edge);
  return [
    ...[presents.certificate, presents.key].map(use(roles.pair)),
    ...(trusts.kind === 'anchors' ? [trusts.file].map(use(roles.anchors)) : []),
  ];
}

/** As paths of the state: a kubeconfig names them relative to itself. */
function filesNamedBy(item: KubeconfigItem | undefined): { pair: StatePath[]; anchors: StatePath[] } {
  if (!item) return { pair: [], anchors: [] };
  const at = (name: string): StatePath =>
    name.startsWith('/')
      ? `nodes/${item.owner?.name ?? ''}${name}`
      : posix.join(posix.dirname(item.file.path), name);
  const { authority, credentials } = item;
  return {
    pair: 'paths' in credentials ? [at(credentials.paths.certificate), at(credentials.paths.key)] : [],
    anchors: 'path' in authority ? [at(authority.path)] : [],
  };
}

/** The keys that the controller manager signs with, and those of service accounts. */
function usesOfCopy(item: Item, controllerManagers: readonly Endpoint[]): FileUse[] {
  if (item.kind !== 'copy' || item.owner?.kind !== 'node') return [];
  const node = item.owner.name;
  if (!controllerManagers.some((endpoint) => endpoint.node === node)) return [];
  const { path } = item.file;
  const use = (component: ComponentName, role: FileRole): FileUse => ({ path, node, component, role });
  const [, authority] = item.from.split('/');
  if (authority === 'service-account') {
    return [use('kube-apiserver', 'token-keys'), use('kube-controller-manager', 'token-keys')];
  }
  return authority === 'cluster' ? [use('kube-controller-manager', 'signing')] : [];
}
