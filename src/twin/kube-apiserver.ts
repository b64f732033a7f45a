import type { Instant } from '../base/index.ts';
import { discoveryAt } from './discovery.ts';
import { failureStatus, json, text, type TwinRequest, type TwinResponse } from './http-values.ts';
import type { Identity } from './identity.ts';
import type { KubernetesObject, Objects } from './objects.ts';
import { attributesOf, type Attributes } from './request-info.ts';
import { selfSubjectAccessReview, selfSubjectReview } from './reviews.ts';
import { tableOf } from './tables.ts';

export interface ApiserverFacts {
  readonly objects: Objects;
  readonly kubernetes: { readonly major: number; readonly minor: number };
  readonly now: Instant;
}

const KINDS = { pods: 'Pod', nodes: 'Node', namespaces: 'Namespace' } as const;

/** Answers of kube-apiserver to a request that is authenticated and allowed. */
export function answerApiserver(request: TwinRequest, user: Identity, facts: ApiserverFacts): TwinResponse {
  const { method, path, query } = request;
  if (/^\/(healthz|livez|readyz)(\/ping)?$/.test(path)) return text('ok');
  if (/^\/version\/?$/.test(path)) return json(versionOf(facts.kubernetes));
  const document = method === 'GET' ? discoveryAt(path) : undefined;
  if (document !== undefined) return json(document);
  const attributes = attributesOf(method, path, query);
  if (attributes.kind === 'path') return pageNotFound();
  const reviewed = reviewOf(attributes, user, request.body);
  if (reviewed !== undefined) return reviewed;
  const { group, version, resource, subresource } = attributes;
  if (group !== '' || version !== 'v1' || subresource !== '' || !isKnown(resource)) return pageNotFound();
  return readObjects(request, attributes, resource, facts);
}

function versionOf({ major, minor }: ApiserverFacts['kubernetes']): object {
  const gitVersion = `v${major}.${minor}.0`;
  const build = { gitCommit: '', gitTreeState: 'clean', buildDate: '', goVersion: '', compiler: 'gc' };
  return { major: String(major), minor: String(minor), gitVersion, ...build, platform: 'linux/amd64' };
}

function reviewOf(
  { group, resource, verb, version }: Attributes & { kind: 'resource' },
  user: Identity,
  body: string,
): TwinResponse | undefined {
  if (verb !== 'create' || version !== 'v1') return undefined;
  const name = `${resource}.${group}`;
  if (name === 'selfsubjectreviews.authentication.k8s.io') return selfSubjectReview(user);
  if (name === 'selfsubjectaccessreviews.authorization.k8s.io') return selfSubjectAccessReview(user, body);
  return undefined;
}

function isKnown(resource: string): resource is keyof typeof KINDS {
  return Object.hasOwn(KINDS, resource);
}

function readObjects(
  { headers }: TwinRequest,
  { verb, namespace, name }: Attributes & { kind: 'resource' },
  resource: keyof typeof KINDS,
  { objects, now }: ApiserverFacts,
): TwinResponse {
  if (!['get', 'list', 'watch'].includes(verb)) {
    const message = 'the server does not allow this method on the requested resource';
    return failureStatus(405, 'MethodNotAllowed', message);
  }
  const inScope = objects[resource].filter(
    ({ metadata }) => resource !== 'pods' || namespace === '' || metadata.namespace === namespace,
  );
  const wanted = name === '' ? inScope : inScope.filter(({ metadata }) => metadata.name === name);
  if (name !== '' && wanted.length === 0) {
    const details = { name, kind: resource };
    return failureStatus(404, 'NotFound', `${resource} ${JSON.stringify(name)} not found`, details);
  }
  const kind = KINDS[resource];
  // A watch of a world in which nothing changes: it ends at once, and the client asks again.
  if (verb === 'watch') return { status: 200, type: 'application/json', body: '' };
  if (/as=Table;v=v1;g=meta\.k8s\.io/.test(headers['accept']?.join() ?? ''))
    return json(tableOf(kind, wanted, now));
  return json(name === '' ? listOf(kind, wanted) : wanted[0]);
}

function listOf(kind: KubernetesObject['kind'], items: readonly KubernetesObject[]): object {
  return { kind: `${kind}List`, apiVersion: 'v1', metadata: { resourceVersion: '1' }, items };
}

function pageNotFound(): TwinResponse {
  return failureStatus(404, 'NotFound', 'the server could not find the requested resource');
}
