import { kubeconfig, type Layout, pair } from './types.ts';

const PKI = 'etc/kubernetes/pki';

/** kubetls' own, and what people make by hand after it: everything beside each other. */
export const flat: Layout = {
  name: 'flat',
  title: 'flat',
  source: 'src/cluster/layout.ts and src/cluster/profiles/flat.ts',
  rows: [
    pair('cluster-ca', `${PKI}/ca`),
    pair('etcd-ca', `${PKI}/etcd-ca`),
    { role: 'etcd-ca', certificate: `${PKI}/etcd-client-ca.crt` },
    pair('front-proxy-ca', `${PKI}/front-proxy-ca`),
    pair('kube-apiserver', `${PKI}/apiserver`),
    pair('apiserver-etcd-client', `${PKI}/apiserver-etcd-client`),
    pair('apiserver-kubelet-client', `${PKI}/apiserver-kubelet-client`),
    pair('front-proxy-client', `${PKI}/front-proxy-client`),
    pair('etcd-server', `${PKI}/etcdserver`),
    pair('kubelet-server', `${PKI}/kubelet`),
    pair('kubelet-client', `${PKI}/kubelet-client`),
    pair('kube-scheduler', `${PKI}/scheduler`),
    pair('kube-controller-manager', `${PKI}/controller-manager`),
    pair('kube-proxy', `${PKI}/kube-proxy`),
    pair('admin', `${PKI}/admin`),
    { role: 'service-account', key: `${PKI}/sa.key`, publicKey: `${PKI}/sa.pub` },
    kubeconfig('kube-scheduler', 'etc/kubernetes/scheduler.kubeconfig'),
    kubeconfig('kube-controller-manager', 'etc/kubernetes/controller-manager.kubeconfig'),
    kubeconfig('kubelet-client', 'etc/kubernetes/kubelet.kubeconfig'),
    kubeconfig('kube-proxy', 'etc/kubernetes/kube-proxy.kubeconfig'),
  ],
};
