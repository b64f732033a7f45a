/** What is left to do when the files of the state are right: which goes to which node, and who reads it when. */
import { posix } from 'node:path';
import { type Edge, readerOf, type Reload, reloadFact, rolesOf, type StatePath } from '../cluster/index.ts';
import type { Direction } from './evidence.ts';
import { namedIn } from './named.ts';
import type { World } from './types.ts';

/** Nodes, and components, that a step names; a rotation may be about thousands. */
const MOST = 3;

/** kubetls writes the files anew; one that it did not write, it replaces when it is told to. */
export function remedyFor(world: World, files: readonly StatePath[]): string {
  const { inventory, written } = world;
  const foreign = files.filter((file) => {
    const entry = inventory.get(file);
    return entry !== undefined && written.get(file) !== entry.sha256;
  });
  return afterFirst(world, world.again(['apply', ...foreign.map((file) => `--overwrite ${file}`)].join(' ')));
}

/** What mends a cluster, after what has to be done before it is one of kubetls'. */
export function afterFirst({ first }: World, remedy: string): string {
  return first === undefined ? remedy : `${first}; then ${remedy}`;
}

/** Copying first, then the restarts. Of files that are no node's nothing is said. */
export function stepsFor(world: World, files: readonly StatePath[], edges: readonly Edge[]): string[] {
  const changed = new Set(files.flatMap((file) => changedWith(world, file)));
  const readers = edges.flatMap((edge) => readersOn(world, edge).filter(({ file }) => changed.has(file)));
  return [...copies(world, [...changed]), ...readings(world, readers)];
}

/** Of a kubeconfig that names files, these are what is replaced. */
function changedWith({ inventory }: World, file: StatePath): readonly StatePath[] {
  const { pair, anchors } = namedIn(inventory, file);
  return pair.length + anchors.length === 0 ? [file] : [...pair, ...anchors];
}

/** Those that hold what was there when they started, on these edges: their restart is what a stale process needs. */
export function restartsFor(
  world: World,
  edges: readonly Edge[],
  direction: Direction | undefined,
): string[] {
  const readers = edges
    .flatMap((edge) => readersOn(world, edge))
    .filter((one) => one.reload === 'start' && (direction === undefined || one.direction === direction));
  return readings(world, readers);
}

/** Of files that no edge has: their reader, on their nodes. */
export function restartsOf(
  world: World,
  reader: Pick<Reader, 'component' | 'what'>,
  files: readonly StatePath[],
): string[] {
  const readers = files.map((file): Reader => {
    const [, node] = /^nodes\/([^/]+)\//.exec(file) ?? [];
    return { ...reader, file, node, reload: 'start', direction: 'server' };
  });
  return readings(world, readers);
}

interface Reader {
  readonly file: StatePath;
  readonly component: string;
  readonly node: string | undefined;
  readonly what: string;
  readonly reload: Reload;
  /** Whose certificate it is about. */
  readonly direction: Direction;
}

function readersOn({ cluster, inventory }: World, edge: Edge): Reader[] {
  const { client, endpoint, presents, trusts } = edge;
  const { minor } = cluster.spec.kubernetes;
  const serves = (role: 'serving' | 'client-anchors'): Reload =>
    reloadFact(endpoint.component, role, minor).reload;
  const server = { component: endpoint.component, node: endpoint.node };
  const { anchors, frontProxy } = endpoint.clients;
  const believesOfClients = [...anchors, ...(frontProxy ? [frontProxy.anchors] : [])];
  const dials = dialling(edge, minor);
  const shows = { component: client.component, node: client.node, what: SHOWS, direction: 'client' } as const;
  const believes = { ...shows, what: BELIEVES, direction: 'server' } as const;
  const once = (reload: Reload): Reload => (reload === 'always' ? 'always' : 'start');
  return [
    ...each(pairOf(endpoint.serves), {
      ...server,
      what: 'its certificate',
      reload: serves('serving'),
      direction: 'server',
    }),
    ...each(believesOfClients, {
      ...server,
      what: 'the authorities that it believes of clients',
      reload: serves('client-anchors'),
      direction: 'client',
    }),
    ...(presents.kind === 'pair' ? each(pairOf(presents), { ...shows, reload: dials.shows }) : []),
    ...(presents.kind === 'kubeconfig'
      ? [
          ...each([presents.file], { ...shows, reload: once(dials.shows) }),
          ...each(namedIn(inventory, presents.file).pair, { ...shows, reload: dials.shows }),
        ]
      : []),
    ...(trusts.kind === 'anchors' ? each([trusts.file], { ...believes, reload: dials.believes }) : []),
    ...(trusts.kind === 'kubeconfig'
      ? [
          ...each([trusts.file], { ...believes, reload: once(dials.believes) }),
          ...each(namedIn(inventory, trusts.file).anchors, { ...believes, reload: dials.believes }),
        ]
      : []),
  ];
}

