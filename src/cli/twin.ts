/** Starts the twin for a command, with the first kube-apiserver where people expect it. */
import { createServer } from 'node:net';
import { systemKeys } from '../apply/index.ts';
import type { Cluster, Endpoint } from '../cluster/index.ts';
import { startTwin, type Twin } from '../twin/index.ts';
import type { Context } from './context.ts';

export async function startTwinFor(
  { state, clock }: Context,
  cluster: Cluster,
  port?: number,
): Promise<Twin> {
  const first = cluster.endpoints.find(({ component }) => component === 'kube-apiserver');
  const wanted = port ?? (first && (await isFree(first.address.port)) ? first.address.port : 0);
  return startTwin(cluster, state, {
    clock,
    keys: systemKeys(),
    ports: (endpoint: Endpoint) => (endpoint === first ? wanted : 0),
  });
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
