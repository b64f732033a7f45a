/**
 * Which flag of which component names which file, and what the component does with it: a row for each, from
 * Kubernetes 1.37 and etcd 3.7. Fields of configuration files that mean the same have the flag's name here.
 *
 * Sources: k8s.io/apiserver pkg/server/options (authentication.go, serving.go, etcd.go), cmd/kube-apiserver
 * and pkg/kubeapiserver/options, kube-aggregator; cmd/kube-controller-manager/app/options;
 * cmd/kubelet/app/options; etcd server/embed/config.go.
 */
export type ComponentFlags = Readonly<Record<string, FileFlag>>;

export interface FileFlag {
  /** What the file is to the component. Anchors: certificates of those whom it believes. */
  readonly role: 'anchors' | 'certificate' | 'key' | 'public-key' | 'kubeconfig' | 'revocation-list';
  /** The same for a certificate and its key: `serving`, `to etcd`; for anchors: who is believed. */
  readonly purpose: string;
}

const anchors = (purpose: string): FileFlag => ({ role: 'anchors', purpose });
const pair = (certificate: string, key: string, purpose: string): ComponentFlags => ({
  [certificate]: { role: 'certificate', purpose },
  [key]: { role: 'key', purpose },
});
const kubeconfig = (purpose: string): FileFlag => ({ role: 'kubeconfig', purpose });

/** genericoptions.SecureServingOptions and DelegatingAuthenticationOptions. */
const listening: ComponentFlags = {
  'client-ca-file': anchors('clients'),
  'requestheader-client-ca-file': anchors('front proxies'),
  ...pair('tls-cert-file', 'tls-private-key-file', 'serving'),
};

const delegating: ComponentFlags = {
  ...listening,
  kubeconfig: kubeconfig('to kube-apiserver'),
  'authentication-kubeconfig': kubeconfig('token reviews'),
  'authorization-kubeconfig': kubeconfig('access reviews'),
};

export const FILE_FLAGS: Readonly<Record<string, ComponentFlags>> = {
  'kube-apiserver': {
    ...listening,
    ...pair('proxy-client-cert-file', 'proxy-client-key-file', 'to aggregated servers'),
    ...pair('kubelet-client-certificate', 'kubelet-client-key', 'to kubelets'),
    'kubelet-certificate-authority': anchors('kubelets'),
    ...pair('etcd-certfile', 'etcd-keyfile', 'to etcd'),
    'etcd-cafile': anchors('etcd'),
    'service-account-key-file': { role: 'public-key', purpose: 'tokens' },
    'service-account-signing-key-file': { role: 'key', purpose: 'tokens' },
    'oidc-ca-file': anchors('OpenID Connect issuer'),
  },
  'kube-controller-manager': {
    ...delegating,
    'root-ca-file': anchors('published to pods'),
    'service-account-private-key-file': { role: 'key', purpose: 'tokens' },
    ...pair('cluster-signing-cert-file', 'cluster-signing-key-file', 'signing requests'),
    ...pair(
      'cluster-signing-kubelet-serving-cert-file',
      'cluster-signing-kubelet-serving-key-file',
      'signing requests of kubelet servers',
    ),
    ...pair(
      'cluster-signing-kubelet-client-cert-file',
      'cluster-signing-kubelet-client-key-file',
      'signing requests of kubelet clients',
    ),
    ...pair(
      'cluster-signing-kube-apiserver-client-cert-file',
      'cluster-signing-kube-apiserver-client-key-file',
      'signing requests of clients',
    ),
    ...pair(
      'cluster-signing-legacy-unknown-cert-file',
      'cluster-signing-legacy-unknown-key-file',
      'signing other requests',
    ),
  },
  'kube-scheduler': delegating,
  'kube-proxy': { kubeconfig: kubeconfig('to kube-apiserver') },
  kubelet: {
    'client-ca-file': anchors('clients'),
    ...pair('tls-cert-file', 'tls-private-key-file', 'serving'),
    kubeconfig: kubeconfig('to kube-apiserver'),
    'bootstrap-kubeconfig': kubeconfig('bootstrap'),
  },
  etcd: {
    ...pair('cert-file', 'key-file', 'serving'),
    ...pair('client-cert-file', 'client-key-file', 'to itself'),
    'trusted-ca-file': anchors('clients'),
    ...pair('peer-cert-file', 'peer-key-file', 'peers'),
    ...pair('peer-client-cert-file', 'peer-client-key-file', 'to peers'),
    'peer-trusted-ca-file': anchors('peers'),
    'client-crl-file': { role: 'revocation-list', purpose: 'clients' },
    'peer-crl-file': { role: 'revocation-list', purpose: 'peers' },
  },
  // docs.k3s.io, "Cluster Datastore"; what it hands on to components: settings.ts.
  k3s: {
    'datastore-cafile': anchors('etcd'),
    ...pair('datastore-certfile', 'datastore-keyfile', 'to etcd'),
  },
};

export function isComponent(name: string): boolean {
  return Object.hasOwn(FILE_FLAGS, name);
}
