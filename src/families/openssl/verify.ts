import type { Instant } from '../../base/index.ts';
import { type Certificate, parseIp } from '../../x509/index.ts';
import { type Built, buildChain } from './build-chain.ts';
import type { OpensslError, Problem } from './errors.ts';
import { extensionProblems, type Purpose } from './extensions.ts';
import { factsOf, lacksUsage, likelyIssued } from './facts.ts';
import { matchesHost } from './host.ts';
import { constraintProblems } from './name-constraints.ts';
import { isSignedBy, keyBits, keyObject, signatureBits } from './signatures.ts';
import { validityErrors } from './validity.ts';

/** What X509_VERIFY_PARAM and the callback of a program say. */
export interface Settings {
  readonly partialChain: boolean;
  readonly strict: boolean;
  /** Security level of keys and digests: 0 none, 1 80 bits, 2 112 bits, … */
  readonly level: 0 | 1 | 2 | 3 | 4 | 5;
  /** X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS is not set. */
  readonly partialWildcards: boolean;
  /** What the callback says to an error: go on all the same, as some programs do to hear of more. */
  readonly goesOn: (error: OpensslError) => boolean;
  /** The leaf is among what the peer sent, as in a handshake. */
  readonly leafIsSent: boolean;
}

export interface OpensslRequest {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly roots: readonly Certificate[];
  readonly at: Instant;
  readonly purpose: Purpose;
  /** DNS name or IP address that OpenSSL itself shall check. */
  readonly name: string | undefined;
}

export interface OpensslAnswer {
  readonly chain: readonly Certificate[];
  /** Every call of the callback, in order: none when all is well. */
  readonly problems: readonly Problem[];
}

/** X509_verify_cert of OpenSSL 3.0 (crypto/x509/x509_vfy.c): no revocation, no policies, no DANE. */
export function opensslVerify(request: OpensslRequest, settings: Settings): OpensslAnswer {
  const problems: Problem[] = [];
  const tell = (all: Iterable<Problem>): boolean => {
    for (const problem of all) {
      problems.push(problem);
      if (problem.fatal || !settings.goesOn(problem.error)) return false;
    }
    return true;
  };
  const first: Problem[] = isWeakKey(request.leaf, settings.level)
    ? [{ error: 'EE_KEY_TOO_SMALL', depth: 0 }]
    : [];
  if (!tell(first)) return { chain: [request.leaf], problems };
  const { chain, problems: unbuilt } = build(request, settings, first[0]?.error);
  const steps = [
    () => unbuilt,
    () => extensionProblems(chain, request.purpose, settings.strict),
    () => levelProblems(chain, settings.level),
    () => nameProblems(request, settings.partialWildcards),
    () => signatureProblems(chain, request.at, settings.partialChain),
    () => constraintProblems(chain),
  ];
  steps.every((step) => tell(step()));
  return { chain, problems };
}

function build(request: OpensslRequest, settings: Settings, earlier: OpensslError | undefined): Built {
  const { leaf, intermediates, roots, at } = request;
  const untrusted = settings.leafIsSent ? [leaf, ...intermediates] : intermediates;
  return buildChain({ leaf, untrusted, trusted: roots, at, partialChain: settings.partialChain }, earlier);
}

/** minbits_table: security bits by level. */
const LEAST_BITS = [0, 80, 112, 128, 192, 256] as const;

function isWeakKey({ publicKey }: Certificate, level: Settings['level']): boolean {
  return level > 0 && (!keyObject(publicKey) || keyBits(publicKey) < LEAST_BITS[level]);
}

/** check_auth_level: keys of issuers, and signatures of all but the last. */
function* levelProblems(chain: readonly Certificate[], level: Settings['level']): Generator<Problem> {
  if (level === 0) return;
  for (const [depth, certificate] of chain.entries()) {
    if (depth > 0 && isWeakKey(certificate, level)) yield { error: 'CA_KEY_TOO_SMALL', depth };
    const isLast = depth === chain.length - 1;
    if (!isLast && (signatureBits(certificate) ?? -1) < LEAST_BITS[level])
      yield { error: 'CA_MD_TOO_WEAK', depth };
  }
}

/** check_id */
function nameProblems({ leaf, name }: OpensslRequest, partialWildcards: boolean): readonly Problem[] {
  if (!name || matchesHost(leaf, name, partialWildcards)) return [];
  return [{ error: parseIp(name) ? 'IP_ADDRESS_MISMATCH' : 'HOSTNAME_MISMATCH', depth: 0 }];
}

/**
 * internal_verify: from the top down, for each certificate its issuer's usage and signature, then its own
 * dates. The signature of the last one on itself is not checked.
 */
function* signatureProblems(
  chain: readonly Certificate[],
  at: Instant,
  partialChain: boolean,
): Generator<Problem> {
  const top = chain.length - 1;
  const isOpenEnd = !likelyIssued(chain[top]!, chain[top]!) && !partialChain;
  if (isOpenEnd && top === 0) yield { error: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', depth: 0 };
  for (let depth = isOpenEnd && top > 0 ? top - 1 : top; depth >= 0; depth--) {
    const certificate = chain[depth]!;
    const issuer = chain[depth + 1];
    if (issuer) yield* issuerProblems(certificate, issuer, depth);
    for (const error of validityErrors(certificate, at)) yield { error, depth };
  }
}

function* issuerProblems(child: Certificate, issuer: Certificate, depth: number): Generator<Problem> {
  if (lacksUsage(factsOf(issuer), 'keyCertSign')) yield { error: 'KEYUSAGE_NO_CERTSIGN', depth: depth + 1 };
  const key = keyObject(issuer.publicKey);
  if (!key) yield { error: 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', depth: depth + 1 };
  else if (!isSignedBy(child, key)) yield { error: 'CERT_SIGNATURE_FAILURE', depth };
}
