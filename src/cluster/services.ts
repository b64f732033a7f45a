/** How each component of a node is started anew, where the file does not say it. */
import type { ClusterSpec, ComponentName, Service } from './types.ts';

const NONE: Service = { kind: 'none' };
const POD: Service = { kind: 'static-pod' };
const unit = (name: string): Service => ({ kind: 'systemd', unit: name });

/**
 * kubeadm: cmd/kubeadm/app/phases/controlplane/manifests.go and phases/etcd/local.go write static pods, its
 * packages have a unit for the kubelet, and phases/addons/proxy runs kube-proxy as a DaemonSet, whose
 * credentials are its service account's. flat: one unit a component, of its name, as the hard way has them.
 * Aggregated API servers are pods.
 */
const SERVICES: Readonly<Record<ClusterSpec['profile'], Readonly<Record<ComponentName, Service>>>> = {
  flat: {
    'kube-apiserver': unit('kube-apiserver'),
    etcd: unit('etcd'),
    kubelet: unit('kubelet'),
    'kube-scheduler': unit('kube-scheduler'),
    'kube-controller-manager': unit('kube-controller-manager'),
    'kube-proxy': unit('kube-proxy'),
    'aggregated-apiserver': NONE,
  },
  kubeadm: {
    'kube-apiserver': POD,
    etcd: POD,
    kubelet: unit('kubelet'),
    'kube-scheduler': POD,
    'kube-controller-manager': POD,
    'kube-proxy': NONE,
    'aggregated-apiserver': NONE,
  },
};

/** As `spec.services` has them. */
export type ServiceFile =
  | 'systemd'
  | 'static-pod'
  | 'none'
  | { readonly systemd?: string | undefined; readonly command?: readonly string[] | undefined };

export function servicesOf(
  profile: ClusterSpec['profile'],
  given: Readonly<Partial<Record<ComponentName, ServiceFile | undefined>>>,
): ClusterSpec['services'] {
  const entries = Object.entries(SERVICES[profile]) as [ComponentName, Service][];
  return Object.fromEntries(
    entries.map(([component, service]) => [component, serviceOf(component, given[component]) ?? service]),
  ) as Record<ComponentName, Service>;
}

function serviceOf(component: ComponentName, given: ServiceFile | undefined): Service | undefined {
  if (given === undefined) return undefined;
  if (given === 'none' || given === 'static-pod') return { kind: given };
  if (given === 'systemd') return unit(component);
  return given.command ? { kind: 'command', command: given.command } : unit(given.systemd ?? component);
}
