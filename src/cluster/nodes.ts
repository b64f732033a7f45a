import { isIp } from './addresses.ts';
import type { ClusterSpec, NodeSpec, Role } from './types.ts';

export function hasRole(node: NodeSpec, role: Role): boolean {
  return node.roles.includes(role);
}

export function nodesWith(spec: ClusterSpec, role: Role): readonly NodeSpec[] {
  return spec.nodes.filter((node) => hasRole(node, role));
}

/** Control planes run a kubelet like workers; etcd members of their own run none that the cluster knows. */
export function kubeletNodes(spec: ClusterSpec): readonly NodeSpec[] {
  return spec.nodes.filter(runsKubelet);
}

export function runsKubelet(node: NodeSpec): boolean {
  return hasRole(node, 'control-plane') || hasRole(node, 'worker');
}

/** The first IP address, or the first name of a worker that has none: the kubelet's InternalIP, kubeadm's advertise address. */
export function dialAddress(node: NodeSpec): string {
  return node.addresses.find(isIp) ?? node.addresses[0] ?? node.name;
}

/** The loopback address of the family that the node is dialled by (kubeadm, phases/etcd/local.go). */
export function loopback(node: NodeSpec): string {
  return dialAddress(node).includes(':') ? '::1' : '127.0.0.1';
}
