import { describeCluster, parseSpec } from '../index.ts';
import type { Cluster, Item, PairItem } from '../types.ts';

export function cluster(spec: string): Cluster {
  return describeCluster(parseSpec(`metadata: { name: demo }\nspec:\n${spec}`, 'kubetls.yaml'));
}

export const ONE_AND_THREE = `
  nodes:
    - { name: master, roles: [control-plane, etcd], addresses: [10.0.0.10] }
    - { name: worker-1, addresses: [10.0.0.21] }
    - { name: worker-2, addresses: [10.0.0.22] }
    - { name: worker-3, addresses: [10.0.0.23] }
`;

export function filesOf(item: Item) {
  if (item.kind === 'pair' || item.kind === 'authority') return [item.certificate, item.key];
  return item.kind === 'key-pair' ? [item.privateKey, item.publicKey] : [item.file];
}

/** `0644 ca.crt`, of everything below a directory of the state. */
export function tree({ items }: Cluster, directory: string): string[] {
  return items
    .flatMap(filesOf)
    .filter(({ path }) => path.startsWith(directory))
    .map(({ path, mode }) => `${mode.toString(8).padStart(4, '0')} ${path.slice(directory.length)}`)
    .sort((a, b) => a.slice(5).localeCompare(b.slice(5)));
}

export function pair({ items }: Cluster, id: string): PairItem {
  const found = items.find((item) => item.id === id);
  if (found?.kind !== 'pair') throw new Error(`no pair ${id}`);
  return found;
}

/** What a certificate says, as in `openssl x509 -text`. */
export function says(item: PairItem): string[] {
  const { subject, dnsNames, ipAddresses, extendedKeyUsage } = item.profile;
  return [
    subject.map(({ type, value }) => `${type}=${value}`).join(', '),
    [...dnsNames, ...ipAddresses].join(' '),
    extendedKeyUsage.join(' '),
    `by ${item.issuer}`,
  ];
}

export const MASTER = [
  '0600 controller-manager.kubeconfig',
  '0600 kube-proxy.kubeconfig',
  '0600 kubelet.kubeconfig',
  '0644 pki/apiserver-etcd-client.crt',
  '0600 pki/apiserver-etcd-client.key',
  '0644 pki/apiserver-kubelet-client.crt',
  '0600 pki/apiserver-kubelet-client.key',
  '0644 pki/apiserver.crt',
  '0600 pki/apiserver.key',
  '0644 pki/ca.crt',
  '0600 pki/ca.key',
  '0644 pki/controller-manager.crt',
  '0600 pki/controller-manager.key',
  '0644 pki/etcd-ca.crt',
  '0644 pki/etcdserver.crt',
  '0600 pki/etcdserver.key',
  '0644 pki/front-proxy-ca.crt',
  '0644 pki/front-proxy-client.crt',
  '0600 pki/front-proxy-client.key',
  '0644 pki/kube-proxy.crt',
  '0600 pki/kube-proxy.key',
  '0644 pki/kubelet-client.crt',
  '0600 pki/kubelet-client.key',
  '0644 pki/kubelet.crt',
  '0600 pki/kubelet.key',
  '0600 pki/sa.key',
  '0644 pki/sa.pub',
  '0644 pki/scheduler.crt',
  '0600 pki/scheduler.key',
  '0600 scheduler.kubeconfig',
];

export const WORKER = [
  '0600 kube-proxy.kubeconfig',
  '0600 kubelet.kubeconfig',
  '0644 pki/ca.crt',
  '0644 pki/kube-proxy.crt',
  '0600 pki/kube-proxy.key',
  '0644 pki/kubelet-client.crt',
  '0600 pki/kubelet-client.key',
  '0644 pki/kubelet.crt',
  '0600 pki/kubelet.key',
];
