/** Every listening socket of the cluster: what it presents, and whom it lets in. */
import { onNode } from './items.ts';
import { type Layout, layoutOf, type PairBase } from './layout.ts';
import { dialAddress, kubeletNodes, nodesWith } from './nodes.ts';
import type { ClientPolicy, ClusterSpec, ComponentName, Endpoint, NodeSpec } from './types.ts';

/** Names of sockets; etcd has two. */
export type Service = ComponentName | 'etcd-peer';

/** Default ports (pkg/cluster/ports, kubeadm constants.go); 4443 is what metrics-server listened on for long. */
export const PORTS: Readonly<Record<Exclude<Service, 'kube-proxy'>, number>> = {
  'kube-apiserver': 6443,
  etcd: 2379,
  'etcd-peer': 2380,
  kubelet: 10250,
  'kube-scheduler': 10259,
  'kube-controller-manager': 10257,
  'aggregated-apiserver': 4443,
};

/** The endpoints by service, in the order of the nodes. */
export interface Endpoints {
  readonly apiservers: readonly Endpoint[];
  readonly etcd: readonly Endpoint[];
  readonly etcdPeers: readonly Endpoint[];
  readonly kubelets: readonly Endpoint[];
  readonly schedulers: readonly Endpoint[];
  readonly controllerManagers: readonly Endpoint[];
  /** One that stands for metrics-server and its like. */
  readonly aggregated: Endpoint;
}

export function endpointsOf(spec: ClusterSpec): Endpoints {
  const layout = layoutOf(spec);
  const controlPlanes = nodesWith(spec, 'control-plane');
  const members = nodesWith(spec, 'etcd');
  const [first] = controlPlanes;
  if (!first) throw new TypeError('a cluster without a control plane was not validated');
  const { pairs } = layout;
  return {
    apiservers: controlPlanes.map((node) =>
      endpoint('kube-apiserver', node, pairs.apiserver, apiserverPolicy(layout, node)),
    ),
    etcd: members.map((node) =>
      endpoint('etcd', node, pairs.etcdServer, etcdPolicy(layout.anchors.etcdClients, node, false)),
    ),
    etcdPeers: members.map((node) =>
      endpoint('etcd-peer', node, pairs.etcdPeer, etcdPolicy(layout.anchors.etcd, node, true)),
    ),
    kubelets: kubeletNodes(spec).map((node) => kubelet(spec, layout, node)),
    schedulers: controlPlanes.map((node) => controller('kube-scheduler', layout, node)),
    controllerManagers: controlPlanes.map((node) => controller('kube-controller-manager', layout, node)),
    aggregated: endpoint('aggregated-apiserver', first, undefined, apiserverPolicy(layout, first)),
  };
}

/** Beside the kubelet's own certificates stands what it asked for (client-go util/certificate). */
const ROTATED = 'var/lib/kubelet/pki/kubelet-server-current.pem';

function kubelet({ kubelets }: ClusterSpec, layout: Layout, node: NodeSpec): Endpoint {
  const pair = kubelets.serving === 'issued' ? layout.pairs.kubelet : undefined;
  const found = endpoint('kubelet', node, pair, kubeletPolicy(layout, node));
  if (kubelets.serving !== 'rotated') return found;
  const both = onNode(node.name, ROTATED);
  return { ...found, serves: { certificate: both, key: both } };
}

/** A pair on its node, or without one a certificate that it makes at start and keeps in memory. */
function endpoint(
  service: keyof typeof PORTS,
  node: NodeSpec,
  pair: PairBase | undefined,
  clients: ClientPolicy,
): Endpoint {
  return {
    id: `${service}@${node.name}`,
    component: service === 'etcd-peer' ? 'etcd' : service,
    port: service === 'etcd' ? 'client' : service === 'etcd-peer' ? 'peer' : 'https',
    node: node.name,
    address: { host: dialAddress(node), port: PORTS[service] },
    serves:
      pair === undefined
        ? 'self-signed'
        : { certificate: onNode(node.name, `${pair}.crt`), key: onNode(node.name, `${pair}.key`) },
    clients,
  };
}

/**
 * Certificates are asked for and judged request by request; who shows none is system:anonymous, whom RBAC
 * forbids. The aggregated API server reads the same two authorities from the ConfigMap
 * extension-apiserver-authentication, into which kube-apiserver writes them: hence the files of its node.
 */
function apiserverPolicy({ anchors }: Layout, node: NodeSpec): ClientPolicy {
  return {
    ...byRequest(anchors.cluster, node, 'forbidden'),
    // --requestheader-allowed-names, phases/controlplane/manifests.go
    frontProxy: { anchors: onNode(node.name, anchors.frontProxy), allowedNames: ['front-proxy-client'] },
  };
}

/** --client-cert-auth and --peer-client-cert-auth: Go's RequireAndVerifyClientCert. */
function etcdPolicy(anchors: string, node: NodeSpec, peer: boolean): ClientPolicy {
  return {
    verified: 'handshake',
    anonymous: 'refused',
    anchors: [onNode(node.name, anchors)],
    frontProxy: undefined,
    // client/pkg/transport/listener_tls.go, checkSAN: the client port goes without it (NewTLSListener).
    peerAddressCheck: peer,
  };
}

/** kubeadm and kubelet defaults: authentication.anonymous.enabled is false. */
function kubeletPolicy({ anchors }: Layout, node: NodeSpec): ClientPolicy {
  return byRequest(anchors.cluster, node, 'unauthorized');
}

/** Their certificate is made at start (options.SecureServing, MaybeDefaultWithSelfSignedCerts) and kept in memory. */
function controller(
  service: 'kube-scheduler' | 'kube-controller-manager',
  layout: Layout,
  node: NodeSpec,
): Endpoint {
  const found = endpoint(service, node, undefined, byRequest(layout.anchors.cluster, node, 'forbidden'));
  // kubeadm sets --bind-address=127.0.0.1 on both, whatever the family of the node's address.
  return layout.controllersOnLoopback
    ? { ...found, address: { ...found.address, host: '127.0.0.1' } }
    : found;
}

function byRequest(anchors: string, node: NodeSpec, anonymous: ClientPolicy['anonymous']): ClientPolicy {
  return {
    verified: 'request',
    anonymous,
    anchors: [onNode(node.name, anchors)],
    frontProxy: undefined,
    peerAddressCheck: false,
  };
}
