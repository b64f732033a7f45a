/** The validated file as a ClusterSpec: texts become values, and what is left out gets its default. */
import { canonicalIp, isIp, masked, parseSubnet, subnetText } from '../addresses.ts';
import { servicesOf } from '../services.ts';
import type { ClusterSpec, NodeSpec, Role, UserSpec } from '../types.ts';
import { parseDuration } from './duration.ts';
import { minorOf } from './formats.ts';
import { splitEndpoint } from './formats-network.ts';
import type { SpecFile } from './schema.ts';

type UserFile = NonNullable<SpecFile['spec']['users']>[number];

/** The port on which each kube-apiserver listens, and the endpoint's when it names none. */
const APISERVER_PORT = 6443;

const DEFAULT_USERS: Readonly<Record<ClusterSpec['profile'], UserSpec>> = {
  flat: { name: 'kube-admin', groups: ['system:masters'] },
  // Since kubeadm 1.29 the group that is bound to cluster-admin, and can be unbound.
  kubeadm: { name: 'kube-admin', groups: ['kubeadm:cluster-admins'] },
};

export function buildSpec({ metadata, spec }: SpecFile): ClusterSpec {
  const nodes = withEtcd(spec.nodes.map(nodeSpec), spec.profile);
  return {
    name: metadata.name,
    profile: spec.profile,
    kubernetes: { major: 1, minor: minorOf(spec.kubernetes) },
    endpoint: endpointOf(spec.endpoint, spec.profile, nodes),
    dnsDomain: spec.dnsDomain,
    serviceSubnets: spec.serviceSubnet.split(',').map(cleanSubnet),
    keys: spec.keys,
    lifetimes: {
      authority: milliseconds(spec.lifetimes.authority),
      certificate: milliseconds(spec.lifetimes.certificate),
      renewBefore:
        spec.lifetimes.renewBefore === undefined ? undefined : milliseconds(spec.lifetimes.renewBefore),
    },
    authorities: spec.authorities,
    clients: spec.clients,
    kubelets: spec.kubelets,
    admins: spec.admins,
    groups: given(spec.groups),
    nodes,
    sans: given(spec.sans),
    users: spec.users?.map(userSpec) ?? [DEFAULT_USERS[spec.profile]],
    services: servicesOf(spec.profile, spec.services),
  };
}

function userSpec({ id, ...user }: UserFile): UserSpec {
  return { ...user, ...(id !== undefined && { id }) };
}

/** Without the keys that the file leaves out. */
function given<K extends string>(
  lists: Readonly<Partial<Record<K, readonly string[] | undefined>>>,
): Readonly<Partial<Record<K, readonly string[]>>> {
  const entries = Object.entries<readonly string[] | undefined>(lists);
  return Object.fromEntries(entries.filter(([, list]) => list !== undefined)) as Partial<
    Record<K, readonly string[]>
  >;
}

function nodeSpec({ host, become, ...node }: SpecFile['spec']['nodes'][number]): NodeSpec {
  return {
    ...node,
    addresses: node.addresses.map((address) => canonicalIp(address) ?? address),
    ...(host !== undefined && { host }),
    ...(become !== undefined && { become }),
  };
}

/** In the kubeadm profile, when no node has the role etcd, every control plane runs a member ("stacked"). */
function withEtcd(nodes: readonly NodeSpec[], profile: ClusterSpec['profile']): readonly NodeSpec[] {
  if (profile !== 'kubeadm' || nodes.some(({ roles }) => roles.includes('etcd'))) return nodes;
  const stacked: readonly Role[] = ['control-plane', 'etcd'];
  return nodes.map((node) =>
    node.roles.includes('control-plane')
      ? { ...node, roles: [...stacked, ...node.roles.filter((role) => role === 'worker')] }
      : node,
  );
}

/** flat: a name that people point at their control plane; kubeadm: the address of the node that is initialised. */
function endpointOf(text: string | undefined, profile: ClusterSpec['profile'], nodes: readonly NodeSpec[]) {
  const given = text === undefined ? undefined : splitEndpoint(text);
  if (given) return { host: canonicalIp(given.host) ?? given.host, port: given.port };
  const first = nodes.find(({ roles }) => roles.includes('control-plane'));
  const host = profile === 'flat' ? 'kube-apiserver' : (first?.addresses.find(isIp) ?? '');
  return { host, port: APISERVER_PORT };
}

function cleanSubnet(text: string): string {
  const subnet = parseSubnet(text.trim());
  if (!subnet) throw new TypeError(`${text} was not validated`);
  return subnetText(masked(subnet));
}

function milliseconds(text: string): number {
  return parseDuration(text) ?? 0;
}
