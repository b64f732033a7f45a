import type { Component } from './component.ts';
import { discoveryAt } from './discovery.ts';
import { json, notFound, text, type TwinRequest, type TwinResponse } from './http-values.ts';
import { metrics } from './in-memory.ts';

/** Paths that delegated authorization always allows (apiserver options/authorization.go). */
export const ALWAYS_ALLOWED: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);

/** kube-controller-manager and kube-scheduler. */
export function answerControlLoop(
  { path }: TwinRequest,
  { started }: Pick<Component, 'started'>,
): TwinResponse {
  if (ALWAYS_ALLOWED.has(path)) return text('ok');
  return path === '/metrics' ? metrics(started) : notFound();
}

export function answerAggregated({ path }: TwinRequest): TwinResponse {
  if (ALWAYS_ALLOWED.has(path)) return text('ok');
  const document = path === '/apis' || path === '/api' ? discoveryAt(path) : undefined;
  return document === undefined ? notFound() : json(document);
}

/** etcd 3.7: server/etcdserver/api/etcdhttp. */
const ETCD_VERSION = { etcdserver: '3.7.0', etcdcluster: '3.7.0', storage: '3.7.0' };

export function answerEtcd(
  { path }: TwinRequest,
  { started, endpoint: { port } }: Pick<Component, 'started' | 'endpoint'>,
  members: readonly { readonly name: string; readonly host: string }[],
): TwinResponse {
  if (path === '/version') return json(ETCD_VERSION);
  if (port === 'client' && path === '/metrics') return metrics(started);
  if (port === 'client') return path === '/health' ? json({ health: 'true', reason: '' }) : notFound();
  if (path !== '/members') return notFound();
  return json(
    members.map(({ name, host }, index) => ({
      id: index + 1,
      peerURLs: [`https://${host}:2380`],
      name,
      clientURLs: [`https://${host}:2379`],
    })),
  );
}
