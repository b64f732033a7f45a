/** When a component reads a file again that has changed: who must be restarted after a renewal, and who need not. */
import type { ComponentName, Edge } from './types.ts';

/**
 *   start   at a restart only
 *   hot     as soon as it changes, or within minutes; what is no good is kept out and the old stays
 *   always  at every handshake, whatever it holds
 */
export type Reload = 'start' | 'hot' | 'always';

export interface Reloading {
  /** What it serves with. */
  readonly serving: Reload;
  /** By whom it believes clients. */
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

export interface Dialling {
  /** What it shows of itself. */
  readonly shows: Reload;
  /** By whom it believes the server. */
  readonly believes: Reload;
}

/** Gate ClientsAllowCARotation of client-go, on by default since this minor version. */
const CLIENTS_RELOAD_ANCHORS_SINCE = 36;

/**
 * The same for who dials, of the files that it is told of. client-go/transport: cert_rotation.go reads a pair's files again every five minutes,
 * ca_rotation.go an authority's since 1.36; a kubeconfig is read once, and with it what is embedded in it. The
 * kubelet's own transport drops the file of its anchors (pkg/kubelet/certificate/transport.go). kube-apiserver to
 * etcd: etcd client/pkg/transport/listener.go reads the pair at each handshake, and --etcd-cafile once.
 */
export function diallingOf({ client, endpoint }: Edge, kubernetesMinor: number): Dialling {
  const { component } = client;
  if (component === 'user' || component === 'healthcheck') return { shows: 'always', believes: 'always' };
  if (endpoint.component === 'etcd') return { shows: 'always', believes: 'start' };
  if (component === 'kubelet') return { shows: 'start', believes: 'start' };
  return { shows: 'hot', believes: kubernetesMinor < CLIENTS_RELOAD_ANCHORS_SINCE ? 'start' : 'hot' };
}
