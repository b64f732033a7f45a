/**
 * A kubetls.yaml whose nodes have loopback addresses, for commands that dial what the file says: where no
 * twin listens, nobody does.
 */
export function clusterFile(profile: 'flat' | 'kubeadm' = 'flat', algorithm = 'ecdsa-p256'): string {
  return `apiVersion: kubetls/v1
kind: Cluster
metadata: { name: demo }
spec:
  profile: ${profile}
  keys: { algorithm: ${algorithm} }
  authorities: { etcd: separate }
  endpoint: 127.0.0.81:6443
  nodes:
    - { name: master,   roles: [control-plane, etcd], addresses: [127.0.0.81] }
    - { name: worker-1, roles: [worker],              addresses: [127.0.0.82] }
`;
}
