/** Who is who: the names by which Kubernetes knows its components, and the names that its servers answer to. */
import { canonicalIp, firstAddress } from './addresses.ts';
import { dialAddress } from './nodes.ts';
import type { CertificateProfile, ClusterSpec, GroupedName, NodeSpec } from './types.ts';

export type Subject = CertificateProfile['subject'];

/** SANs, in the order in which they are wanted. */
export interface Names {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
}

/** O before CN, as Go's pkix.Name writes them. */
export function subject(commonName: string, organizations: readonly string[] = []): Subject {
  return [
    ...organizations.map((value) => ({ type: 'O', value }) as const),
    { type: 'CN', value: commonName },
  ];
}

/** A client's subject, with the organizations that the file gives it, else those of the profile. */
export function clientSubject(
  { groups }: ClusterSpec,
  commonName: GroupedName,
  organizations: readonly string[] = [],
): Subject {
  return subject(commonName, groups[commonName] ?? organizations);
}

/** The user names that RBAC's default bindings are made for (kubernetes.io, "Default roles and role bindings"). */
export const COMPONENT_USERS = {
  'kube-scheduler': 'system:kube-scheduler',
  'kube-controller-manager': 'system:kube-controller-manager',
  'kube-proxy': 'system:kube-proxy',
} as const;

/** The node authorizer wants exactly this user in exactly this group (pkg/auth/nodeidentifier). */
export function nodeUser(node: NodeSpec): string {
  return `system:node:${node.name}`;
}

export function nodeSubject(node: NodeSpec): Subject {
  return subject(nodeUser(node), ['system:nodes']);
}

/** Sorts texts into DNS names and IP addresses; the first of equals stays. */
function namesOf(texts: readonly string[]): Names {
  const dnsNames = new Set<string>();
  const ipAddresses = new Set<string>();
  for (const text of texts) {
    const ip = canonicalIp(text);
    if (ip === undefined) dnsNames.add(text);
    else ipAddresses.add(ip);
  }
  return { dnsNames: [...dnsNames], ipAddresses: [...ipAddresses] };
}

/** The Service `kubernetes` of the namespace `default`, as pods may write it. */
function serviceNames(dnsDomain: string): readonly string[] {
  return [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    `kubernetes.default.svc.${dnsDomain}`,
  ];
}

/** flat: everything that the node, the Service and the endpoint are called. */
export function flatApiserverNames(spec: ClusterSpec, node: NodeSpec): Names {
  return namesOf([
    ...serviceNames(spec.dnsDomain),
    ...spec.serviceSubnets.map(firstAddress),
    node.name,
    ...node.addresses,
    spec.endpoint.host,
    ...(spec.sans['kube-apiserver'] ?? []),
  ]);
}

export function flatEtcdNames(spec: ClusterSpec, node: NodeSpec): Names {
  return namesOf([node.name, ...node.addresses, 'localhost', '127.0.0.1', '::1', ...(spec.sans.etcd ?? [])]);
}

export function kubeletNames(spec: ClusterSpec, node: NodeSpec): Names {
  return namesOf([node.name, ...node.addresses, ...(spec.sans.kubelet ?? [])]);
}

/**
 * kubeadm: of the node its name and its advertise address only, of a dual-stack subnet the first only, and
 * the DNS names sorted (pkiutil.GetAPIServerAltNames, RemoveDuplicateAltNames; constants.GetAPIServerVirtualIP).
 */
export function kubeadmApiserverNames(spec: ClusterSpec, node: NodeSpec): Names {
  const services = spec.serviceSubnets.slice(0, 1).map(firstAddress);
  const extra = namesOf([spec.endpoint.host, ...(spec.sans['kube-apiserver'] ?? [])]);
  return {
    dnsNames: sorted([node.name, ...serviceNames(spec.dnsDomain), ...extra.dnsNames]),
    ipAddresses: namesOf([...services, dialAddress(node), ...extra.ipAddresses]).ipAddresses,
  };
}

/** pkiutil.GetEtcdAltNames and GetEtcdPeerAltNames: server and peer have the same, but for what is added. */
export function kubeadmEtcdNames(spec: ClusterSpec, node: NodeSpec, socket: 'etcd' | 'etcd-peer'): Names {
  const extra = namesOf(spec.sans[socket] ?? spec.sans.etcd ?? []);
  return {
    dnsNames: sorted([node.name, 'localhost', ...extra.dnsNames]),
    ipAddresses: namesOf([dialAddress(node), '127.0.0.1', '::1', ...extra.ipAddresses]).ipAddresses,
  };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
