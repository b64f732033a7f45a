import { isIP } from 'node:net';
import { type Instant, toRfc3339 } from '../base/index.ts';
import type { Cluster, ComponentName, Endpoint, NodeSpec } from '../cluster/index.ts';

/** The nodes and static pods that the API server of this cluster would show, derived from what is declared. */
export interface KubernetesObject {
  readonly kind: Kind;
  readonly apiVersion: 'v1';
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly creationTimestamp: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: object;
  readonly status: object;
}

export type Kind = 'Namespace' | 'Node' | 'Pod' | 'Service';

/** An object, the node that it is on, and what kubectl's columns say of it beside name and age. */
export interface Shown {
  readonly object: KubernetesObject;
  readonly node: string | undefined;
  readonly cells: Readonly<Record<string, string>>;
}

export type Objects = Readonly<Record<Kind, readonly Shown[]>>;

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Components that kubeadm runs as static pods; kubelets and kube-proxies are none. */
const STATIC_PODS: ReadonlySet<ComponentName> = new Set<ComponentName>([
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
]);

export function objectsOf({ spec, endpoints }: Cluster, startedAt: Instant): Objects {
  const born = toRfc3339(startedAt);
  const version = `v${spec.kubernetes.major}.${spec.kubernetes.minor}.0`;
  const pods = endpoints.filter(({ component, port }) => STATIC_PODS.has(component) && port !== 'peer');
  return {
    Namespace: NAMESPACES.map((name) => namespace(name, born)),
    Node: spec.nodes.map((declared) => node(declared, version, born)),
    Pod: pods.map((endpoint) => staticPod(endpoint, born)),
    // Their addresses are no business of certificates; `kubectl cluster-info` wants the list.
    Service: [],
  };
}

function namespace(name: string, creationTimestamp: string): Shown {
  const object: KubernetesObject = {
    kind: 'Namespace',
    apiVersion: 'v1',
    metadata: { name, creationTimestamp, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
  return { object, node: undefined, cells: { Status: 'Active' } };
}

function node({ name, roles, addresses }: NodeSpec, version: string, creationTimestamp: string): Shown {
  const role = roles.includes('control-plane') ? 'control-plane' : undefined;
  const internal = addresses.find((address) => isIP(address) !== 0);
  const object: KubernetesObject = {
    kind: 'Node',
    apiVersion: 'v1',
    metadata: {
      name,
      creationTimestamp,
      labels: {
        'kubernetes.io/hostname': name,
        ...(role && { [`node-role.kubernetes.io/${role}`]: '' }),
      },
    },
    spec: {},
    status: {
      addresses: addresses.map((address) => ({ type: isIP(address) ? 'InternalIP' : 'Hostname', address })),
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
      nodeInfo: { kubeletVersion: version },
    },
  };
  const cells = { Status: 'Ready', Roles: role ?? '<none>', Version: version };
  return { object, node: name, cells: { ...cells, 'Internal-IP': internal ?? '<none>' } };
}

function staticPod({ component, node, address }: Endpoint, creationTimestamp: string): Shown {
  const object: KubernetesObject = {
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
  };
  const cells = { Ready: '1/1', Status: 'Running', Restarts: '0', IP: address.host, Node: node };
  return { object, node, cells };
}
