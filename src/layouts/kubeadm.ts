import { kubeconfig, type Layout, type LayoutRow, pair } from './types.ts';

const CONF = 'etc/kubernetes';
const PKI = `${CONF}/pki`;

const kubelet: readonly LayoutRow[] = [
  { role: 'kubelet-client', certificate: 'var/lib/kubelet/pki/kubelet-client-current.pem' },
  { role: 'kubelet-server', certificate: 'var/lib/kubelet/pki/kubelet-server-current.pem' },
  pair('kubelet-server', 'var/lib/kubelet/pki/kubelet'),
];

const kubeconfigs: readonly LayoutRow[] = [
  kubeconfig('admin', `${CONF}/admin.conf`),
  kubeconfig('super-admin', `${CONF}/super-admin.conf`),
  kubeconfig('kube-controller-manager', `${CONF}/controller-manager.conf`),
  kubeconfig('kube-scheduler', `${CONF}/scheduler.conf`),
  kubeconfig('kubelet-client', `${CONF}/kubelet.conf`),
  kubeconfig('bootstrap', `${CONF}/bootstrap-kubelet.conf`),
];

/** What kubeadm makes below its certificatesDir. */
const certificates = (directory: string): readonly LayoutRow[] => [
  pair('cluster-ca', `${directory}/ca`),
  pair('kube-apiserver', `${directory}/apiserver`),
  pair('apiserver-kubelet-client', `${directory}/apiserver-kubelet-client`),
  pair('apiserver-etcd-client', `${directory}/apiserver-etcd-client`),
  pair('front-proxy-ca', `${directory}/front-proxy-ca`),
  pair('front-proxy-client', `${directory}/front-proxy-client`),
  pair('etcd-ca', `${directory}/etcd/ca`),
  pair('etcd-server', `${directory}/etcd/server`),
  pair('etcd-peer', `${directory}/etcd/peer`),
  pair('etcd-admin', `${directory}/etcd/healthcheck-client`),
  { role: 'service-account', key: `${directory}/sa.key`, publicKey: `${directory}/sa.pub` },
];

export const kubeadm: Layout = {
  name: 'kubeadm',
  title: 'kubeadm',
  source:
    'kubernetes cmd/kubeadm/app/phases/certs/certlist.go, constants/constants.go; ' +
    'client-go util/certificate/certificate_store.go; cmd/kubelet/app/server.go',
  rows: [...certificates(PKI), ...kubeconfigs, ...kubelet],
};

const MINIKUBE = 'var/lib/minikube/certs';

export const minikube: Layout = {
  name: 'minikube',
  title: 'minikube',
  source: 'kubernetes/minikube pkg/minikube/bootstrapper/certs.go; kubeadm below /var/lib/minikube/certs',
  rows: [
    ...certificates(MINIKUBE).filter(({ role }) => !role.startsWith('front-proxy')),
    pair('front-proxy-ca', `${MINIKUBE}/proxy-client-ca`),
    pair('front-proxy-client', `${MINIKUBE}/proxy-client`),
    kubeconfig('admin', 'var/lib/minikube/kubeconfig'),
    ...kubeconfigs,
    ...kubelet,
  ],
};
