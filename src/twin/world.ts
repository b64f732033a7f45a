import type { Cluster } from '../cluster/index.ts';
import type { World } from './answer.ts';
import { objectsOf } from './objects.ts';

export function worldOf(cluster: Cluster, now: number, leading: World['leading']): World {
  const members = cluster.endpoints.filter(({ component, port }) => component === 'etcd' && port === 'peer');
  return {
    cluster,
    leading,
    objects: objectsOf(cluster, now),
    members: members.map(({ node, address }) => ({ name: node, host: address.host })),
    kubeletClients: kubeletClientsOf(cluster),
  };
}

function kubeletClientsOf({ edges, items }: Cluster): Set<string> {
  const toKubelets = edges.filter(
    ({ client, endpoint }) => client.component === 'kube-apiserver' && endpoint.component === 'kubelet',
  );
  const shown = new Set(
    toKubelets.flatMap(({ presents }) => (presents.kind === 'pair' ? [presents.certificate] : [])),
  );
  return new Set(
    items.flatMap((item) =>
      item.kind === 'pair' && shown.has(item.certificate.path)
        ? item.profile.subject.flatMap(({ type, value }) => (type === 'CN' ? [value] : []))
        : [],
    ),
  );
}
