/** What each program holds in memory: its uses of files, but for those that it reads whenever it needs them. */
import { grouped } from '../../base/index.ts';
import { type Cluster, type Endpoint, type FileUse, fileUses, reloadFact } from '../../cluster/index.ts';
import type { StatePath } from '../../cluster/index.ts';
import type { Holding } from './types.ts';

export function holdingsOf(cluster: Cluster): Holding[] {
  const { kubernetes } = cluster.spec;
  const told = publicKeyCopies(cluster);
  const endpoints = grouped(cluster.endpoints, placeOf);
  const uses = fileUses(cluster).filter((use) => !isUnread(use, told));
  const groups = grouped(uses, (use) => `${placeOf(use)} ${use.role} ${isOne(use) ? '' : use.path}`);
  return [...groups.values()].flatMap(([first, ...rest]) => {
    if (!first) return [];
    const fact = reloadFact(first.component, first.role, kubernetes.minor);
    if (fact.reload === 'always') return [];
    const { component, node, role } = first;
    const files = [first, ...rest].map(({ path }) => path);
    const sockets = (endpoints.get(placeOf(first)) ?? []).filter((one) => shows(one, role, files));
    return [
      { component, node, role, files, fact, endpoints: sockets, told: files.some((path) => told.has(path)) },
    ];
  });
}

const placeOf = ({ component, node }: Pick<Endpoint, 'component' | 'node'>): string => `${component}@${node}`;

/** A pair is read as one; keys and bundles each by themselves. */
function isOne({ role }: FileUse): boolean {
  return role === 'serving' || role.endsWith('-pair');
}

/** The controller manager signs with the private key and reads no other (app/service_accounts.go). */
function isUnread({ component, role, path }: FileUse, told: ReadonlySet<StatePath>): boolean {
  return component === 'kube-controller-manager' && role === 'token-keys' && told.has(path);
}

function publicKeyCopies({ items }: Cluster): Set<StatePath> {
  const keys = new Set(items.flatMap((item) => (item.kind === 'key-pair' ? [item.publicKey.path] : [])));
  return new Set(
    items.flatMap((item) => (item.kind === 'copy' && keys.has(item.from) ? [item.file.path] : [])),
  );
}

function shows(
  { component, port, serves, clients }: Endpoint,
  role: Holding['role'],
  files: readonly StatePath[],
): boolean {
  switch (role) {
    case 'serving':
      return serves !== 'self-signed' && files.includes(serves.certificate);
    case 'client-anchors':
      return clients.anchors.some((path) => files.includes(path));
    // One flag says whom a member lets in at its peer port, and whom it believes when it dials another's.
    case 'peer-anchors':
      return port === 'peer' && clients.anchors.some((path) => files.includes(path));
    case 'front-proxy-anchors':
      return clients.frontProxy !== undefined && files.includes(clients.frontProxy.anchors);
    case 'token-keys':
      return component === 'kube-apiserver';
    default:
      return false;
  }
}

/** Public files whose content says more than the hour of their change: none of them holds a key. */
export function comparedFiles({ role, files, endpoints, told }: Holding): readonly StatePath[] {
  switch (role) {
    case 'serving':
      return endpoints.flatMap(({ serves }) =>
        serves === 'self-signed' || serves.certificate === serves.key ? [] : [serves.certificate],
      );
    case 'client-anchors':
    case 'front-proxy-anchors':
    case 'peer-anchors':
      // Both kinds are told of in one list.
      return endpoints.flatMap(({ clients }) => [
        ...clients.anchors,
        ...(clients.frontProxy ? [clients.frontProxy.anchors] : []),
      ]);
    case 'published-anchors':
    case 'etcd-anchors':
    case 'kubelet-anchors':
    case 'kubeconfig-anchors':
      return files;
    case 'token-keys':
      return told ? files : [];
    default:
      return [];
  }
}
