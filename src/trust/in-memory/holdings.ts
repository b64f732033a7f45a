/** What each program holds in memory: its uses of files, but for those that it reads whenever it needs them. */
import { grouped } from '../../base/index.ts';
import {
  type Cluster,
  type Endpoint,
  type FileRole,
  type FileUse,
  fileUses,
  reloadFact,
  type StatePath,
} from '../../cluster/index.ts';
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
    const sockets = (endpoints.get(placeOf(first)) ?? []).filter((one) => SHOWS[role]?.(one, files) === true);
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

type Uses = (endpoint: Endpoint, files: readonly StatePath[]) => boolean;

const letsInBy: Uses = ({ clients }, files) => clients.anchors.some((path) => files.includes(path));

/** Which sockets show what a file is to their program; of other roles none does. */
const SHOWS: Partial<Record<FileRole, Uses>> = {
  serving: ({ serves }, files) => serves !== 'self-signed' && files.includes(serves.certificate),
  'client-anchors': letsInBy,
  // One flag says whom a member lets in at its peer port, and whom it believes when it dials another's.
  'peer-anchors': (endpoint, files) => endpoint.port === 'peer' && letsInBy(endpoint, files),
  'front-proxy-anchors': ({ clients }, files) =>
    clients.frontProxy !== undefined && files.includes(clients.frontProxy.anchors),
  'token-keys': ({ component }) => component === 'kube-apiserver',
};

/** Public files whose content says more than the hour of their change: none of them holds a key. */
export function comparedFiles(holding: Holding): readonly StatePath[] {
  return COMPARED[holding.role]?.(holding) ?? [];
}

const all = ({ files }: Holding): readonly StatePath[] => files;

/** Clients and the front proxy are told of in one list. */
const letIn = ({ endpoints, files }: Holding): readonly StatePath[] => [
  ...files,
  ...endpoints.flatMap(({ clients }) => [
    ...clients.anchors,
    ...(clients.frontProxy ? [clients.frontProxy.anchors] : []),
  ]),
];

const COMPARED: Partial<Record<FileRole, (holding: Holding) => readonly StatePath[]>> = {
  serving: ({ endpoints }) =>
    endpoints.flatMap(({ serves }) =>
      serves === 'self-signed' || serves.certificate === serves.key ? [] : [serves.certificate],
    ),
  'client-anchors': letIn,
  'front-proxy-anchors': letIn,
  'peer-anchors': letIn,
  'published-anchors': all,
  'etcd-anchors': all,
  'kubelet-anchors': all,
  'kubeconfig-anchors': all,
  'token-keys': ({ told, files }) => (told ? files : []),
};
