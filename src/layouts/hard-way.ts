import { cfsslPair, kubeconfig, type Layout, type LayoutRow, pair } from './types.ts';

const SOURCE = 'kelseyhightower/kubernetes-the-hard-way';

const kubeconfigs: readonly LayoutRow[] = [
  kubeconfig('kube-controller-manager', 'var/lib/kubernetes/kube-controller-manager.kubeconfig'),
  kubeconfig('kube-scheduler', 'var/lib/kubernetes/kube-scheduler.kubeconfig'),
  kubeconfig('kubelet-client', 'var/lib/kubelet/kubeconfig'),
  kubeconfig('kube-proxy', 'var/lib/kube-proxy/kubeconfig'),
];

/** Made with openssl, since 2023: etcd without TLS, one certificate for all that kube-apiserver does. */
export const hardWay: Layout = {
  name: 'hard-way',
  title: 'Kubernetes The Hard Way',
  source: `${SOURCE} ca.conf, docs/08-bootstrapping-kubernetes-controllers.md (2023 and later)`,
  rows: [
    pair('cluster-ca', 'var/lib/kubernetes/ca'),
    pair('kube-apiserver', 'var/lib/kubernetes/kube-api-server'),
    pair('service-account', 'var/lib/kubernetes/service-accounts'),
    { role: 'cluster-ca', certificate: 'var/lib/kubelet/ca.crt' },
    pair('kubelet-server', 'var/lib/kubelet/kubelet'),
    pair('kubelet-client', 'var/lib/kubernetes/node-*'),
    pair('admin', 'var/lib/kubernetes/admin'),
    pair('kube-proxy', 'var/lib/kubernetes/kube-proxy'),
    pair('kube-scheduler', 'var/lib/kubernetes/kube-scheduler'),
    pair('kube-controller-manager', 'var/lib/kubernetes/kube-controller-manager'),
    ...kubeconfigs,
  ],
};

/** Made with cfssl, until 2023: etcd presents and trusts the same files as kube-apiserver. */
export const hardWayCfssl: Layout = {
  name: 'hard-way-cfssl',
  title: 'Kubernetes The Hard Way (cfssl)',
  source: `${SOURCE} docs/04-certificate-authority.md and 07-bootstrapping-etcd.md (until 2023)`,
  rows: [
    cfsslPair('cluster-ca', 'var/lib/kubernetes/ca'),
    cfsslPair('kube-apiserver', 'var/lib/kubernetes/kubernetes'),
    cfsslPair('service-account', 'var/lib/kubernetes/service-account'),
    cfsslPair('etcd-ca', 'etc/etcd/ca'),
    cfsslPair('etcd-server', 'etc/etcd/kubernetes'),
    cfsslPair('kubelet-server', 'var/lib/kubelet/worker-*'),
    cfsslPair('admin', 'var/lib/kubernetes/admin'),
    cfsslPair('kube-proxy', 'var/lib/kubernetes/kube-proxy'),
    cfsslPair('kube-scheduler', 'var/lib/kubernetes/kube-scheduler'),
    cfsslPair('kube-controller-manager', 'var/lib/kubernetes/kube-controller-manager'),
    ...kubeconfigs,
  ],
};
