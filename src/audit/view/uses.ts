/** What a certificate is for, told by where it stands: the names of kubeadm's files, of flat's and of the hard way's. */
import type { StatePath } from '../../cluster/index.ts';
import { type FileRole, LAYOUTS } from '../../layouts/index.ts';

export type Use =
  | 'cluster-authority'
  | 'etcd-authority'
  | 'front-proxy-authority'
  | 'apiserver'
  | 'etcd'
  | 'etcd-peer'
  | 'kubelet'
  | 'apiserver-etcd-client'
  | 'apiserver-kubelet-client'
  | 'etcd-healthcheck'
  | 'front-proxy-client'
  | 'controller-manager'
  | 'scheduler'
  | 'kube-proxy'
  | 'kubelet-client'
  | 'administrator'
  | 'person';

/** The directory and the name of a file; cmd/kubeadm/app/constants/constants.go, and src/cluster/layout.ts. */
const FILES: Readonly<Record<string, Use>> = {
  'pki/ca.crt': 'cluster-authority',
  'kubernetes/ca.crt': 'cluster-authority',
  'etcd/ca.crt': 'etcd-authority',
  'pki/etcd-ca.crt': 'etcd-authority',
  'pki/front-proxy-ca.crt': 'front-proxy-authority',
  'pki/apiserver.crt': 'apiserver',
  'etcd/server.crt': 'etcd',
  'pki/etcdserver.crt': 'etcd',
  'etcd/peer.crt': 'etcd-peer',
  'pki/kubelet.crt': 'kubelet',
  'pki/kubelet-server-current.pem': 'kubelet',
  'pki/apiserver-etcd-client.crt': 'apiserver-etcd-client',
  'pki/apiserver-kubelet-client.crt': 'apiserver-kubelet-client',
  'etcd/healthcheck-client.crt': 'etcd-healthcheck',
  'pki/front-proxy-client.crt': 'front-proxy-client',
  'pki/controller-manager.crt': 'controller-manager',
  'kubernetes/controller-manager.conf': 'controller-manager',
  'kubernetes/controller-manager.kubeconfig': 'controller-manager',
  'pki/scheduler.crt': 'scheduler',
  'kubernetes/scheduler.conf': 'scheduler',
  'kubernetes/scheduler.kubeconfig': 'scheduler',
  'pki/kube-proxy.crt': 'kube-proxy',
  'kubernetes/kube-proxy.kubeconfig': 'kube-proxy',
  'pki/kubelet-client.crt': 'kubelet-client',
  'pki/kubelet-client-current.pem': 'kubelet-client',
  'kubernetes/kubelet.conf': 'kubelet-client',
  'kubernetes/kubelet.kubeconfig': 'kubelet-client',
  'kubernetes/admin.conf': 'administrator',
  'kubernetes/super-admin.conf': 'administrator',
};

/**
 * What other distributions call the same. Two authorities in place of one (k3s) are none of these: which of them a
 * file should trust is theirs to say.
 */
const ROLES: Partial<Readonly<Record<FileRole, Use>>> = {
  'cluster-ca': 'cluster-authority',
  'etcd-ca': 'etcd-authority',
  'front-proxy-ca': 'front-proxy-authority',
  'kube-apiserver': 'apiserver',
  'apiserver-etcd-client': 'apiserver-etcd-client',
  'apiserver-kubelet-client': 'apiserver-kubelet-client',
  'front-proxy-client': 'front-proxy-client',
  'etcd-server': 'etcd',
  'etcd-peer': 'etcd-peer',
  'kubelet-server': 'kubelet',
  'kubelet-client': 'kubelet-client',
  'kube-scheduler': 'scheduler',
  'kube-controller-manager': 'controller-manager',
  'kube-proxy': 'kube-proxy',
  admin: 'administrator',
  'super-admin': 'administrator',
};

/** By the whole path on a node. */
const ELSEWHERE: ReadonlyMap<string, Use> = new Map(
  LAYOUTS.flatMap(({ rows }) =>
    rows.flatMap(({ role, certificate, kubeconfig }) => {
      const use = ROLES[role];
      return use ? [certificate, kubeconfig].flatMap((path) => (path ? [[path, use] as const] : [])) : [];
    }),
  ),
);

const OF_AUTHORITIES: Readonly<Record<string, Use>> = {
  'authorities/cluster': 'cluster-authority',
  'authorities/etcd': 'etcd-authority',
  'authorities/front-proxy': 'front-proxy-authority',
};

/** Undefined for a file of which nobody here knows what reads it. */
export function useOf(path: StatePath, machine: string): Use | undefined {
  if (machine.startsWith('authorities/')) return OF_AUTHORITIES[machine];
  if (machine.startsWith('users/')) return path.endsWith('/ca.crt') ? 'cluster-authority' : 'person';
  const name = path.lastIndexOf('/');
  return (
    ELSEWHERE.get(path.slice(machine.length + 1)) ?? FILES[path.slice(path.lastIndexOf('/', name - 1) + 1)]
  );
}

export function useOfRole(role: FileRole | undefined): Use | undefined {
  return role && ROLES[role];
}

export const SERVERS: ReadonlySet<Use> = new Set<Use>(['apiserver', 'etcd', 'etcd-peer', 'kubelet']);

/** Who proves with it who it is. */
export const CLIENTS: ReadonlySet<Use> = new Set<Use>([
  'apiserver-etcd-client',
  'apiserver-kubelet-client',
  'etcd-healthcheck',
  'front-proxy-client',
  'controller-manager',
  'scheduler',
  'kube-proxy',
  'kubelet-client',
  'administrator',
  'person',
]);

export const AUTHORITIES: ReadonlySet<Use> = new Set<Use>([
  'cluster-authority',
  'etcd-authority',
  'front-proxy-authority',
]);
