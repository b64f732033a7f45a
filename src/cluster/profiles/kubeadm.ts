/**
 * The kubeadm profile: the files that `kubeadm init` and `kubeadm join` of 1.37 leave
 * (cmd/kubeadm/app/phases/certs/certlist.go, phases/kubeconfig/kubeconfig.go).
 *
 * Two things differ. kubelet.conf holds its own pair on every node, as `init phase kubeconfig kubelet` writes
 * it: there is no bootstrap token here, and the kubelet takes it into its own store at its first start. And
 * the kubelet's serving certificate comes from the cluster's authority, so that kube-apiserver can verify
 * it; kubeadm lets each kubelet sign its own.
 */
import { hostPort } from '../addresses.ts';
import {
  clientSubject,
  COMPONENT_USERS,
  kubeadmApiserverNames,
  kubeadmEtcdNames,
  kubeletNames,
  nodeSubject,
  nodeUser,
  subject,
} from '../identities.ts';
import {
  authorityFile,
  authorityItem,
  PUBLIC,
  serviceAccountItem,
  type TreeItems,
  treeItems,
} from '../items.ts';
import { PORTS } from '../endpoints.ts';
import { type Layout, layoutOf } from '../layout.ts';
import { dialAddress, hasRole, nodesWith, runsKubelet } from '../nodes.ts';
import type { AdminName, AuthorityId, ClusterSpec, Item, NodeSpec } from '../types.ts';
import { endpointUrl, userItems } from './users.ts';

const PKI = 'etc/kubernetes/pki';
const CLIENT = { usages: ['clientAuth'] };

export function kubeadmItems(spec: ClusterSpec): Item[] {
  const layout = layoutOf(spec);
  const [first] = nodesWith(spec, 'control-plane');
  return [
    authorityItem(spec, 'cluster', 'kubernetes'),
    authorityItem(spec, 'front-proxy', 'front-proxy-ca'),
    authorityItem(spec, 'etcd', 'etcd-ca'),
    serviceAccountItem(spec),
    ...spec.nodes.flatMap((node) => nodeItems(spec, layout, node, node === first)),
    ...spec.users.flatMap((user) => userItems(spec, user, user.name, layout.userKubeconfig(user.name))),
  ];
}

function nodeItems(spec: ClusterSpec, layout: Layout, node: NodeSpec, first: boolean): Item[] {
  const tree = treeItems(spec, { kind: 'node', name: node.name });
  const controlPlane = hasRole(node, 'control-plane');
  return [
    ...anchorItems(layout, node, tree),
    ...(controlPlane ? authorityKeys(node, tree, first) : []),
    ...(controlPlane ? controlPlanePairs(spec, layout, node, tree) : []),
    ...(controlPlane ? controlPlaneKubeconfigs(spec, layout, node, tree, first) : []),
    ...(hasRole(node, 'etcd') ? etcdPairs(spec, layout, node, tree) : []),
    ...(runsKubelet(node) ? kubeletItems(spec, layout, node, tree) : []),
  ];
}

function anchorItems({ anchors }: Layout, node: NodeSpec, tree: TreeItems): Item[] {
  const controlPlane = hasRole(node, 'control-plane');
  const wanted: readonly (readonly [boolean, string, AuthorityId])[] = [
    [runsKubelet(node), anchors.cluster, 'cluster'],
    [controlPlane, anchors.frontProxy, 'front-proxy'],
    [controlPlane || hasRole(node, 'etcd'), anchors.etcd, 'etcd'],
  ];
  return wanted.filter(([here]) => here).map(([, file, authority]) => tree.anchors(file, [authority]));
}

/**
 * On every control plane, for whoever joins next. etcd's key only where kubeadm runs a member: with an
 * external etcd it has none (certs.UsingExternalEtcdCA). sa.pub is 0600 where it was made, as it went
 * through the writer of keys, and 0644 where it was copied to (phases/copycerts).
 */
function authorityKeys(node: NodeSpec, tree: TreeItems, first: boolean): Item[] {
  return [
    tree.copy(`${PKI}/ca.key`, authorityFile('cluster', 'ca.key')),
    tree.copy(`${PKI}/front-proxy-ca.key`, authorityFile('front-proxy', 'ca.key')),
    ...(hasRole(node, 'etcd') ? [tree.copy(`${PKI}/etcd/ca.key`, authorityFile('etcd', 'ca.key'))] : []),
    tree.copy(`${PKI}/sa.key`, authorityFile('service-account', 'sa.key')),
    tree.copy(`${PKI}/sa.pub`, authorityFile('service-account', 'sa.pub'), first ? undefined : PUBLIC),
  ];
}

