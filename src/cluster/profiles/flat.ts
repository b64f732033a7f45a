/** The flat profile: every file of a node beside the others, and kubeconfigs that point at them. */
import {
  clientSubject,
  COMPONENT_USERS,
  flatApiserverNames,
  flatEtcdNames,
  kubeletNames,
  nodeSubject,
  nodeUser,
  subject,
} from '../identities.ts';
import { authorityFile, authorityItem, serviceAccountItem, type TreeItems, treeItems } from '../items.ts';
import { flatUserBase, type Layout, layoutOf } from '../layout.ts';
import { hasRole, runsKubelet } from '../nodes.ts';
import type { AuthorityId, ClusterSpec, GroupedName, Item, NodeSpec, UserSpec } from '../types.ts';
import { endpointUrl, userItems } from './users.ts';

const PKI = 'etc/kubernetes/pki';

export function flatItems(spec: ClusterSpec): Item[] {
  const layout = layoutOf(spec);
  return [
    authorityItem(spec, 'cluster', 'KUBERNETES-CA'),
    ...(spec.authorities.etcd === 'separate' ? [authorityItem(spec, 'etcd', 'ETCD-CA')] : []),
    authorityItem(spec, 'front-proxy', 'FRONT-PROXY-CA'),
    serviceAccountItem(spec),
    ...spec.nodes.flatMap((node) => nodeItems(spec, layout, node)),
    ...spec.users.flatMap((user) => userFiles(spec, layout, user)),
  ];
}

function nodeItems(spec: ClusterSpec, layout: Layout, node: NodeSpec): Item[] {
  const tree = treeItems(spec, { kind: 'node', name: node.name });
  const clientOf = componentClients(spec, tree);
  return [
    ...anchorItems(spec, layout, node, tree),
    ...(hasRole(node, 'control-plane') ? controlPlaneItems(spec, layout, node, tree) : []),
    ...(hasRole(node, 'control-plane') ? clientOf('scheduler', 'kube-scheduler') : []),
    ...(hasRole(node, 'control-plane') ? clientOf('controller-manager', 'kube-controller-manager') : []),
    ...(hasRole(node, 'etcd') ? [etcdPair(spec, layout, node, tree)] : []),
    ...(runsKubelet(node) ? kubeletItems(spec, layout, node, tree) : []),
    ...(runsKubelet(node) ? clientOf('kube-proxy', 'kube-proxy') : []),
  ];
}

/** Which anchors a node needs follows from what runs there; a worker gets those of the cluster only. */
function anchorItems(spec: ClusterSpec, { anchors }: Layout, node: NodeSpec, tree: TreeItems): Item[] {
  const controlPlane = hasRole(node, 'control-plane');
  const etcd = hasRole(node, 'etcd');
  const wanted = new Map<string, readonly AuthorityId[]>();
  if (runsKubelet(node)) wanted.set(anchors.cluster, ['cluster']);
  if (controlPlane || etcd) wanted.set(anchors.etcd, [etcdIssuer(spec)]);
  if (etcd && anchors.etcdClients !== anchors.etcd) wanted.set(anchors.etcdClients, ['etcd', 'cluster']);
  if (controlPlane) wanted.set(anchors.frontProxy, ['front-proxy']);
  return [...wanted].map(([file, of]) => tree.anchors(file, of));
}

