import type { ComponentName } from '../cluster/index.ts';

/**
 * When a file that has changed is read again.
 *   start   at a restart only
 *   hot     as soon as it changes (fsnotify, some 10 ms); what is no good is kept out and the old stays
 *   always  at every handshake, whatever it holds
 */
export type Reload = 'start' | 'hot' | 'always';

interface Reloading {
  readonly serving: Reload;
  readonly clientAnchors: Reload;
}

/**
 * Measured on Kubernetes 1.37.2 and etcd 3.7.3. Sources: apiserver/pkg/server/dynamiccertificates,
 * kubernetes/pkg/kubelet/certificate, etcd/client/pkg/transport/listener.go (baseConfig).
 * Scheduler and aggregated servers read their anchors from a ConfigMap that kube-apiserver keeps up to date.
 */
const RELOADING: Readonly<Record<ComponentName, Reloading>> = {
  'kube-apiserver': { serving: 'hot', clientAnchors: 'hot' },
  'kube-controller-manager': { serving: 'hot', clientAnchors: 'hot' },
  'kube-scheduler': { serving: 'hot', clientAnchors: 'hot' },
  'aggregated-apiserver': { serving: 'hot', clientAnchors: 'hot' },
  kubelet: { serving: 'hot', clientAnchors: 'hot' },
  'kube-proxy': { serving: 'start', clientAnchors: 'start' },
  etcd: { serving: 'always', clientAnchors: 'start' },
};

/** Gate ReloadKubeletServerCertificateFile, on by default since this minor version. */
const KUBELET_SERVING_RELOADS_SINCE = 31;

export function reloadingOf(component: ComponentName, kubernetesMinor: number): Reloading {
  const facts = RELOADING[component];
  return component === 'kubelet' && kubernetesMinor < KUBELET_SERVING_RELOADS_SINCE
    ? { ...facts, serving: 'start' }
    : facts;
}
