/** Where the twin is not like the real components, and why. */
export interface TwinDifference {
  readonly id: string;
  readonly what: string;
  readonly why: string;
  /** Title of the test, in `twinDifferencesShownIn`, that shows both sides on the same files. */
  readonly shownBy: string;
}

/** From the root of the repository. */
export const twinDifferencesShownIn = 'test/real/cluster/twin/differences.test.ts';

export const twinDifferences: readonly TwinDifference[] = [
  {
    id: 'http1-only',
    what: 'HTTP/1.1 only: no HTTP/2 as kube-apiserver and etcd have, so no gRPC; etcdctl cannot talk to the twin of etcd',
    why: 'what is proven is the handshake and who is let in; both are settled before a protocol is spoken',
    shownBy: 'speaks HTTP/1.1 where they speak HTTP/2',
  },
  {
    id: 'no-resumption',
    what: 'sessions are never resumed',
    why: 'each handshake is to show the certificates that are there now',
    shownBy: 'resumes no session where they do',
  },
  {
    id: 'watch-ends',
    what: 'a watch ends at once, and nothing can be written',
    why: 'nothing changes in a twin but its certificates',
    shownBy: 'ends a watch at once, and takes no object, where they go on',
  },
  {
    id: 'peer-address',
    what: 'etcd accepts a peer from loopback under the names and addresses of any member',
    why: 'all members are on 127.0.0.1, which tells nothing about who dials',
    shownBy: "takes a peer of etcd from loopback, whom the real one holds against the peer's names",
  },
  {
    id: 'reload-at-once',
    what: 'a hot file is seen at the next handshake or request, also behind a symbolic link that was swapped',
    why: 'the real ones take some 10 ms by fsnotify and never notice a swapped link',
    shownBy: 'sees a symbolic link that was swapped, which they never notice',
  },
  {
    id: 'kubelet-authorities-tick',
    what: 'a kubelet advertises new client authorities at once',
    why: 'the real one does so at a tick of 60 s, while it verifies by them at once',
    shownBy: 'names new client authorities at once, which a kubelet does at its next tick',
  },
  {
    id: 'no-configmap',
    what: 'scheduler and aggregated API servers forget a removed client authority at once',
    why: 'the real ones read ConfigMap extension-apiserver-authentication, which keeps it until it is deleted',
    shownBy: 'forgets a client authority that is gone, which they keep from a ConfigMap',
  },
  {
    id: 'node-authorizer',
    what: 'kubelets get the rules of the Node authorizer without its graph and selectors',
    why: 'there are no pods, secrets or volumes that would relate a node to an object',
    shownBy: 'lets a kubelet list the pods of all nodes, which the Node authorizer does not',
  },
  {
    id: 'no-token-keys',
    what: 'kube-apiserver starts without the file of service-account keys, and knows no tokens',
    why: 'no token is part of what is proven; the keys that are there are read at its start, and told',
    shownBy: 'starts without service-account keys and takes no token, which the real one needs and takes',
  },
  {
    id: 'first-leads',
    what: 'the first controller manager that runs leads, since it was started',
    why: 'there is no lease to win, and nothing to control',
    shownBy: 'leads since it was started, where the real one has to renew its Lease',
  },
  {
    id: 'own-certificate-ecdsa',
    what: 'certificates that components make themselves have ECDSA P-256 keys',
    why: 'the real ones are RSA-2048, which takes long to generate; nobody verifies them',
    shownBy: 'makes its own certificates with ECDSA keys, where they make RSA keys',
  },
  {
    id: 'handshake-errors-logged',
    what: 'kube-apiserver, kube-controller-manager, kube-scheduler and aggregated API servers log a handshake that failed',
    why: 'the real ones count it (apiserver_tls_handshake_errors_total) and log it with -v=5 only; who learns from the twin wants to see it',
    shownBy: 'logs a handshake that failed, which kube-apiserver only counts',
  },
];
