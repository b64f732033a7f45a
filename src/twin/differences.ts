/** Where the twin is not like the real components, and why. */
export interface TwinDifference {
  readonly id: string;
  readonly what: string;
  readonly why: string;
}

export const twinDifferences: readonly TwinDifference[] = [
  {
    id: 'http1-only',
    what: 'HTTP/1.1 only: no HTTP/2, so no gRPC; etcdctl cannot talk to the twin of etcd',
    why: 'what is proven is the handshake and who is let in; both are settled before a protocol is spoken',
  },
  {
    id: 'no-resumption',
    what: 'sessions are never resumed',
    why: 'each handshake is to show the certificates that are there now',
  },
  {
    id: 'watch-ends',
    what: 'a watch ends at once, and nothing can be written',
    why: 'nothing changes in a twin but its certificates',
  },
  {
    id: 'peer-address',
    what: 'etcd accepts a peer from loopback under the names and addresses of any member',
    why: 'all members are on 127.0.0.1, which tells nothing about who dials',
  },
  {
    id: 'reload-at-once',
    what: 'a hot file is seen at the next handshake or request, also behind a symbolic link that was swapped',
    why: 'the real ones take some 10 ms by fsnotify and never notice a swapped link',
  },
  {
    id: 'kubelet-authorities-tick',
    what: 'a kubelet advertises new client authorities at once',
    why: 'the real one does so at a tick of 60 s, while it verifies by them at once',
  },
  {
    id: 'no-configmap',
    what: 'scheduler and aggregated API servers forget a removed client authority at once',
    why: 'the real ones read ConfigMap extension-apiserver-authentication, which keeps it until it is deleted',
  },
  {
    id: 'node-authorizer',
    what: 'kubelets get the rules of the Node authorizer without its graph and selectors',
    why: 'there are no pods, secrets or volumes that would relate a node to an object',
  },
  {
    id: 'no-token-keys',
    what: 'kube-apiserver starts without the file of service-account keys, and knows no tokens',
    why: 'no token is part of what is proven; the keys that are there are read at its start, and told',
  },
  {
    id: 'first-leads',
    what: 'the first controller manager that runs leads, since it was started',
    why: 'there is no lease to win, and nothing to control',
  },
  {
    id: 'own-certificate-ecdsa',
    what: 'certificates that components make themselves have ECDSA P-256 keys',
    why: 'the real ones are RSA-2048, which takes long to generate; nobody verifies them',
  },
];
