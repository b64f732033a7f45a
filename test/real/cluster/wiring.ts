// Which program of a cluster is given which file: read off the endpoints and edges that kubetls describes it
// by. No file is known here, so a flag that names a wrong one is a fault of those tables.
import type { Cluster, Credential, Edge, Endpoint, StatePath } from '../../../src/cluster/index.ts';

/** Paths on the node's disk, as the program opens them. */
export interface Pair {
  cert: string;
  key: string;
}

/** Host and port. */
export type Address = Endpoint['address'];

export interface EtcdWiring {
  node: string;
  client: Address;
  peer: Address;
  serving: Pair;
  clientCa: string;
  peers: Pair;
  peerCa: string;
  /** kubeadm's also listens on loopback, for the kube-apiserver beside it. */
  loopback: boolean;
}

export interface ApiserverWiring {
  node: string;
  address: Address;
  serving: Pair;
  clientCa: string;
  frontProxy: { ca: string; allowedNames: readonly string[]; client: Pair };
  etcd: Pair & { ca: string; servers: readonly string[] };
  /** Without `ca` the kubelets' certificates are not verified. */
  kubelet: Pair & { ca: string | undefined };
  serviceAccount: { publicKey: string; privateKey: string };
}

export interface ControllerWiring {
  node: string;
  address: Address;
  kubeconfig: string;
  clientCa: string;
}

export interface ControllerManagerWiring extends ControllerWiring {
  signing: Pair;
  frontProxyCa: string;
  serviceAccountKey: string;
}

export interface KubeletWiring {
  node: string;
  address: Address;
  kubeconfig: string;
  clientCa: string;
  serving: Pair | 'rotated' | 'self-signed';
  /** Whose business its client certificate is: its own, after its TLS bootstrap. */
  client: 'issued' | 'rotated';
  /** It asks for its next client certificate itself: kubeadm says so to every kubelet. */
  rotates: boolean;
}

export interface KubeProxyWiring {
  node: string;
  /** Of the node. */
  address: string;
  kubeconfig: string;
}

export interface AggregatedWiring {
  node: string;
  address: Address;
  /** Of whom it asks who somebody is, and what he may. */
  kubeconfig: string;
}

export interface Wiring {
  etcd: readonly EtcdWiring[];
  apiservers: readonly ApiserverWiring[];
  controllerManagers: readonly ControllerManagerWiring[];
  schedulers: readonly ControllerWiring[];
  kubelets: readonly KubeletWiring[];
  /** Those with a kubeconfig: kubeadm's are pods, with a token. */
  kubeProxies: readonly KubeProxyWiring[];
  aggregated: AggregatedWiring;
  /** A kubeconfig in group system:masters. */
  admin: string;
}

/** `at`: where a file of the state stands for the program that reads it. */
export function wiringOf(cluster: Cluster, at: (file: StatePath) => string): Wiring {
  const look = lookupsIn(cluster, at);
  return {
    etcd: look.endpoints('etcd', 'client').map((client) => etcd(look, client)),
    apiservers: look.endpoints('kube-apiserver').map((endpoint) => apiserver(look, endpoint)),
    controllerManagers: look
      .endpoints('kube-controller-manager')
      .map((endpoint) => controllerManager(look, endpoint)),
    schedulers: look.endpoints('kube-scheduler').map((endpoint) => controller(look, endpoint)),
    kubelets: look.endpoints('kubelet').map((endpoint) => kubelet(look, endpoint)),
    kubeProxies: look.endpoints('kubelet').flatMap((endpoint) => kubeProxy(look, endpoint)),
    aggregated: aggregated(look),
    admin: admin(cluster, at),
  };
}

/** With --kubelet-certificate-authority where the tables have none: whoever signs in the cluster signs for kubelets too. */
export function verifyingKubelets(wiring: Wiring): Wiring {
  const apiservers = wiring.apiservers.map((one) => ({
    ...one,
    kubelet: { ...one.kubelet, ca: one.clientCa },
  }));
  return { ...wiring, apiservers };
}

type Lookups = ReturnType<typeof lookupsIn>;

function lookupsIn(cluster: Cluster, at: (file: StatePath) => string) {
  const edgesTo = (component: Edge['endpoint']['component'], client: string) =>
    cluster.edges.filter((edge) => edge.endpoint.component === component && edge.client.name === client);
  const pair = (credential: Credential | undefined): Pair => {
    if (credential?.kind !== 'pair') throw new Error('a pair was expected');
    return { cert: at(credential.certificate), key: at(credential.key) };
  };
  return {
    cluster,
    at,
    endpoints: (component: Endpoint['component'], port: Endpoint['port'] = 'https') =>
      cluster.endpoints.filter((one) => one.component === component && one.port === port),
    edgesTo,
    pair,
    serves: ({ id, serves }: Endpoint): Pair => {
      if (serves === 'self-signed') throw new Error(`${id} serves no file`);
      return { cert: at(serves.certificate), key: at(serves.key) };
    },
    anchors: ({ clients }: Endpoint) => at(only(clients.anchors)),
    trusts: ({ id, trusts }: Edge) => {
      if (trusts.kind !== 'anchors') throw new Error(`${id} trusts no file`);
      return at(trusts.file);
    },
    /** The kubeconfig by which a component of a node dials kube-apiserver. */
    kubeconfig: (client: string) => {
      const { presents } = first(edgesTo('kube-apiserver', client));
      if (presents.kind !== 'kubeconfig') throw new Error(`${client} has no kubeconfig`);
      return at(presents.file);
    },
    /** A bare file that was copied to a node, by its name: `sa.key`. */
    copied: (node: string, name: string) => {
      const items = cluster.items.flatMap((item) => (item.kind === 'copy' ? [item.file.path] : []));
      return at(
        only(items.filter((file) => file.startsWith(`nodes/${node}/`) && file.endsWith(`pki/${name}`))),
      );
    },
  };
}

