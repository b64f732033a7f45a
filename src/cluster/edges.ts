/** Every TLS relation of the cluster: each client with each replica that it may reach. */
import type { Endpoints } from './endpoints.ts';
import { onNode } from './items.ts';
import { type Layout, layoutOf, type PairBase } from './layout.ts';
import { dialAddress, kubeletNodes, loopback, nodesWith } from './nodes.ts';
import type { ClusterSpec, Credential, Edge, Endpoint, NodeSpec, ServerTrust, StatePath } from './types.ts';

/** All that the makers of edges look at. */
interface World {
  readonly spec: ClusterSpec;
  readonly layout: Layout;
  readonly endpoints: Endpoints;
  readonly controlPlanes: readonly NodeSpec[];
  readonly members: readonly NodeSpec[];
}

export function edgesOf(spec: ClusterSpec, endpoints: Endpoints): Edge[] {
  const world: World = {
    spec,
    layout: layoutOf(spec),
    endpoints,
    controlPlanes: nodesWith(spec, 'control-plane'),
    members: nodesWith(spec, 'etcd'),
  };
  return makers.flatMap((make) => make(world));
}

const makers: readonly ((world: World) => Edge[])[] = [
  controllersToApiserver,
  kubeletsToApiserver,
  kubeProxiesToApiserver,
  peopleToApiserver,
  apiserverToEtcd,
  etcdToPeers,
  etcdToItself,
  healthchecksToEtcd,
  apiserverToKubelets,
  probesOfApiservers,
  probesOfControllers,
  peopleToControllers,
  apiserverToAggregated,
];

/** What a client is, shows and trusts: the same towards each of the endpoints that it dials. */
interface Client {
  readonly component: Edge['client']['component'];
  readonly name: string;
  readonly node: string | undefined;
  readonly presents: Credential;
  readonly trusts: ServerTrust;
  readonly as?: Edge['as'];
}

function edge(
  { component, name: client, node, presents, trusts, as = 'client' }: Client,
  endpoint: Endpoint,
  name: string,
): Edge {
  const id = `${client}/${endpoint.id}`;
  return { id, client: { component, name: client, node }, endpoint, presents, trusts, name, as };
}

function controllersToApiserver(world: World): Edge[] {
  const { layout, controlPlanes } = world;
  return (['kube-scheduler', 'kube-controller-manager'] as const).flatMap((component) =>
    controlPlanes.flatMap((node) => {
      const client = kubeconfigClient(component, node.name, onNode(node.name, layout.kubeconfigs[component]));
      return toApiserver(world, client, layout.beside.controllersToApiserver ? node : undefined);
    }),
  );
}

function kubeletsToApiserver(world: World): Edge[] {
  const { spec, layout } = world;
  return kubeletNodes(spec).flatMap((node) => {
    const client = kubeconfigClient('kubelet', node.name, onNode(node.name, layout.kubeconfigs.kubelet));
    return toApiserver(world, client, layout.beside.kubeletToApiserver ? node : undefined);
  });
}

/** The replica on this node, under the node's address; where there is none any replica, under the endpoint's name. */
function toApiserver({ spec, endpoints, controlPlanes }: World, client: Client, node?: NodeSpec): Edge[] {
  const beside = node && endpoints.apiservers[controlPlanes.indexOf(node)];
  if (node && beside) return [edge(client, beside, dialAddress(node))];
  return endpoints.apiservers.map((endpoint) => edge(client, endpoint, spec.endpoint.host));
}

function kubeProxiesToApiserver(world: World): Edge[] {
  return kubeletNodes(world.spec).flatMap((node) => toApiserver(world, kubeProxy(world.layout, node)));
}

/**
 * kubeadm runs it as a pod: its kubeconfig names the token and the CA of its service account, which the
 * controller manager fills from --root-ca-file, the same authority as the node's ca.crt.
 */
