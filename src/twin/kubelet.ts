import { json, notFound, text, type TwinRequest, type TwinResponse } from './http-values.ts';
import { metrics } from './in-memory.ts';
import type { Identity } from './identity.ts';
import type { Objects } from './objects.ts';
import type { Attributes } from './request-info.ts';

/** Paths with a subresource of their own since KubeletFineGrainedAuthz (kubernetes/pkg/kubelet/server/auth.go). */
const SUBRESOURCES: readonly (readonly [prefix: string, subresources: readonly string[]])[] = [
  ['/stats', ['stats']],
  ['/metrics', ['metrics']],
  ['/logs', ['log']],
  ['/pods', ['pods', 'proxy']],
  ['/runningpods/', ['pods', 'proxy']],
  ['/healthz', ['healthz', 'proxy']],
  ['/configz', ['configz', 'proxy']],
];

const VERBS: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Any of these, granted, lets the request through: it is asked of the API server as `nodes/<subresource>`. */
export function kubeletAttributes({ method, path }: TwinRequest, node: string): Attributes[] {
  const found = SUBRESOURCES.find(
    ([prefix]) => path === prefix || path.startsWith(`${prefix.replace(/\/$/, '')}/`),
  );
  return (found?.[1] ?? ['proxy']).map((subresource) => ({
    kind: 'resource',
    verb: VERBS[method] ?? 'get',
    group: '',
    version: 'v1',
    resource: 'nodes',
    subresource,
    namespace: '',
    name: node,
  }));
}

/** kubernetes/pkg/kubelet/server/server.go, InstallAuthFilter. */
export function kubeletForbidden(user: Identity, asked: readonly Attributes[]): TwinResponse {
  const subresources = asked.map((one) => (one.kind === 'resource' ? one.subresource : '')).join(' ');
  const verb = asked[0]?.verb ?? '';
  return text(
    `Forbidden (user=${user.name}, verb=${verb}, resource=nodes, subresource(s)=[${subresources}])\n`,
    403,
  );
}

export function answerKubelet(
  { path }: TwinRequest,
  { node, started }: { readonly node: string; readonly started: number },
  { Pod: pods }: Objects,
): TwinResponse {
  if (path === '/healthz') return text('ok');
  if (path === '/pods' || path === '/pods/') {
    const items = pods.filter((pod) => pod.node === node).map(({ object }) => object);
    return json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items });
  }
  if (path === '/metrics') return metrics(started, `kubelet_node_name{node="${node}"} 1\n`);
  return notFound();
}
