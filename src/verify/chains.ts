import { equalBytes } from '../base/index.ts';
import type { Certificate } from '../x509/index.ts';
import type { Chain } from './chain.ts';
import { earlyConstraintFailure } from './early-constraints.ts';
import { type GoRules, newestRules } from './go-rules.ts';
import {
  budgetSpent,
  expired,
  type Hint,
  type Moment,
  notAnAuthority,
  notYetValid,
  pathTooLong,
  unhandledCritical,
  unknownAuthority,
  type VerifyFailure,
} from './messages.ts';
import { hasUnknownPolicyExtension } from './policy-extensions.ts';
import type { Pool } from './pool.ts';
import { subjectAltNameExtension } from './sans.ts';
import { CANNOT_SIGN, hasUnknownKey, maySign, type SignatureOracle } from './signature.ts';

/** One search: what it may use, and how many candidates it has looked at. */
export interface Search extends Moment {
  readonly roots: Pool;
  readonly intermediates: Pool;
  readonly checkSignature: SignatureOracle;
  readonly rules: GoRules;
  checks: number;
}

interface Found {
  readonly chains: readonly Chain[];
  /** Why there is none; undefined when there is one. */
  readonly failure: VerifyFailure | undefined;
}

/** crypto/x509/verify.go, maxChainSignatureChecks: for the whole search, skipped candidates included. */
export const MOST_CHECKS = 100;

/**
 * Certificate.buildChains: every way from the end of this chain to a root, roots before intermediates.
 *
 * Which failure is told when there is none: a candidate whose signature is good but that fails otherwise
 * (expired, path length, ...) is told itself, the last one, unless a better candidate came after it;
 * else "unknown authority", with the first candidate that was turned down as a hint.
 */
export function chainsFrom(chain: Chain, search: Search): Found {
  const certificate = chain.at(-1)!;
  const { rules } = search;
  const chains: Chain[] = [];
  let failure: VerifyFailure | undefined;
  let hint: Hint | undefined;
  for (const [candidate, isRoot] of candidatesFor(certificate, search)) {
    // One with an unknown key is passed over in silence: Go has no key to try.
    const skipped = hasUnknownKey(candidate) || isInChain(candidate, chain);
    if (skipped && !rules.countsSkippedCandidates) continue;
    if (++search.checks > MOST_CHECKS) {
      failure = budgetSpent;
      break;
    }
    if (skipped) continue;
    const refusal = signingRefusal(certificate, candidate, search.checkSignature);
    if (refusal !== undefined) {
      hint ??= { reason: refusal, candidate };
      continue;
    }
    failure =
      validityFailure(candidate, search, rules) ??
      (rules.checksConstraintsLast ? undefined : earlyConstraintFailure(candidate, chain, rules)) ??
      roleFailure(candidate, isRoot, chain.length - 1);
    if (failure) {
      hint ??= { reason: failure.error, candidate };
    } else if (isRoot) {
      chains.push([...chain, candidate]);
    } else {
      const further = chainsFrom([...chain, candidate], search);
      chains.push(...further.chains);
      failure = further.failure;
      if (failure === budgetSpent) break;
    }
  }
  if (chains.length > 0) return { chains, failure: undefined };
  return { chains, failure: failure ?? unknownAuthority(hint) };
}

/** Roots before intermediates, each in its pool's order. */
export function candidatesFor(
  child: Certificate,
  { roots, intermediates }: Pick<Search, 'roots' | 'intermediates'>,
): (readonly [Certificate, boolean])[] {
  const candidates: (readonly [Certificate, boolean])[] = [];
  for (const root of roots.parentsOf(child)) candidates.push([root, true]);
  for (const intermediate of intermediates.parentsOf(child)) candidates.push([intermediate, false]);
  return candidates;
}

/**
 * alreadyInChain: the same subject, key and SAN, not the same bytes, so that mutual cross-signatures do
 * not loop.
 */
export function isInChain(candidate: Certificate, chain: Chain): boolean {
  for (const certificate of chain) {
    if (!equalBytes(candidate.subject.der, certificate.subject.der)) continue;
    if (!equalBytes(candidate.publicKey.spki, certificate.publicKey.spki)) continue;
    const names = subjectAltNameExtension(candidate);
    const other = subjectAltNameExtension(certificate);
    if (names === undefined && other === undefined) return true;
    if (names === undefined || other === undefined) return false;
    if (equalBytes(names, other)) return true;
  }
  return false;
}

/** Certificate.CheckSignatureFrom: may the parent sign at all, and did it. */
export function signingRefusal(
  child: Certificate,
  parent: Certificate,
  check: SignatureOracle,
): string | undefined {
  return maySign(parent, 'keyCertSign') ? check(child, parent) : CANNOT_SIGN;
}

/** The part of Certificate.isValid that holds for every certificate of a chain. Both ends are inclusive. */
export function validityFailure(
  certificate: Certificate,
  now: Moment,
  rules: GoRules = newestRules,
): VerifyFailure | undefined {
  if (certificate.unhandledCritical.length > 0) return unhandledCritical;
  if (!rules.checksPolicies && hasUnknownPolicyExtension(certificate)) return unhandledCritical;
  if (now.at < certificate.notBefore) return notYetValid(certificate, now);
  if (now.at > certificate.notAfter) return expired(certificate, now);
  return undefined;
}

/** The part of Certificate.isValid for issuers: `below` is how many stand between it and the leaf. */
export function roleFailure(
  certificate: Certificate,
  isRoot: boolean,
  below: number,
): VerifyFailure | undefined {
  const constraints = certificate.basicConstraints;
  // CheckSignatureFrom lets v1 and v2 certificates sign; as intermediates they end here.
  if (!isRoot && !constraints?.ca) return notAnAuthority;
  const most = constraints?.pathLength;
  return most !== undefined && below > most ? pathTooLong : undefined;
}
