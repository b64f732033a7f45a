import type { Edge } from '../cluster/index.ts';
import { type Certificate, commonName, organizations, quote } from '../x509/index.ts';
import type { Observation } from './types.ts';

/** For whom a front proxy is made to speak: the name that kube-apiserver's aggregator gives itself, without its rights. */
export const frontProxyUser = { name: 'system:kube-aggregator', groups: ['system:authenticated'] } as const;

const ANONYMOUS = 'system:anonymous';

/** 403 names who was recognized: nobody, when it is the anonymous user, or when no user is named at all. */
export function recognizedUser(result: Observation['result']): string | undefined {
  if (result.kind !== 'denied' || result.status !== 403) return undefined;
  const user = userNamed(result.text);
  return user === ANONYMOUS ? undefined : user;
}

/** Does a 403 name a user, be it the anonymous one? Else it may be anybody's, such as a proxy's between. */
export function userNamed(text: string): string | undefined {
  // apiserver endpoints/handlers/responsewriters/errors.go; kubelet pkg/kubelet/server/server.go.
  const [, quoted] = /\bUser "((?:[^"\\]|\\.)*)"/.exec(text) ?? [];
  return quoted ?? /^Forbidden \(user=(.*?), verb=/.exec(text)?.[1];
}

/** Undefined when the endpoint took the client for the one that it is. */
export function mistakenIdentity(
  edge: Edge,
  leaf: Certificate,
  name: string,
  groups: readonly string[] | undefined,
): string | undefined {
  const { subject } = leaf;
  const own = { name: commonName(subject), groups: organizations(subject) };
  const meant = edge.as === 'front-proxy' ? frontProxyUser : own;
  if (name !== meant.name) return `authenticated as ${quote(name)}, presented ${quote(meant.name)}`;
  const lost = groups && meant.groups.filter((group) => !groups.includes(group));
  if (!lost?.length) return undefined;
  return `authenticated as ${quote(name)} without its groups ${lost.map(quote).join(', ')}`;
}