function controlPlaneItems(spec: ClusterSpec, { pairs }: Layout, node: NodeSpec, tree: TreeItems): Item[] {
  const { clients } = spec;
  const reused =
    clients['apiserver-etcd'] === 'reuse-server' || clients['apiserver-kubelet'] === 'reuse-server';
  const serving = {
    // A kubelet that is shown this pair knows its user as `kube-apiserver`; what that user may do there is
    // for RBAC to say (ClusterRole system:kubelet-api-admin). etcd takes any certificate it trusts.
    subject: subject('kube-apiserver'),
    names: flatApiserverNames(spec, node),
    usages: reused ? ['serverAuth', 'clientAuth'] : ['serverAuth'],
  };
  const client = (commonName: GroupedName) => ({
    subject: clientSubject(spec, commonName),
    usages: ['clientAuth'],
  });
  return [
    // The controller manager signs certificate requests with it.
    tree.copy(`${PKI}/ca.key`, authorityFile('cluster', 'ca.key')),
    tree.pair(pairs.apiserver, 'cluster', serving),
    ...(clients['apiserver-etcd'] === 'own'
      ? [tree.pair(pairs.apiserverEtcdClient, etcdIssuer(spec), client('kube-apiserver-etcd-client'))]
      : []),
    ...(clients['apiserver-kubelet'] === 'own'
      ? [tree.pair(pairs.apiserverKubeletClient, 'cluster', client('kube-apiserver-kubelet-client'))]
      : []),
    tree.pair(pairs.frontProxyClient, 'front-proxy', client('front-proxy-client')),
    tree.copy(`${PKI}/sa.key`, authorityFile('service-account', 'sa.key')),
    tree.copy(`${PKI}/sa.pub`, authorityFile('service-account', 'sa.pub'), 0o644),
  ];
}

/**
 * A member serves its clients and its peers, and dials its peers and itself, with the one pair. With a shared
 * authority it also authenticates to kube-apiserver: as `etcd`, never as whatever user a node is called like.
 */
function etcdPair(spec: ClusterSpec, { pairs }: Layout, node: NodeSpec, tree: TreeItems): Item {
  const names = flatEtcdNames(spec, node);
  return tree.pair(pairs.etcdServer, etcdIssuer(spec), {
    subject: subject('etcd'),
    names,
    usages: ['serverAuth', 'clientAuth'],
  });
}

function kubeletItems(
  spec: ClusterSpec,
  { pairs, kubeconfigs }: Layout,
  node: NodeSpec,
  tree: TreeItems,
): Item[] {
  const own = spec.clients['kubelet-apiserver'] === 'own';
  const subject = nodeSubject(node);
  const usages = own ? ['serverAuth'] : ['serverAuth', 'clientAuth'];
  const serving = tree.pair(pairs.kubelet, 'cluster', { subject, names: kubeletNames(spec, node), usages });
  const issuesServing = spec.kubelets.serving === 'issued';
  if (spec.kubelets.client === 'rotated') return issuesServing ? [serving] : [];
  return [
    ...(issuesServing ? [serving] : []),
    ...(own ? [tree.pair(`${PKI}/kubelet-client`, 'cluster', { subject, usages: ['clientAuth'] })] : []),
    tree.kubeconfig(
      kubeconfigs.kubelet,
      nodeUser(node),
      endpointUrl(spec),
      pathsTo(own ? 'kubelet-client' : 'kubelet'),
    ),
  ];
}

/** A component's client pair and the kubeconfig that points at it. */
function componentClients(spec: ClusterSpec, tree: TreeItems) {
  return (base: string, component: keyof typeof COMPONENT_USERS): Item[] => {
    const user = COMPONENT_USERS[component];
    return [
      tree.pair(`${PKI}/${base}`, 'cluster', { subject: clientSubject(spec, user), usages: ['clientAuth'] }),
      tree.kubeconfig(`etc/kubernetes/${base}.kubeconfig`, user, endpointUrl(spec), pathsTo(base)),
    ];
  };
}

function userFiles(spec: ClusterSpec, layout: Layout, user: UserSpec): Item[] {
  return userItems(spec, user, flatUserBase(user.name), layout.userKubeconfig(user.name));
}

/** Relative to the kubeconfig, so that the tree works where it stands and when it is copied to a node's `/`. */
function pathsTo(base: string) {
  return { authority: 'pki/ca.crt', certificate: `pki/${base}.crt`, key: `pki/${base}.key` };
}

function etcdIssuer({ authorities }: ClusterSpec): AuthorityId {
  return authorities.etcd === 'separate' ? 'etcd' : 'cluster';
}
