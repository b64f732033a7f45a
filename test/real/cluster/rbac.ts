// What an installer tells RBAC about the identities of the PKI: without it certificates are good and nobody
// may do anything.
import type { Cluster } from '../../../src/cluster/index.ts';

interface Binding {
  name: string;
  role: string;
  subject: { kind: 'User' | 'Group'; name: string };
}

/** kubeadm's own, by its names (phases/bootstraptoken/node/tlsbootstrap.go, phases/kubeconfig). */
const KUBEADM: readonly Binding[] = [
  {
    name: 'kubeadm:cluster-admins',
    role: 'cluster-admin',
    subject: { kind: 'Group', name: 'kubeadm:cluster-admins' },
  },
];

export function rbacOf({ spec }: Cluster): object {
  const reused = spec.profile === 'flat' && spec.clients['apiserver-kubelet'] === 'reuse-server';
  const client = reused ? 'kube-apiserver' : 'kube-apiserver-kubelet-client';
  const bindings: readonly Binding[] = [
    {
      name: 'kubeadm:apiserver-kubelet-client',
      role: 'system:kubelet-api-admin',
      subject: { kind: 'User', name: client },
    },
    // A kubelet renews its own client certificate.
    {
      name: 'kubeadm:node-autoapprove-certificate-rotation',
      role: 'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
      subject: { kind: 'Group', name: 'system:nodes' },
    },
    ...(spec.profile === 'kubeadm' ? KUBEADM : []),
  ];
  return { apiVersion: 'v1', kind: 'List', items: bindings.map(objectOf) };
}

function objectOf({ name, role, subject }: Binding): object {
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup, ...subject }],
  };
}
