// What the controller manager writes when a cluster is young.
import type { RealCluster } from './real-cluster.ts';
import { until } from './until.ts';

/** Returns when each namespace has been given the authority. */
export async function untilPublished(cluster: RealCluster): Promise<void> {
  const roots = ['get', 'configmaps', '-A', '--field-selector=metadata.name=kube-root-ca.crt', '-o=name'];
  const namespaces = ['get', 'namespaces', '-o=name'];
  const lines = async (words: readonly string[]) => (await cluster.mustKubectl(words)).split('\n').length;
  await until(
    'kube-root-ca.crt in every namespace',
    async () => (await lines(roots)) === (await lines(namespaces)),
  );
}
