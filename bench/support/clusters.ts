/** Descriptions of clusters of any size. */

export interface ClusterSize {
  readonly profile: 'flat' | 'kubeadm';
  readonly workers: number;
}

export function clusterFile({ profile, workers }: ClusterSize): string {
  const nodes = Array.from(
    { length: workers },
    (_, i) =>
      `    - { name: worker-${i}, roles: [worker], addresses: [10.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}] }`,
  );
  return `apiVersion: kubetls/v1
kind: Cluster
metadata: { name: bench }
spec:
  profile: ${profile}
  kubernetes: "1.37"
  endpoint: api.example.test:6443
  keys: { algorithm: ecdsa-p256 }
  nodes:
    - { name: master, roles: [control-plane, etcd], addresses: [10.0.0.10] }
${nodes.join('\n')}
`;
}
