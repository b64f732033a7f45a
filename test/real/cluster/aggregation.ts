// How kube-apiserver learns of the aggregated API server: an APIService, its Service, and where that ends.
import { at } from './commands.ts';
import type { RealCluster } from './real-cluster.ts';
import { until } from './until.ts';
import type { AggregatedWiring } from './wiring.ts';

const NAME = 'metrics-server';
const NAMESPACE = 'kube-system';
/** What Kubernetes' sample-apiserver serves. */
const AGGREGATED_GROUP = 'wardle.example.com';
export const AGGREGATED = `/apis/${AGGREGATED_GROUP}/v1alpha1`;

export function aggregationOf({ address }: AggregatedWiring): object {
  const metadata = { name: NAME, namespace: NAMESPACE };
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      // Without a selector nobody makes endpoints for it.
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { ports: [{ port: 443, targetPort: address.port }] },
      },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { ...metadata, labels: { 'kubernetes.io/service-name': NAME } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [address.host], conditions: { ready: true } }],
        ports: [{ name: '', port: address.port, protocol: 'TCP' }],
      },
      {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1alpha1.${AGGREGATED_GROUP}` },
        spec: {
          group: AGGREGATED_GROUP,
          version: 'v1alpha1',
          groupPriorityMinimum: 1_000,
          versionPriority: 15,
          insecureSkipTLSVerify: true,
          service: { name: NAME, namespace: NAMESPACE },
        },
      },
    ],
  };
}

/**
 * Returns when each kube-apiserver has an answer of it: they look for it ever more seldom until it is there, and it
 * serves before it believes the front proxy. The answers, of its resources.
 */
export async function untilAggregated({
  kubectl,
  wiring,
}: Pick<RealCluster, 'kubectl' | 'wiring'>): Promise<string[]> {
  const answers: string[] = [];
  for (const { address } of wiring.apiservers) {
    const words = ['--server', `https://${at(address)}`, 'get', '--raw', AGGREGATED];
    let said = await kubectl(words);
    await until(
      `kube-apiserver at ${address.host} answers for the aggregated one`,
      async () => {
        if (said.code !== 0) said = await kubectl(words);
        return said.code === 0;
      },
      { why: () => said.stderr },
    );
    answers.push(said.stdout);
  }
  return answers;
}