function kubeProxy({ kubeconfigs, anchors }: Layout, node: NodeSpec): Client {
  const file = kubeconfigs['kube-proxy'];
  if (file !== undefined) return kubeconfigClient('kube-proxy', node.name, onNode(node.name, file));
  return {
    component: 'kube-proxy',
    name: `kube-proxy@${node.name}`,
    node: node.name,
    presents: { kind: 'none', because: 'kube-proxy shows the token of its service account' },
    trusts: { kind: 'anchors', file: onNode(node.name, anchors.cluster) },
  };
}

/** Users from wherever they are, and kubeadm's administrators from the nodes where their kubeconfigs stand. */
function peopleToApiserver(world: World): Edge[] {
  return [...users(world), ...admins(world)].flatMap((client) => toApiserver(world, client));
}

function users({ spec, layout }: World): Client[] {
  return spec.users.map(({ name }) =>
    userClient(name, undefined, `users/${name}/${layout.userKubeconfig(name)}`),
  );
}

function admins({ layout, controlPlanes }: World): Client[] {
  return layout.admins.flatMap(({ user, kubeconfig, on }) =>
    controlPlanes
      .slice(0, on === 'first' ? 1 : undefined)
      .map((node) => userClient(`${user}@${node.name}`, node.name, onNode(node.name, kubeconfig))),
  );
}

/** kubeadm's stacked etcd is dialled on loopback by the kube-apiserver beside it; otherwise each dials all. */
function apiserverToEtcd({ layout, endpoints, controlPlanes, members }: World): Edge[] {
  return controlPlanes.flatMap((node) => {
    const client: Client = {
      component: 'kube-apiserver',
      name: `kube-apiserver@${node.name}`,
      node: node.name,
      presents: pairOn(node, layout.pairs.apiserverEtcdClient),
      trusts: { kind: 'anchors', file: onNode(node.name, layout.anchors.etcd) },
    };
    const beside = endpoints.etcd[members.indexOf(node)];
    if (layout.beside.apiserverToEtcd && beside) return [edge(client, beside, loopback(node))];
    return endpoints.etcd.map((endpoint) => edge(client, endpoint, endpoint.address.host));
  });
}

function etcdToPeers({ layout, endpoints, members }: World): Edge[] {
  return members.flatMap((node, i) => {
    const client = etcdMember(node, layout.pairs.etcdPeer, {
      kind: 'anchors',
      file: onNode(node.name, layout.anchors.etcd),
    });
    return endpoints.etcdPeers
      .filter((_, j) => j !== i)
      .map((endpoint) => edge(client, endpoint, endpoint.address.host));
  });
}

/** Its gateway from JSON dials its own listener, with the pair that it serves (embed/etcd.go, grpcGatewayDial). */
function etcdToItself({ layout, endpoints, members }: World): Edge[] {
  return members.flatMap((node, i) => {
    const client = etcdMember(node, layout.pairs.etcdServer, {
      kind: 'skipped',
      because: 'etcd trusts its own listener',
    });
    const own = endpoints.etcd[i];
    return own ? [edge(client, own, own.address.host)] : [];
  });
}

/** kubeadm asks every member from every member's node (app/util/etcd, NewFromCluster). */
function healthchecksToEtcd({ layout, endpoints, members }: World): Edge[] {
  const pair = layout.pairs.etcdHealthcheck;
  if (pair === undefined) return [];
  return members.flatMap((node) => {
    const client: Client = {
      component: 'healthcheck',
      name: `healthcheck@${node.name}`,
      node: node.name,
      presents: pairOn(node, pair),
      trusts: { kind: 'anchors', file: onNode(node.name, layout.anchors.etcd) },
    };
    return endpoints.etcd.map((endpoint) => edge(client, endpoint, endpoint.address.host));
  });
}

/**
 * --kubelet-preferred-address-types=InternalIP first. --kubelet-certificate-authority is set to ca.crt where the
 * kubelets' certificates are issued; kubeadm itself sets none (phases/controlplane/manifests.go).
 */
