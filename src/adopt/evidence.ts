/** Single facts about a cluster, each from the most telling place that has it. */
import { firstAddress, isSubnet } from '../cluster/index.ts';
import { parseServer, type Kubeconfig } from '../kubeconfig/index.ts';
import type { FileRole } from '../layouts/index.ts';
import { type Certificate, parseIp } from '../x509/index.ts';
import type { Tree } from './trees.ts';

export function isControlPlane(tree: Tree): boolean {
  return (
    tree.file('kube-apiserver', 'certificate') !== undefined ||
    tree.file('kube-apiserver', 'key') !== undefined ||
    tree.file('kube-controller-manager', 'kubeconfig') !== undefined
  );
}

export function isMember(tree: Tree): boolean {
  return tree.file('etcd-server', 'certificate') !== undefined;
}

export function namesIn(certificate: Certificate | undefined, kind: 'dns' | 'ip'): string[] {
  return (certificate?.subjectAltNames ?? []).flatMap((name) => (name.kind === kind ? [name.value] : []));
}

export function configOf(tree: Tree, role: FileRole): Kubeconfig | undefined {
  return tree.file(role, 'kubeconfig')?.material.kubeconfigs[0];
}

/** `https://10.0.0.10:6443` of the context that is current, as host and port. */
export function serverOf(config: Kubeconfig | undefined): { host: string; port: number } | undefined {
  const context = config?.contexts.find(({ name }) => name === config.currentContext)?.context;
  const cluster = config?.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  if (!cluster?.server) return undefined;
  try {
    const { host, port, scheme } = parseServer(cluster.server);
    return scheme === 'https' ? { host, port } : undefined;
  } catch {
    return undefined;
  }
}

/** Where the node can be reached, the most telling first. What kube-apiserver is told beats what a certificate says. */
export function addressesOf(tree: Tree, taken: ReadonlySet<string>): string[] {
  const flags = [
    tree.setting('kube-apiserver', 'advertise-address'),
    tree.setting('kubelet', 'node-ip'),
    ...urlHosts(tree.setting('etcd', 'initial-advertise-peer-urls')),
    ...urlHosts(tree.setting('etcd', 'advertise-client-urls')),
  ];
  const servers = (['kube-controller-manager', 'kube-scheduler'] as const).map(
    (role) => serverOf(configOf(tree, role))?.host,
  );
  const certificates = (['etcd-server', 'etcd-peer', 'kubelet-server', 'kube-apiserver'] as const).flatMap(
    (role) => namesIn(tree.certificate(role), 'ip'),
  );
  const all = [...flags, ...servers, ...certificates];
  return all.flatMap((address) => (isOwn(address, taken) ? [address] : []));
}

function isOwn(address: string | undefined, taken: ReadonlySet<string>): address is string {
  if (address === undefined || taken.has(address)) return false;
  const bytes = parseIp(address);
  return bytes !== undefined && !NOT_OWN.has(address);
}

/** What every node listens on and puts in its certificates. */
const NOT_OWN = new Set(['127.0.0.1', '::1', '0.0.0.0', '::']);

function urlHosts(list: string | undefined): string[] {
  return (list ?? '').split(',').flatMap((url) => {
    const [, host] = /^https?:\/\/\[?([^\]/]+?)\]?(?::\d+)?$/.exec(url.trim()) ?? [];
    return host === undefined ? [] : [host];
  });
}

/**
 * The Service `kubernetes` is the first address of its subnet, and the first IP address that kubeadm writes. How
 * wide the subnet is no certificate tells: kube-apiserver's flag does.
 */
export function serviceSubnetOf(
  trees: readonly Tree[],
  nodeAddresses: ReadonlySet<string>,
): string | undefined {
  const told = trees.map((tree) => tree.setting('kube-apiserver', 'service-cluster-ip-range'));
  const flag = told.find((value) => value !== undefined);
  if (flag !== undefined) return flag;
  const addresses = trees.flatMap((tree) => namesIn(tree.certificate('kube-apiserver'), 'ip'));
  const first = addresses.find((address) => /(\.|:)1$/.test(address) && isOwn(address, nodeAddresses));
  return first === undefined ? undefined : subnetFrom(first);
}

/** The Service `kubernetes`, in each range that kube-apiserver is told. */
export function serviceAddressesTold(trees: readonly Tree[]): string[] {
  const ranges = trees.flatMap(
    (tree) => tree.setting('kube-apiserver', 'service-cluster-ip-range')?.split(',') ?? [],
  );
  return ranges
    .map((range) => range.trim())
    .filter(isSubnet)
    .map(firstAddress);
}

/** kube-apiserver dials etcd without TLS. */
export function isEtcdPlain(trees: readonly Tree[]): boolean {
  return trees.some((tree) => tree.setting('kube-apiserver', 'etcd-servers')?.startsWith('http://'));
}

function subnetFrom(first: string): string {
  if (first.includes(':')) return `${first.slice(0, -1)}/112`.replace(/([^:]):\/112$/, '$1::/112');
  if (first === '10.96.0.1') return '10.96.0.0/12';
  const [a, b, c] = first.split('.');
  return c === '0' ? `${a}.${b}.0.0/16` : `${a}.${b}.${c}.0/24`;
}

/** What kubelets tell pods beats what somebody wrote into a certificate. */
export function dnsDomainOf(trees: readonly Tree[]): string | undefined {
  const told = trees.flatMap((tree) => tree.setting('kubelet', 'cluster-domain') ?? []).find(isDnsName);
  if (told !== undefined) return told;
  const names = trees.flatMap((tree) => namesIn(tree.certificate('kube-apiserver'), 'dns'));
  const prefix = 'kubernetes.default.svc.';
  const domains = names.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
  return domains.find(isDnsName);
}

/** RFC 1123, as Kubernetes takes it; what ends in a number would be an address. */
export function isDnsName(name: string): boolean {
  const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
  return name.length <= 253 && !/(^|\.)\d+$/.test(name) && name.split('.').every((part) => label.test(part));
}

/** `1.37`, from the tag of kube-apiserver's image. */
export function releaseOf(trees: readonly Tree[]): number | undefined {
  const images = trees.map((tree) => tree.setting('kube-apiserver', 'image') ?? '');
  const minors = images.flatMap((image) => /:v?1\.(\d{1,3})(?:\.|$|-)/.exec(image)?.[1] ?? []);
  // While an upgrade is under way the older one sets the rules.
  return minors.length === 0 ? undefined : Math.min(...minors.map(Number));
}

/** The value that most have; of equals the first. */
export function mostCommon<T>(values: readonly T[], key: (value: T) => string = String): T | undefined {
  const counts = new Map<string, { value: T; count: number }>();
  for (const value of values) {
    const known = counts.get(key(value));
    if (known) known.count++;
    else counts.set(key(value), { value, count: 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.value;
}
