// Ways to change what the API holds.
import type { RealCluster } from '../real-cluster.ts';
import { until } from '../until.ts';
import type { LiveFault } from './types.ts';

/** Created, and deleted again. */
export function created(object: object): LiveFault['plant'] {
  const text = JSON.stringify(object);
  return async (cluster) => {
    await cluster.mustKubectl(['create', '-f', '-'], text);
    return () => cluster.mustKubectl(['delete', '-f', '-'], text);
  };
}

/** `object`: kubectl's words for it. */
export async function merge(cluster: RealCluster, object: string, change: object): Promise<void> {
  await cluster.mustKubectl(['patch', ...object.split(' '), '--type=merge', '-p', JSON.stringify(change)]);
}

/** Deleted; returns when who writes it has written it anew. */
export async function writtenAnew(cluster: RealCluster, object: string): Promise<void> {
  const words = object.split(' ');
  await cluster.mustKubectl(['delete', ...words]);
  await until(`${object} is written anew`, async () => (await cluster.kubectl(['get', ...words])).code === 0);
}

export async function read<T>(cluster: RealCluster, object: string): Promise<T> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Kubernetes' own shapes
  return JSON.parse(await cluster.mustKubectl(['get', ...object.split(' '), '-o', 'json'])) as T;
}
