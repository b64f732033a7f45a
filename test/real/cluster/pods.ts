// Pods that real kubelets run, as far as their runtime goes.
import type { RealCluster } from './real-cluster.ts';

/** The runtime's one image (control-plane/cri). */
const IMAGE = 'test.invalid/still:1';

/** Runs a pod on each node, by the scheduler's hand, and waits until the kubelets say that they are ready. */
export async function runPods(cluster: RealCluster, nodes: readonly string[]): Promise<void> {
  await cluster.mustKubectl(['wait', '--for=create', 'serviceaccount/default', '--timeout=60s']);
  const items = nodes.map((node) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `on-${node}` },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': node },
      containers: [{ name: 'still', image: IMAGE, imagePullPolicy: 'Never' }],
    },
  }));
  await cluster.mustKubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await cluster.mustKubectl(['wait', '--for=condition=Ready', 'pod', '--all', '--timeout=60s']);
}
