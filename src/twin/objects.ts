import type { Instant } from '../base/index.ts';
import { toRfc3339 } from '../base/index.ts';
import type { Cluster, ComponentName } from '../cluster/index.ts';

/** The nodes and static pods that the API server of this cluster would show, derived from what is declared. */
export interface KubernetesObject {
  readonly kind: 'Node' | 'Pod' | 'Namespace';
  readonly apiVersion: 'v1';
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly creationTimestamp: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
}

export interface Objects {
  readonly nodes: readonly KubernetesObject[];
  readonly pods: readonly KubernetesObject[];
  readonly namespaces: readonly KubernetesObject[];
}

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Components that kubeadm runs as static pods; kubelets and kube-proxies are none. */
const STATIC_PODS: ReadonlySet<ComponentName> = new Set<ComponentName>([
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
]);

export function objectsOf({ spec, endpoints }: Cluster, startedAt: Instant): Objects {
  const creationTimestamp = toRfc3339(startedAt);
  const version = `v${spec.kubernetes.major}.${spec.kubernetes.minor}.0`;
  const pods = endpoints.filter(({ component, port }) => STATIC_PODS.has(component) && port !== 'peer');
  return {
    namespaces: NAMESPACES.map((name) => ({
      kind: 'Namespace',
      apiVersion: 'v1',
      metadata: { name, creationTimestamp, labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })),
    nodes: spec.nodes.map(({ name, roles, addresses }) => ({
      kind: 'Node',
      apiVersion: 'v1',
      metadata: {
        name,
        creationTimestamp,
        labels: {
          'kubernetes.io/hostname': name,
          ...(roles.includes('control-plane') && { 'node-role.kubernetes.io/control-plane': '' }),
        },
      },
      spec: {},
      status: {
        addresses: addresses.map((address) => ({ type: addressType(address), address })),
        conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
        nodeInfo: { kubeletVersion: version },
      },
    })),
    pods: pods.map(({ component, node, address }) => ({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: {
        name: `${component}-${node}`,
        namespace: 'kube-system',
        creationTimestamp,
        labels: { component, tier: 'control-plane' },
      },
      spec: { nodeName: node, hostNetwork: true, containers: [{ name: component }] },
      status: {
        phase: 'Running',
        hostIP: address.host,
        podIP: address.host,
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: component, ready: true, restartCount: 0 }],
      },
    })),
  };
}

function addressType(address: string): 'InternalIP' | 'Hostname' {
  return /^[\d.]+$|:/.test(address) ? 'InternalIP' : 'Hostname';
}
