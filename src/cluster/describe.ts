import { endpointsOf } from './endpoints.ts';
import { edgesOf } from './edges.ts';
import { flatItems } from './profiles/flat.ts';
import { kubeadmItems } from './profiles/kubeadm.ts';
import type { Cluster, ClusterSpec, Item } from './types.ts';
import { warningsFor } from './warnings.ts';

const itemsOf: Readonly<Record<ClusterSpec['profile'], (spec: ClusterSpec) => Item[]>> = {
  flat: flatItems,
  kubeadm: kubeadmItems,
};

/** What must stand where, what listens, and who dials whom, in the order of the spec. `spec` is as parseSpec gives it. */
export function describeCluster(spec: ClusterSpec): Cluster {
  const endpoints = endpointsOf(spec);
  return {
    spec,
    items: itemsOf[spec.profile](spec),
    endpoints: [
      ...endpoints.apiservers,
      ...endpoints.etcd,
      ...endpoints.etcdPeers,
      ...endpoints.kubelets,
      ...endpoints.schedulers,
      ...endpoints.controllerManagers,
      endpoints.aggregated,
    ],
    edges: edgesOf(spec, endpoints),
    warnings: warningsFor(spec),
  };
}