function apiserverToKubelets({ spec, layout, endpoints, controlPlanes }: World): Edge[] {
  return controlPlanes.flatMap((node) => {
    const client: Client = {
      component: 'kube-apiserver',
      name: `kube-apiserver@${node.name}`,
      node: node.name,
      presents: pairOn(node, layout.pairs.apiserverKubeletClient),
      trusts:
        spec.kubelets.serving === 'issued'
          ? { kind: 'anchors', file: onNode(node.name, layout.anchors.cluster) }
          : { kind: 'skipped', because: 'kube-apiserver is given no --kubelet-certificate-authority' },
    };
    return endpoints.kubelets.map((endpoint) => edge(client, endpoint, endpoint.address.host));
  });
}

/**
 * /livez of the static pod (kubeadm app/phases/controlplane/manifests.go). The kubelet dials the same
 * endpoint with its certificate too: hence the other name.
 */
function probesOfApiservers({ endpoints, controlPlanes }: World): Edge[] {
  return controlPlanes.flatMap((node, i) => {
    const beside = endpoints.apiservers[i];
    return beside ? [edge(livenessProbe(node, `liveness@${node.name}`), beside, beside.address.host)] : [];
  });
}

function probesOfControllers(world: World): Edge[] {
  return world.controlPlanes.flatMap((node, i) => {
    const client = livenessProbe(node, `kubelet@${node.name}`);
    return controllersOn(world, i).map((endpoint) => edge(client, endpoint, endpoint.address.host));
  });
}

/** pkg/probe/http: liveness probes over HTTPS verify nothing and show nothing. */
function livenessProbe(node: NodeSpec, name: string): Client {
  return {
    component: 'kubelet',
    name,
    node: node.name,
    presents: { kind: 'none', because: 'a liveness probe shows no certificate' },
    trusts: { kind: 'skipped', because: 'a liveness probe verifies no certificate' },
  };
}

/** Someone with a certificate, so that the client authority of these ports is proven too. */
function peopleToControllers(world: World): Edge[] {
  const [firstUser] = users(world);
  return world.controlPlanes.flatMap((node, i) => {
    const client = admins(world).find((admin) => admin.node === node.name) ?? firstUser;
    if (!client) return [];
    const trusts: ServerTrust = {
      kind: 'skipped',
      because: 'the port makes its own certificate and keeps it in memory',
    };
    return controllersOn(world, i).map((endpoint) =>
      edge({ ...client, trusts }, endpoint, endpoint.address.host),
    );
  });
}

function controllersOn({ endpoints }: World, i: number): Endpoint[] {
  return [endpoints.controllerManagers[i], endpoints.schedulers[i]].filter(
    (endpoint) => endpoint !== undefined,
  );
}

/** metrics-server's APIService says insecureSkipTLSVerify; it believes the names that the front proxy tells it. */
function apiserverToAggregated({ layout, endpoints, controlPlanes }: World): Edge[] {
  return controlPlanes.map((node) => {
    const client: Client = {
      component: 'front-proxy',
      name: `front-proxy@${node.name}`,
      node: node.name,
      presents: pairOn(node, layout.pairs.frontProxyClient),
      trusts: { kind: 'skipped', because: 'its APIService sets insecureSkipTLSVerify' },
      as: 'front-proxy',
    };
    return edge(client, endpoints.aggregated, 'metrics-server.kube-system.svc');
  });
}

function kubeconfigClient(component: Client['component'], node: string, file: StatePath): Client {
  return {
    component,
    name: `${component}@${node}`,
    node,
    presents: { kind: 'kubeconfig', file },
    trusts: { kind: 'kubeconfig', file },
  };
}

function userClient(name: string, node: string | undefined, file: StatePath): Client {
  return {
    component: 'user',
    name,
    node,
    presents: { kind: 'kubeconfig', file },
    trusts: { kind: 'kubeconfig', file },
  };
}

function etcdMember(node: NodeSpec, pair: PairBase, trusts: ServerTrust): Client {
  return {
    component: 'etcd',
    name: `etcd@${node.name}`,
    node: node.name,
    presents: pairOn(node, pair),
    trusts,
  };
}

function pairOn(node: NodeSpec, base: PairBase): Credential {
  return {
    kind: 'pair',
    certificate: onNode(node.name, `${base}.crt`),
    key: onNode(node.name, `${base}.key`),
  };
}