/** A person's programs read their files at every call. */
function dialling(edge: Edge, minor: number): { readonly shows: Reload; readonly believes: Reload } {
  const reader = readerOf(edge);
  if (!reader) return { shows: 'always', believes: 'always' };
  const { pair, anchors } = rolesOf(edge);
  return {
    shows: reloadFact(reader, pair, minor).reload,
    believes: reloadFact(reader, anchors, minor).reload,
  };
}

const SHOWS = 'what it shows';
const BELIEVES = 'the authorities that it believes of servers';

function pairOf(pair: Edge['endpoint']['serves']): StatePath[] {
  return pair === 'self-signed' ? [] : [pair.certificate, pair.key];
}

function each(files: readonly StatePath[], reader: Omit<Reader, 'file'>): Reader[] {
  return files.map((file) => ({ ...reader, file }));
}

function copies({ cluster, shown = (path) => path }: World, files: readonly StatePath[]): string[] {
  const byNode = new Map<string, StatePath[]>();
  for (const file of files) {
    const [, node] = /^nodes\/([^/]+)\/./.exec(file) ?? [];
    if (node !== undefined) byNode.set(node, [...(byNode.get(node) ?? []), file]);
  }
  const addresses = new Map(cluster.spec.nodes.map(({ name, addresses: [first] }) => [name, first]));
  const steps = [...byNode].slice(0, MOST).map(([node, own]) => {
    const address = addresses.get(node);
    const target = posix.dirname(own[0] ?? '').slice(`nodes/${node}`.length);
    const same = own.every((file) => posix.dirname(file) === posix.dirname(own[0] ?? ''));
    const to = same ? target : 'where they stand below it';
    const [first = '', ...others] = own;
    const all = [shown(first), ...others.map((file) => (same ? posix.basename(file) : shown(file)))];
    return `copy ${all.join(' and ')} to ${to} on ${node}${address === undefined ? '' : ` (${address})`}`;
  });
  return byNode.size > MOST ? [...steps, `and so for ${byNode.size - MOST} more nodes`] : steps;
}

function readings(world: World, readers: readonly Reader[]): string[] {
  const groups = new Map<string, Reader & { readonly nodes: Set<string> }>();
  for (const reader of readers) {
    const key = `${reader.component}\n${reader.what}\n${reader.reload}`;
    const group = groups.get(key) ?? { ...reader, nodes: new Set<string>() };
    groups.set(key, group);
    if (reader.node !== undefined) group.nodes.add(reader.node);
  }
  const all = [...groups.values()].toSorted((a, b) => ORDER.indexOf(a.reload) - ORDER.indexOf(b.reload));
  const restarted = new Set<string>();
  return all.flatMap(({ component, what, reload, nodes }) => {
    if (component === 'user' || component === 'healthcheck') return [];
    const where = nodes.size === 0 ? '' : ` on ${listed([...nodes])}`;
    if (reload !== 'start') {
      return restarted.has(component)
        ? []
        : [`${component}${where} reads ${what} anew by itself: ${SOON[reload]}`];
    }
    if (restarted.has(component)) return [];
    restarted.add(component);
    return [
      `restart ${component}${where}: it reads ${what} at its start only${commandFor(world, component)}`,
    ];
  });
}

const ORDER: readonly Reload[] = ['start', 'hot', 'always'];

const SOON: Readonly<Record<Exclude<Reload, 'start'>, string>> = {
  hot: 'within minutes',
  always: 'at the next connection',
};

const STATIC_PODS: ReadonlySet<string> = new Set([
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
]);

/**
 * Kubernetes, Certificate management with kubeadm: a static pod ends when its manifest is moved away for 20 seconds
 * (fileCheckFrequency). How a component of another cluster is started, nobody here knows.
 */
function commandFor({ cluster }: World, component: string): string {
  if (component === 'kubelet') return ' (systemctl restart kubelet)';
  if (cluster.spec.profile !== 'kubeadm' || !STATIC_PODS.has(component)) return '';
  const file = `${component}.yaml`;
  return ` (mv /etc/kubernetes/manifests/${file} /etc/kubernetes/ && sleep 20 && mv /etc/kubernetes/${file} /etc/kubernetes/manifests/)`;
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST;
  return `${names.slice(0, MOST).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
