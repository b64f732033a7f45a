import { cfsslPair, kubeconfig, type Layout, type LayoutRow, pair } from './types.ts';

const SNAP = 'var/snap/microk8s/current';

/** One certificate serves, and dials kubelets; the clients' names are those that its kubeconfigs have. */
export const microk8s: Layout = {
  name: 'microk8s',
  title: 'MicroK8s',
  source:
    'canonical/microk8s microk8s-resources/default-args/{kube-apiserver,kubelet,kube-scheduler,…}, ' +
    'actions/common/utils.sh',
  rows: [
    pair('cluster-ca', `${SNAP}/certs/ca`),
    pair('kube-apiserver', `${SNAP}/certs/server`),
    pair('front-proxy-ca', `${SNAP}/certs/front-proxy-ca`),
    pair('front-proxy-client', `${SNAP}/certs/front-proxy-client`),
    pair('kubelet-server', `${SNAP}/certs/kubelet`),
    { role: 'service-account', key: `${SNAP}/certs/serviceaccount.key` },
    kubeconfig('admin', `${SNAP}/credentials/client.config`),
    kubeconfig('kube-controller-manager', `${SNAP}/credentials/controller.config`),
    kubeconfig('kube-scheduler', `${SNAP}/credentials/scheduler.config`),
    kubeconfig('kubelet-client', `${SNAP}/credentials/kubelet.config`),
    kubeconfig('kube-proxy', `${SNAP}/credentials/proxy.config`),
  ],
};

const ETCD = 'etc/ssl/etcd/ssl';

/** etcd outside of kubeadm: the same pair serves clients and peers. */
export const kubesprayEtcd: Layout = {
  name: 'kubespray-etcd',
  title: "kubespray's etcd",
  source: 'kubernetes-sigs/kubespray roles/etcd/templates/etcd.env.j2 and make-ssl-etcd.sh.j2',
  rows: [
    cfsslPair('etcd-ca', `${ETCD}/ca`),
    cfsslPair('etcd-server', `${ETCD}/member-*`),
    cfsslPair('etcd-admin', `${ETCD}/admin-*`),
    cfsslPair('apiserver-etcd-client', `${ETCD}/node-*`),
  ],
};

const field = (role: LayoutRow['role'], path: string): readonly LayoutRow[] => [
  { role, field: `${path}.crt` },
  { role, field: `${path}.key` },
];

/** `talosctl gen secrets`: authorities and keys only; everything else is made from them on each machine. */
export const talosSecrets: Layout = {
  name: 'talos',
  title: "Talos' secrets",
  source: 'siderolabs/talos pkg/machinery/config/generate/secrets (Bundle, Certs)',
  rows: [
    ...field('cluster-ca', 'certs.k8s'),
    ...field('etcd-ca', 'certs.etcd'),
    ...field('front-proxy-ca', 'certs.k8saggregator'),
    { role: 'service-account', field: 'certs.k8sserviceaccount.key' },
    ...field('machine-ca', 'certs.os'),
  ],
};
