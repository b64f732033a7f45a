import { kubeconfig, type Layout, type LayoutRow, pair } from './types.ts';

/** The same program makes both; `name` stands in directories, and in the names of two certificates. */
function rowsOf(name: string): readonly LayoutRow[] {
  const server = `var/lib/rancher/${name}/server`;
  const tls = `${server}/tls`;
  const agent = `var/lib/rancher/${name}/agent`;
  return [
    pair('client-ca', `${tls}/client-ca`),
    pair('server-ca', `${tls}/server-ca`),
    pair('front-proxy-ca', `${tls}/request-header-ca`),
    pair('etcd-ca', `${tls}/etcd/server-ca`),
    pair('etcd-peer-ca', `${tls}/etcd/peer-ca`),
    pair('kube-apiserver', `${tls}/serving-kube-apiserver`),
    pair('apiserver-kubelet-client', `${tls}/client-kube-apiserver`),
    pair('apiserver-etcd-client', `${tls}/etcd/client`),
    pair('front-proxy-client', `${tls}/client-auth-proxy`),
    pair('etcd-server', `${tls}/etcd/server-client`),
    pair('etcd-peer', `${tls}/etcd/peer-server-client`),
    pair('admin', `${tls}/client-admin`),
    pair('supervisor', `${tls}/client-supervisor`),
    pair('kube-controller-manager', `${tls}/client-controller`),
    pair('kube-scheduler', `${tls}/client-scheduler`),
    pair('kube-proxy', `${tls}/client-kube-proxy`),
    pair('cloud-controller-manager', `${tls}/client-${name}-cloud-controller`),
    { role: 'service-account', key: `${tls}/service.key` },
    kubeconfig('admin', `${server}/cred/admin.kubeconfig`),
    kubeconfig('admin', `etc/rancher/${name}/${name}.yaml`),
    kubeconfig('supervisor', `${server}/cred/supervisor.kubeconfig`),
    kubeconfig('kube-controller-manager', `${server}/cred/controller.kubeconfig`),
    kubeconfig('kube-scheduler', `${server}/cred/scheduler.kubeconfig`),
    { role: 'client-ca', certificate: `${agent}/client-ca.crt` },
    { role: 'server-ca', certificate: `${agent}/server-ca.crt` },
    pair('kubelet-server', `${agent}/serving-kubelet`),
    pair('kubelet-client', `${agent}/client-kubelet`),
    pair('kube-proxy', `${agent}/client-kube-proxy`),
    kubeconfig('kubelet-client', `${agent}/kubelet.kubeconfig`),
    kubeconfig('kube-proxy', `${agent}/kubeproxy.kubeconfig`),
  ];
}

const SOURCE =
  'k3s-io/k3s pkg/daemons/control/deps/deps.go (CreateRuntimeCertFiles), pkg/agent/config/config.go';

export const k3s: Layout = { name: 'k3s', title: 'k3s', source: SOURCE, rows: rowsOf('k3s') };

export const rke2: Layout = {
  name: 'rke2',
  title: 'RKE2',
  source: `${SOURCE}, with rke2 for version.Program (docs.rke2.io, Certificate Management)`,
  rows: rowsOf('rke2'),
};
