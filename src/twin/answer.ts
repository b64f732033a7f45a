import type { Cluster } from '../cluster/index.ts';
import type { Certificate } from '../x509/index.ts';
import { forbidden, isAllowed } from './authorize.ts';
import type { Component } from './component.ts';
import { text, type TwinRequest, type TwinResponse, unauthorized } from './http-values.ts';
import { ANONYMOUS, type Identity } from './identity.ts';
import { answerApiserver } from './kube-apiserver.ts';
import { answerKubelet, kubeletAttributes, kubeletForbidden } from './kubelet.ts';
import { klogError } from './logs.ts';
import type { Leading } from './in-memory.ts';
import type { Objects } from './objects.ts';
import { ALWAYS_ALLOWED, answerAggregated, answerControlLoop, answerEtcd } from './plain-answers.ts';
import { attributesOf } from './request-info.ts';

/** What the answers are made from, beside the component's own files. */
export interface World {
  readonly cluster: Cluster;
  readonly objects: Objects;
  /** undefined: no controller manager runs. */
  readonly leading: () => Leading | undefined;
  readonly members: readonly { readonly name: string; readonly host: string }[];
  /** Common names of the certificates that API servers show to kubelets: bound to system:kubelet-api-admin. */
  readonly kubeletClients: ReadonlySet<string>;
}

/** One request, from authentication to its answer, as the component would give it. */
export function answer(
  component: Component,
  presented: readonly Certificate[],
  request: TwinRequest,
  world: World,
): TwinResponse {
  const { endpoint } = component;
  // etcd has settled everything in the handshake.
  if (endpoint.component === 'etcd') return answerEtcd(request, component, world.members);
  const isKubelet = endpoint.component === 'kubelet';
  const who = component.identify(request.headers, presented);
  if (who.kind === 'error') {
    component.log(
      isKubelet
        ? klogError(
            component.now(),
            'server.go:387',
            'Unable to authenticate the request due to an error',
            who.error,
          )
        : klogError(component.now(), 'authentication.go:75', 'Unable to authenticate the request', who.error),
    );
  }
  const user = who.kind === 'user' ? who.user : ANONYMOUS;
  const refused = who.kind === 'error' || (who.kind === 'none' && endpoint.clients.anonymous !== 'forbidden');
  if (refused) return isKubelet ? text('Unauthorized', 401) : unauthorized();
  return isKubelet
    ? kubeletAnswer(component, user, request, world)
    : apiAnswer(component, user, request, world);
}

function kubeletAnswer(
  { endpoint: { node }, started }: Component,
  user: Identity,
  request: TwinRequest,
  { objects, kubeletClients }: World,
): TwinResponse {
  const asked = kubeletAttributes(request, node);
  return kubeletClients.has(user.name) || asked.some((attributes) => isAllowed(user, attributes))
    ? answerKubelet(request, { node, started }, objects)
    : kubeletForbidden(user, asked);
}

function apiAnswer(
  component: Component,
  user: Identity,
  request: TwinRequest,
  { cluster, objects, leading }: World,
): TwinResponse {
  const { component: name } = component.endpoint;
  const attributes = attributesOf(request.method, request.path, request.query);
  const open = name !== 'kube-apiserver' && ALWAYS_ALLOWED.has(request.path);
  if (!open && !isAllowed(user, attributes)) return forbidden(user, attributes);
  if (name === 'kube-apiserver') {
    const { started, keys } = component;
    const now = component.now();
    const { kubernetes } = cluster.spec;
    const facts = { objects, kubernetes, now, started, keys: keys?.get() ?? [], leading };
    return answerApiserver(request, user, facts);
  }
  return name === 'aggregated-apiserver' ? answerAggregated(request) : answerControlLoop(request, component);
}
