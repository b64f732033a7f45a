import type { Instant } from '../base/index.ts';
import { aggregate, proxyRefusal, userRefusal, verifyingFailed } from '../trust/index.ts';
import { type GoRules, verifyChain, type VerifyFailure } from '../verify/index.ts';
import {
  attributeValues,
  type Certificate,
  commonName,
  fingerprint,
  Oid,
  organizations,
} from '../x509/index.ts';
import type { Headers } from './http-values.ts';
import type { Anchors } from './material.ts';

/** A user as Kubernetes knows one (authentication/user, DefaultInfo). */
export interface Identity {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export const ANONYMOUS: Identity = {
  name: 'system:anonymous',
  uid: '',
  groups: ['system:unauthenticated'],
  extra: {},
};

export interface Authentication {
  /** What the client presented, leaf first; empty when nothing. */
  readonly presented: readonly Certificate[];
  readonly headers: Headers;
  readonly anchors: Anchors;
  readonly frontProxy: { readonly anchors: Anchors; readonly allowedNames: readonly string[] } | undefined;
  readonly at: Instant;
  readonly rules: GoRules;
}

export type Attempt =
  | { readonly kind: 'user'; readonly user: Identity }
  | { readonly kind: 'error'; readonly error: string }
  /** No opinion: no credential of this kind. */
  | { readonly kind: 'none' };

/**
 * Who sends this request: request headers of a front proxy, then X.509, then tokens; the first that knows
 * wins, and if none does and one had an error, the request is refused, not made anonymous
 * (apiserver authentication/request/union, authenticatorfactory). The twin knows no tokens.
 */
export function authenticate(request: Authentication): Attempt {
  const attempts = [frontProxyUser, certificateUser, tokenUser];
  const errors: string[] = [];
  for (const attempt of attempts) {
    const result = attempt(request);
    if (result.kind === 'user') return { kind: 'user', user: authenticated(result.user) };
    if (result.kind === 'error') errors.push(result.error);
  }
  return errors.length > 0 ? { kind: 'error', error: aggregate(errors) } : { kind: 'none' };
}

function authenticated(user: Identity): Identity {
  const group = 'system:authenticated';
  return user.groups.includes(group) ? user : { ...user, groups: [...user.groups, group] };
}

const NONE: Attempt = { kind: 'none' };

function frontProxyUser({ presented, headers, frontProxy, at, rules }: Authentication): Attempt {
  const [leaf] = presented;
  if (frontProxy === undefined || leaf === undefined) return NONE;
  const error =
    verifyClient(presented, frontProxy.anchors, at, rules)?.error ??
    proxyRefusal(leaf, frontProxy.allowedNames);
  if (error !== undefined) return { kind: 'error', error };
  const [user = ''] = headers['x-remote-user'] ?? [];
  if (user === '') return NONE;
  const [uid = ''] = headers['x-remote-uid'] ?? [];
  const groups = (headers['x-remote-group'] ?? []).filter((group) => group !== '');
  return { kind: 'user', user: { name: user, uid, groups, extra: {} } };
}

/** apiserver authentication/request/x509, AuthenticateRequest and CommonNameUserConversion. */
function certificateUser({ presented, anchors, at, rules }: Authentication): Attempt {
  const [leaf] = presented;
  if (leaf === undefined) return NONE;
  const failure = verifyClient(presented, anchors, at, rules)?.error;
  const error = failure === undefined ? userRefusal(leaf) : verifyingFailed(leaf, failure);
  if (error !== undefined) return { kind: 'error', error };
  const name = commonName(leaf.subject);
  if (name === '') return NONE;
  const [uid = ''] = attributeValues(leaf.subject, Oid.kubernetesUid);
  const extra = { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint(leaf.der)}`] };
  return { kind: 'user', user: { name, uid, groups: organizations(leaf.subject), extra } };
}

function tokenUser({ headers }: Authentication): Attempt {
  return /^bearer\s+\S/i.test(headers['authorization']?.[0] ?? '')
    ? { kind: 'error', error: 'invalid bearer token' }
    : NONE;
}

/** Why the chain is no good for a client; undefined when it is. */
export function verifyClient(
  [leaf, ...intermediates]: readonly Certificate[],
  anchors: Anchors,
  at: Instant,
  rules: GoRules,
): VerifyFailure | undefined {
  if (leaf === undefined) return undefined;
  const verified = verifyChain({ leaf, intermediates, roots: anchors.pool, at, usage: 'client', rules });
  return verified.ok ? undefined : verified;
}
