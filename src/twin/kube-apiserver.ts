import type { KeyObject } from 'node:crypto';
import type { Instant } from '../base/index.ts';
import { discoveryAt } from './discovery.ts';
import { failureStatus, json, text, type TwinRequest, type TwinResponse } from './http-values.ts';
import type { Identity } from './identity.ts';
import { jwks, lease, type Leading, metrics, ROOT_CONFIG_MAP, rootConfigMap } from './in-memory.ts';
import type { Kind, Objects, Shown } from './objects.ts';
import { type Attributes, attributesOf } from './request-info.ts';
import { reviewOf } from './reviews.ts';
import { tableOf } from './tables.ts';

export interface ApiserverFacts {
  readonly objects: Objects;
  readonly kubernetes: { readonly major: number; readonly minor: number };
  readonly now: Instant;
  /** Of the process, in milliseconds since the epoch. */
  readonly started: number;
  readonly keys: readonly KeyObject[];
  readonly leading: () => Leading | undefined;
}

const KINDS = { pods: 'Pod', nodes: 'Node', namespaces: 'Namespace', services: 'Service' } as const;

/** Answers of kube-apiserver to a request that is authenticated and allowed. */
export function answerApiserver(request: TwinRequest, user: Identity, facts: ApiserverFacts): TwinResponse {
  const { method, path, query } = request;
  if (/^\/(healthz|livez|readyz)(\/ping)?$/.test(path)) return text('ok');
  if (/^\/version\/?$/.test(path)) return json(versionOf(facts.kubernetes));
  if (path === '/metrics') return metrics(facts.started);
  if (path === '/openid/v1/jwks') return jwks(facts.keys);
  const document = method === 'GET' ? discoveryAt(path) : undefined;
  if (document !== undefined) return json(document);
  const attributes = attributesOf(method, path, query);
  if (attributes.kind === 'path') return pageNotFound();
  const review = reviewOf(attributes);
  if (review !== undefined) return review(user, request.body);
  const told = toldByOthers(attributes, facts);
  if (told !== undefined) return told;
  const { group, version, resource, subresource } = attributes;
  if (group !== '' || version !== 'v1' || subresource !== '' || !isKnown(resource)) return pageNotFound();
  return readObjects(request, attributes, resource, facts);
}

/** What the controller manager writes. */
function toldByOthers(
  { verb, group, resource, namespace, name }: Attributes & { kind: 'resource' },
  { objects, leading }: ApiserverFacts,
): TwinResponse | undefined {
  const leader = leading();
  const isThere = objects.Namespace.some(({ object }) => object.metadata.name === namespace);
  if (verb !== 'get' || !leader || !isThere) return undefined;
  const what = `${resource}.${group}/${name}`;
  if (what === `configmaps./${ROOT_CONFIG_MAP}`) return json(rootConfigMap(namespace, leader));
  if (what !== 'leases.coordination.k8s.io/kube-controller-manager') return undefined;
  return namespace === 'kube-system' ? json(lease(namespace, leader)) : undefined;
}

function versionOf({ major, minor }: ApiserverFacts['kubernetes']): object {
  const gitVersion = `v${major}.${minor}.0`;
  const build = { gitCommit: '', gitTreeState: 'clean', buildDate: '', goVersion: '', compiler: 'gc' };
  return { major: String(major), minor: String(minor), gitVersion, ...build, platform: 'linux/amd64' };
}

function isKnown(resource: string): resource is keyof typeof KINDS {
  return Object.hasOwn(KINDS, resource);
}

function readObjects(
  { headers, query }: TwinRequest,
  { verb, namespace, name }: Attributes & { kind: 'resource' },
  resource: keyof typeof KINDS,
  { objects, now }: ApiserverFacts,
): TwinResponse {
  if (!['get', 'list', 'watch'].includes(verb)) {
    const message = 'the server does not allow this method on the requested resource';
    return failureStatus(405, 'MethodNotAllowed', message);
  }
  const kind = KINDS[resource];
  const wanted = objects[kind].filter(
    ({ object: { metadata } }) =>
      (name === '' || metadata.name === name) &&
      (metadata.namespace === undefined || namespace === '' || metadata.namespace === namespace) &&
      hasLabels(metadata.labels, query.get('labelSelector') ?? ''),
  );
  if (name !== '' && wanted.length === 0) {
    const details = { name, kind: resource };
    return failureStatus(404, 'NotFound', `${resource} ${JSON.stringify(name)} not found`, details);
  }
  // A watch of a world in which nothing changes: it ends at once, and the client asks again.
  if (verb === 'watch') return { status: 200, type: 'application/json', body: '' };
  if (/as=Table;v=v1;g=meta\.k8s\.io/.test(headers['accept']?.join() ?? '')) {
    return json(tableOf(kind, wanted, now));
  }
  return json(name === '' ? listOf(kind, wanted) : wanted[0]?.object);
}

/** `key=value` and `key`, joined by commas: what people type. */
function hasLabels(labels: Readonly<Record<string, string>>, selector: string): boolean {
  return selector
    .split(',')
    .filter((term) => term !== '')
    .every((term) => {
      const [key = '', value] = term.split(/==?/);
      return Object.hasOwn(labels, key) && (value === undefined || labels[key] === value);
    });
}

function listOf(kind: Kind, shown: readonly Shown[]): object {
  const items = shown.map(({ object }) => object);
  return { kind: `${kind}List`, apiVersion: 'v1', metadata: { resourceVersion: '1' }, items };
}

function pageNotFound(): TwinResponse {
  return failureStatus(404, 'NotFound', 'the server could not find the requested resource');
}
