// How kube-apiserver learns of the aggregated API server: an APIService, its Service, and where that ends.
import type { AggregatedWiring } from './wiring.ts';

const NAME = 'metrics-server';
const NAMESPACE = 'kube-system';
/** What Kubernetes' sample-apiserver serves. */
export const AGGREGATED_GROUP = 'wardle.example.com';

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
