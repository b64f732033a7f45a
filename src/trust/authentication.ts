import type { Instant } from '../base/index.ts';
import type { GoRules, Pool } from '../verify/index.ts';
import { attributeValues, type Certificate, commonName, Oid, serialDecimal } from '../x509/index.ts';
import type { Chain } from './pair.ts';
import { verifyOnce } from './verification.ts';

/** Whom a component takes for a client by its certificate: two pools, asked in turn. */
export interface Authenticators {
  readonly roots: Pool;
  /** undefined: it has none, or none that can be read. */
  readonly frontProxy: { readonly roots: Pool; readonly allowedNames: readonly string[] } | undefined;
}

interface Moment {
  readonly at: Instant;
  readonly rules?: GoRules | undefined;
}

/**
 * The errors of all authenticators, since each is asked: the front proxy's, then the client's own
 * (apiserver pkg/authentication/authenticatorfactory/delegating.go). Undefined when one of them takes the
 * client, and when none has an opinion: a chain that is good, and no common name.
 */
export function authenticationError(
  chain: Chain,
  { roots, frontProxy }: Authenticators,
  moment: Moment,
): string | undefined {
  const refusalBy = (pool: Pool) => {
    const verification = verifyOnce(chain, pool, 'client', '', moment);
    return verification.ok ? undefined : verification.error;
  };
  const { leaf } = chain;
  const wrong = refusalBy(roots);
  const own = wrong === undefined ? userRefusal(leaf) : verifyingFailed(leaf, wrong);
  if (own === undefined && commonName(leaf.subject) !== '') return undefined;
  const proxy = frontProxy && (refusalBy(frontProxy.roots) ?? proxyRefusal(leaf, frontProxy.allowedNames));
  const errors = [proxy, own].filter((error) => error !== undefined);
  return errors.length > 0 ? aggregate(errors) : undefined;
}

/** apiserver pkg/authentication/request/x509/x509.go, verifySubject: an empty list allows every name. */
export function proxyRefusal({ subject }: Certificate, allowed: readonly string[]): string | undefined {
  const name = commonName(subject);
  if (allowed.length === 0 || allowed.includes(name)) return undefined;
  return `x509: subject with cn=${name} is not in the allowed list`;
}

/** The same file, parseUIDFromCert: on since 1.33. A subject without a common name is nobody, with or without one. */
export function userRefusal({ subject }: Certificate): string | undefined {
  if (commonName(subject) === '') return undefined;
  const uids = attributeValues(subject, Oid.kubernetesUid);
  if (uids.length > 1) return `expected 1 UID, but found multiple: [${uids.join(' ')}]`;
  return uids[0] === '' ? 'UID cannot be an empty string' : undefined;
}

/** The same file, AuthenticateRequest: what is said of a chain that is no good. */
export function verifyingFailed(
  { serial, subjectKeyId, authorityKeyId }: Certificate,
  error: string,
): string {
  const identifier = `SN=${serialDecimal(serial)}, SKID=${colons(subjectKeyId)}, AKID=${colons(authorityKeyId)}`;
  return `verifying certificate ${identifier} failed: ${error}`;
}

function colons(bytes: Uint8Array | undefined): string {
  return [...(bytes ?? [])].map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
}

/** Go's utilerrors.NewAggregate: one error as it is, several in brackets, each text once. */
export function aggregate(errors: readonly string[]): string {
  const once = [...new Set(errors)];
  return once.length === 1 ? (once[0] ?? '') : `[${once.join(', ')}]`;
}