function controlPlanePairs(spec: ClusterSpec, { pairs }: Layout, node: NodeSpec, tree: TreeItems): Item[] {
  const names = kubeadmApiserverNames(spec, node);
  const kubeletClient = clientSubject(spec, 'kube-apiserver-kubelet-client', kubeletClientGroups(spec));
  return [
    tree.pair(pairs.apiserver, 'cluster', {
      subject: subject('kube-apiserver'),
      names,
      usages: ['serverAuth'],
    }),
    tree.pair(pairs.apiserverKubeletClient, 'cluster', { subject: kubeletClient, ...CLIENT }),
    tree.pair(pairs.frontProxyClient, 'front-proxy', {
      subject: clientSubject(spec, 'front-proxy-client'),
      ...CLIENT,
    }),
    tree.pair(pairs.apiserverEtcdClient, 'etcd', {
      subject: clientSubject(spec, 'kube-apiserver-etcd-client'),
      ...CLIENT,
    }),
  ];
}

/**
 * Until 1.32 the client was a cluster administrator; since May 2026 (1.33.12, 1.34.8, 1.35.5, 1.36.1, 1.37)
 * it has no group, and a ClusterRoleBinding of its own (phases/bootstraptoken/node/tlsbootstrap.go).
 */
function kubeletClientGroups({ kubernetes }: ClusterSpec): readonly string[] {
  return kubernetes.minor < 33 ? [ADMINS] : [];
}

const ADMINS = 'kubeadm:cluster-admins';

/** Groups of the administrators whose kubeconfigs stand on control planes. */
const ADMIN_GROUPS: Readonly<Record<AdminName, readonly string[]>> = {
  'kubernetes-admin': [ADMINS],
  'kubernetes-super-admin': ['system:masters'],
};

function controlPlaneKubeconfigs(
  spec: ClusterSpec,
  { admins, kubeconfigs }: Layout,
  node: NodeSpec,
  tree: TreeItems,
  first: boolean,
): Item[] {
  const component = (name: 'kube-controller-manager' | 'kube-scheduler') => {
    const user = COMPONENT_USERS[name];
    return tree.embeddedKubeconfig(kubeconfigs[name], user, localUrl(node), {
      subject: clientSubject(spec, user),
      ...CLIENT,
    });
  };
  return [
    ...admins
      .filter(({ on }) => on === 'each' || first)
      .map(({ user, kubeconfig }) =>
        tree.embeddedKubeconfig(kubeconfig, user, endpointUrl(spec), {
          subject: clientSubject(spec, user, ADMIN_GROUPS[user]),
          ...CLIENT,
        }),
      ),
    component('kube-controller-manager'),
    component('kube-scheduler'),
  ];
}

function etcdPairs(spec: ClusterSpec, { pairs }: Layout, node: NodeSpec, tree: TreeItems): Item[] {
  const member = (socket: 'etcd' | 'etcd-peer') => ({
    subject: subject(node.name),
    names: kubeadmEtcdNames(spec, node, socket),
    usages: ['serverAuth', 'clientAuth'],
  });
  return [
    tree.pair(pairs.etcdServer, 'etcd', member('etcd')),
    tree.pair(pairs.etcdPeer, 'etcd', member('etcd-peer')),
    ...(pairs.etcdHealthcheck === undefined
      ? []
      : [
          tree.pair(pairs.etcdHealthcheck, 'etcd', {
            subject: clientSubject(spec, 'kube-etcd-healthcheck-client'),
            ...CLIENT,
          }),
        ]),
  ];
}

function kubeletItems(
  spec: ClusterSpec,
  { pairs, kubeconfigs }: Layout,
  node: NodeSpec,
  tree: TreeItems,
): Item[] {
  const subject = nodeSubject(node);
  const server = kubeletServer(spec, node);
  return [
    ...(spec.kubelets.client === 'issued'
      ? [tree.embeddedKubeconfig(kubeconfigs.kubelet, nodeUser(node), server, { subject, ...CLIENT })]
      : []),
    ...(spec.kubelets.serving === 'issued'
      ? [
          tree.pair(pairs.kubelet, 'cluster', {
            subject,
            names: kubeletNames(spec, node),
            usages: ['serverAuth'],
          }),
        ]
      : []),
  ];
}

/** Whom a node's kubelet dials. */
export function kubeletServer(spec: ClusterSpec, node: NodeSpec): string {
  const { beside } = layoutOf(spec);
  return beside.kubeletToApiserver && hasRole(node, 'control-plane') ? localUrl(node) : endpointUrl(spec);
}

/** kubeadmutil.GetLocalAPIEndpoint */
function localUrl(node: NodeSpec): string {
  return `https://${hostPort({ host: dialAddress(node), port: PORTS['kube-apiserver'] })}`;
}
