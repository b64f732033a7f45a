/** Clusters that can be, and of which a careful person would want to hear something. */
import { parseIp } from '../x509/index.ts';
import { contains, parseSubnet } from './addresses.ts';
import type { ClusterSpec } from './types.ts';

export function warningsFor(spec: ClusterSpec): string[] {
  return warnings.flatMap((warning) => warning(spec));
}

const warnings: readonly ((spec: ClusterSpec) => string[])[] = [
  openEtcd,
  apiserverAsKubeletClient,
  tokensInAnotherAlgorithm,
  nodesAmongServices,
];

/** etcd has no users unless its own authentication is on: whom it lets in may do everything. */
function openEtcd({ authorities, clients }: ClusterSpec): string[] {
  const reach = 'every certificate of the cluster authority can read and write etcd';
  if (authorities.etcd === 'shared') return [`authorities.etcd is shared: ${reach}`];
  return clients['apiserver-etcd'] === 'reuse-server'
    ? [`clients.apiserver-etcd reuses the server's pair, so etcd trusts the cluster authority too: ${reach}`]
    : [];
}

function apiserverAsKubeletClient({ clients }: ClusterSpec): string[] {
  if (clients['apiserver-kubelet'] !== 'reuse-server') return [];
  return [
    'clients.apiserver-kubelet reuses the server\'s pair: kubelets see the user "kube-apiserver", ' +
      'which needs a ClusterRoleBinding to system:kubelet-api-admin',
  ];
}

function tokensInAnotherAlgorithm({ keys }: ClusterSpec): string[] {
  if (keys.algorithm !== 'ed25519') return [];
  return ['Kubernetes signs service-account tokens with RSA or ECDSA keys only: theirs is ecdsa-p256'];
}

function nodesAmongServices({ nodes, serviceSubnets }: ClusterSpec): string[] {
  const subnets = serviceSubnets.flatMap((text) => {
    const subnet = parseSubnet(text);
    return subnet ? [{ text, subnet }] : [];
  });
  return nodes.flatMap(({ name, addresses }) =>
    addresses.flatMap((address) => {
      const bytes = parseIp(address);
      const hit = bytes && subnets.find(({ subnet }) => contains(subnet, bytes));
      return hit
        ? [`${address} of node ${name} lies in serviceSubnet ${hit.text}: traffic to it may end at a Service`]
        : [];
    }),
  );
}
