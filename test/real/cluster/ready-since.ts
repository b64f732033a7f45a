import type { RealCluster } from './real-cluster.ts';
import { until } from './until.ts';

/** Not by what was said before it died: every kubelet has renewed its lease since. */
export async function readySince(
  cluster: RealCluster,
  nodes: readonly string[],
  since: number,
): Promise<void> {
  await until('kubelets renew their leases', async () => {
    const template = '{range .items[*]}{.metadata.name} {.spec.renewTime}{"\\n"}{end}';
    const said = await cluster.mustKubectl([
      'get',
      'lease',
      '-n',
      'kube-node-lease',
      '-o',
      `jsonpath=${template}`,
    ]);
    const renewed = new Map(
      said.split('\n').map((line) => [line.split(' ')[0], line.split(' ')[1]] as const),
    );
    return nodes.every((node) => Date.parse(renewed.get(node) ?? '') > since);
  });
  await cluster.mustKubectl([
    'wait',
    '--for=condition=Ready',
    ...nodes.map((node) => `node/${node}`),
    '--timeout=60s',
  ]);
}
