import type { Certificate } from '../../x509/index.ts';
import type { Problem } from './errors.ts';
import { type Facts, factsOf, lacksUsage } from './facts.ts';
import { keyObject } from './signatures.ts';
import { strictProblems } from './strict.ts';

/** X509_PURPOSE_SSL_SERVER, X509_PURPOSE_SSL_CLIENT; `any` asks for nothing. */
export type Purpose = 'server' | 'client' | 'any';

/**
 * check_extensions of crypto/x509/x509_vfy.c: from the leaf up, trusted certificates included, whatever
 * belongs to one certificate before the next is looked at.
 */
export function* extensionProblems(
  chain: readonly Certificate[],
  purpose: Purpose,
  strict: boolean,
): Generator<Problem> {
  let issuersBelow = 0;
  for (const [depth, certificate] of chain.entries()) {
    const facts = factsOf(certificate);
    if (facts.unhandledCritical) yield { error: 'UNHANDLED_CRITICAL_EXTENSION', depth };
    if (isBadAuthority(facts, depth, chain.length, strict)) yield { error: 'INVALID_CA', depth };
    // Of check_curve: Go's parser takes no explicit curve parameters, and so neither do we.
    if (chain.length > 1 && !keyObject(certificate.publicKey)) yield { error: 'UNSPECIFIED', depth };
    if (strict && chain.length > 1) yield* strictProblems(facts, depth, depth === chain.length - 1);
    if (!allowsPurpose(facts, purpose, depth > 0, strict)) yield { error: 'INVALID_PURPOSE', depth };
    if (depth > 1 && facts.pathLength !== -1 && issuersBelow > facts.pathLength) {
      yield { error: 'PATH_LENGTH_EXCEEDED', depth };
    }
    if (depth > 0 && !facts.selfIssued) issuersBelow++;
  }
}

/** What X509_check_ca answers: 0 no, 1 yes, 3 a version 1 root, 4 only its key usage says so. */
type Authority = 0 | 1 | 3 | 4;

function authorityKind(facts: Facts): Authority {
  const { certificate, keyUsage, selfSigned, invalid, ca } = facts;
  if (invalid || lacksUsage(facts, 'keyCertSign')) return 0;
  if (certificate.basicConstraints) return ca ? 1 : 0;
  if (certificate.version === 1 && selfSigned) return 3;
  return keyUsage ? 4 : 0;
}

/** A leaf may be either. Intermediates must be marked as X.509 asks; a root may be one of the old kinds. */
function isBadAuthority(facts: Facts, depth: number, count: number, strict: boolean): boolean {
  const kind = authorityKind(facts);
  if (depth === 0) return strict && kind > 1;
  return kind === 0 || ((depth + 1 < count || strict) && kind !== 1);
}

/** Netscape's and Microsoft's step-up usages stand for a server. */
const SERVER_USAGES: ReadonlySet<string> = new Set([
  'serverAuth',
  '1.3.6.1.4.1.311.10.3.3',
  '2.16.840.1.113730.4.1',
]);
const CLIENT_USAGES: ReadonlySet<string> = new Set(['clientAuth']);

/**
 * check_purpose_ssl_server, check_purpose_ssl_client (crypto/x509/v3_purp.c). Extended usages bind
 * authorities too, roots included, and `any` does not count as either.
 */
function allowsPurpose(facts: Facts, purpose: Purpose, isIssuer: boolean, strict: boolean): boolean {
  if (purpose === 'any') return true;
  if (facts.invalid) return !strict;
  const wanted = purpose === 'server' ? SERVER_USAGES : CLIENT_USAGES;
  const { extendedKeyUsage } = facts.certificate;
  if (extendedKeyUsage && !extendedKeyUsage.some((usage) => wanted.has(usage))) return false;
  if (isIssuer) return authorityKind(facts) !== 0;
  return purpose === 'server'
    ? !lacksUsage(facts, 'digitalSignature', 'keyEncipherment', 'keyAgreement')
    : !lacksUsage(facts, 'digitalSignature', 'keyAgreement');
}
