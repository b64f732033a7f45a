import type { ComponentName, Endpoint } from '../cluster/index.ts';
import { frontProxyUser } from '../trust/index.ts';
import type { ProbeRequest } from './types.ts';

/** As whom the probe speaks: `as` of an edge, or anonymous without a credential. */
export type Speaker = 'client' | 'front-proxy' | 'anonymous';

/** Creating a SelfSubjectReview is allowed to everyone authenticated, and answers who that is. */
const WHO_AM_I: ProbeRequest = {
  method: 'POST',
  path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
  headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
  body: '{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1"}',
  accepts: [201, 200],
  namesUser: true,
};

const FRONT_PROXY_HEADERS = {
  'X-Remote-User': frontProxyUser.name,
  'X-Remote-Group': frontProxyUser.groups.join(),
};

function get(path: string): ProbeRequest {
  return { method: 'GET', path, headers: { Accept: '*/*' }, body: undefined, accepts: [200] };
}

/** By component, each with the statuses that let in (403 is judged by whom it names); /healthz is open to everyone, /metrics is not (apiserver options/authorization.go). */
const REQUESTS: Readonly<Record<ComponentName, ProbeRequest>> = {
  'kube-apiserver': WHO_AM_I,
  kubelet: get('/pods'),
  'kube-controller-manager': get('/metrics'),
  'kube-scheduler': get('/metrics'),
  // On both of its sockets (etcd server/etcdserver/api/etcdhttp/{version,peer}.go).
  etcd: get('/version'),
  'aggregated-apiserver': get('/apis'),
  'kube-proxy': get('/healthz'),
};

/** What answers everyone, for a client that shows no certificate: a liveness probe, or one with a token. */
const OPEN: Partial<Record<ComponentName, ProbeRequest>> = {
  'kube-apiserver': get('/version'),
  'kube-controller-manager': get('/healthz'),
  'kube-scheduler': get('/healthz'),
};

/**
 * What to ask of an endpoint so that its answer tells whether it took the credential. A request is needed
 * even where the handshake decides: under TLS 1.3 a client has ended its own handshake before the server
 * looks at the client's certificate, and learns of a refusal at its first read.
 */
export function requestFor(endpoint: Endpoint, speaker: Speaker = 'client'): ProbeRequest {
  const request = REQUESTS[endpoint.component];
  if (speaker === 'anonymous') return OPEN[endpoint.component] ?? request;
  if (speaker === 'client') return request;
  return { ...request, headers: { ...request.headers, ...FRONT_PROXY_HEADERS } };
}
