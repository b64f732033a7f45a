// The members of real etcd that a tree describes: every file is taken from the endpoints and edges, none is known here.
import type { Edge, Endpoint } from '../../src/cluster/index.ts';
import type { ClusterTree } from './cluster-tree.ts';
import type { EtcdClientTls, EtcdCluster } from './etcd-cluster.ts';
import type { EtcdMemberSettings } from './etcd-member.ts';

export function etcdMembers(tree: ClusterTree): EtcdMemberSettings[] {
  const { endpoints, edges } = tree.cluster();
  const etcd = endpoints.filter(({ component }) => component === 'etcd');
  return etcd
    .filter(({ port }) => port === 'client')
    .map((client) => {
      const peer = only(etcd.filter(({ port, node }) => port === 'peer' && node === client.node));
      const [cert, key, trustedCa] = served(client, tree);
      const [peerCert, peerKey, peerTrustedCa] = served(peer, tree);
      const dials = edges.filter((edge) => edge.client.name === `etcd@${client.node}` && isPeerEdge(edge));
      // One flag names what a member serves to its peers and what it shows them, one whom it trusts both ways.
      for (const edge of dials) {
        const { presents, trusts } = clientTls(edge, tree);
        if (presents.cert !== peerCert || presents.key !== peerKey || trusts !== peerTrustedCa) {
          throw new Error(`etcd has no flags for ${edge.id}`);
        }
      }
      const tls = { cert, key, trustedCa, peerCert, peerKey, peerTrustedCa };
      return { name: client.node, host: client.address.host, tls };
    });
}

/** The files by which the client of an edge dials. */
export function etcdClient(edge: Edge, tree: ClusterTree): EtcdClientTls {
  const { presents, trusts } = clientTls(edge, tree);
  if (trusts === undefined) throw new Error(`${edge.id} verifies nothing`);
  return { ...presents, ca: trusts };
}

export const isPeerEdge = ({ endpoint }: Edge) => endpoint.component === 'etcd' && endpoint.port === 'peer';

/** Every edge to one of etcd's sockets. */
export function etcdEdges(tree: ClusterTree): Edge[] {
  return tree.cluster().edges.filter(({ endpoint }) => endpoint.component === 'etcd');
}

/** One edge of each kube-apiserver to etcd. */
export function apiserverEdges(tree: ClusterTree): readonly [Edge, ...Edge[]] {
  const edges = etcdEdges(tree).filter(({ client }) => client.component === 'kube-apiserver');
  const [first, ...others] = new Map(edges.map((edge) => [edge.client.name, edge])).values();
  if (!first) throw new Error('no kube-apiserver dials etcd');
  return [first, ...others];
}

/** Where a real member listens for what the cluster calls this endpoint. */
export function etcdAddress({ node, port }: Endpoint, { members }: EtcdCluster) {
  const member = members.find(({ name }) => name === node);
  const url = new URL((port === 'peer' ? member?.peer : member?.client) ?? '');
  return { host: url.hostname, port: Number(url.port) };
}

function served({ id, serves, clients }: Endpoint, tree: ClusterTree): [string, string, string] {
  if (serves === 'self-signed') throw new Error(`${id} has no files`);
  return [tree.at(serves.certificate), tree.at(serves.key), tree.at(only(clients.anchors))];
}

function clientTls({ id, presents, trusts }: Edge, tree: ClusterTree) {
  if (presents.kind !== 'pair' || trusts.kind === 'kubeconfig') throw new Error(`${id} is none of etcd's`);
  return {
    presents: { cert: tree.at(presents.certificate), key: tree.at(presents.key) },
    trusts: trusts.kind === 'anchors' ? tree.at(trusts.file) : undefined,
  };
}

function only<T>(values: readonly T[]): T {
  const [first] = values;
  if (first === undefined || values.length !== 1) throw new Error(`one was expected, not ${values.length}`);
  return first;
}
