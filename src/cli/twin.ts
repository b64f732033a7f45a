/** Starts the twin for a command. */
import { systemKeys } from '../apply/index.ts';
import { expectedFailure } from '../base/index.ts';
import type { Cluster, Endpoint } from '../cluster/index.ts';
import { startTwin, type Twin } from '../twin/index.ts';
import type { Context } from './context.ts';

/** `port` is the first kube-apiserver's; 0 for any. */
export async function startTwinFor({ state, clock }: Context, cluster: Cluster, port: number): Promise<Twin> {
  const first = firstApiserver(cluster);
  return startTwin(cluster, state, {
    clock,
    keys: systemKeys(),
    ports: (endpoint) => (endpoint === first ? port : 0),
  });
}

/** With the first kube-apiserver where people expect it, when that port is free. */
export async function startUsualTwin(context: Context, cluster: Cluster): Promise<Twin> {
  try {
    return await startTwinFor(context, cluster, firstApiserver(cluster)?.address.port ?? 0);
  } catch (error) {
    const failure = expectedFailure(error);
    if (failure.code !== 'twin/port-in-use') throw failure;
    return startTwinFor(context, cluster, 0);
  }
}

function firstApiserver(cluster: Cluster): Endpoint | undefined {
  return cluster.endpoints.find(({ component }) => component === 'kube-apiserver');
}