function etcd(look: Lookups, client: Endpoint): EtcdWiring {
  const { node } = client;
  const peer = only(look.endpoints('etcd', 'peer').filter((one) => one.node === node));
  const peers = look.serves(peer);
  // One flag names what a member serves to its peers and what it shows them.
  for (const edge of look
    .edgesTo('etcd', `etcd@${node}`)
    .filter(({ endpoint }) => endpoint.port === 'peer')) {
    if (look.pair(edge.presents).cert !== peers.cert) throw new Error(`etcd has no flag for ${edge.id}`);
  }
  const dialled = look.cluster.edges.filter(({ endpoint }) => endpoint === client);
  return {
    node,
    client: client.address,
    peer: peer.address,
    serving: look.serves(client),
    clientCa: look.anchors(client),
    peers,
    peerCa: look.anchors(peer),
    loopback: dialled.some(({ name }) => name === '127.0.0.1'),
  };
}

function apiserver(look: Lookups, endpoint: Endpoint): ApiserverWiring {
  const { node, address, clients } = endpoint;
  const name = `kube-apiserver@${node}`;
  const toEtcd = look.edgesTo('etcd', name);
  const toKubelet = first(look.edgesTo('kubelet', name));
  const toAggregated = first(look.edgesTo('aggregated-apiserver', `front-proxy@${node}`));
  if (!clients.frontProxy) throw new Error(`${endpoint.id} has no front proxy`);
  const { allowedNames } = clients.frontProxy;
  return {
    node,
    address,
    serving: look.serves(endpoint),
    clientCa: look.anchors(endpoint),
    frontProxy: {
      ca: look.at(clients.frontProxy.anchors),
      allowedNames,
      client: look.pair(toAggregated.presents),
    },
    etcd: {
      ...look.pair(first(toEtcd).presents),
      ca: look.trusts(first(toEtcd)),
      servers: toEtcd.map((edge) => `https://${edge.name}:${edge.endpoint.address.port}`),
    },
    kubelet: {
      ...look.pair(toKubelet.presents),
      ca: toKubelet.trusts.kind === 'anchors' ? look.trusts(toKubelet) : undefined,
    },
    serviceAccount: { publicKey: look.copied(node, 'sa.pub'), privateKey: look.copied(node, 'sa.key') },
  };
}

function controller(look: Lookups, endpoint: Endpoint): ControllerWiring {
  const { node, address, component } = endpoint;
  return {
    node,
    address,
    kubeconfig: look.kubeconfig(`${component}@${node}`),
    clientCa: look.anchors(endpoint),
  };
}

function controllerManager(look: Lookups, endpoint: Endpoint): ControllerManagerWiring {
  const { node } = endpoint;
  const beside = only(look.endpoints('kube-apiserver').filter((one) => one.node === node));
  return {
    ...controller(look, endpoint),
    signing: { cert: look.anchors(endpoint), key: look.copied(node, 'ca.key') },
    frontProxyCa: apiserver(look, beside).frontProxy.ca,
    serviceAccountKey: look.copied(node, 'sa.key'),
  };
}

function kubelet(look: Lookups, endpoint: Endpoint): KubeletWiring {
  const { node, address, serves } = endpoint;
  return {
    node,
    address,
    kubeconfig: look.kubeconfig(`kubelet@${node}`),
    clientCa: look.anchors(endpoint),
    serving:
      serves === 'self-signed'
        ? 'self-signed'
        : serves.certificate === serves.key
          ? 'rotated'
          : look.serves(endpoint),
    client: look.cluster.spec.kubelets.client,
    rotates: look.cluster.spec.profile === 'kubeadm' || look.cluster.spec.kubelets.client === 'rotated',
  };
}

/** On every node that has a kubelet, whose address is the node's. */
function kubeProxy(look: Lookups, { node, address }: Endpoint): KubeProxyWiring[] {
  const name = `kube-proxy@${node}`;
  const { presents } = first(look.edgesTo('kube-apiserver', name));
  return presents.kind === 'kubeconfig'
    ? [{ node, address: address.host, kubeconfig: look.kubeconfig(name) }]
    : [];
}

/** metrics-server's like asks kube-apiserver with whatever it is given: here the controller manager's file. */
function aggregated(look: Lookups): AggregatedWiring {
  const { node, address } = only(look.endpoints('aggregated-apiserver'));
  return { node, address, kubeconfig: look.kubeconfig(`kube-controller-manager@${node}`) };
}

function admin({ items }: Cluster, at: (file: StatePath) => string): string {
  const files = items.flatMap((item) => (item.kind === 'kubeconfig' ? [item] : []));
  const named = (name: string) => files.find(({ userName }) => userName === name)?.file.path;
  const found = named('kubernetes-super-admin') ?? named('kube-admin');
  if (found === undefined) throw new Error('nobody administers this cluster');
  return at(found);
}

function first<T>([value]: readonly T[]): T {
  if (value === undefined) throw new Error('one was expected, there is none');
  return value;
}

function only<T>(values: readonly T[]): T {
  if (values.length !== 1) throw new Error(`one was expected, not ${values.length}`);
  return first(values);
}
