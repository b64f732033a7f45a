import type { Instant } from '../base/index.ts';
import type { Certificate } from '../x509/index.ts';
import type { Chain } from './chain.ts';
import { chainsFrom, validityFailure } from './chains.ts';
import { constraintFailure } from './constraints.ts';
import { type GoRules, newestRules } from './go-rules.ts';
import { nameFailure } from './hostname.ts';
import { noValidChains, type VerifyFailure, wrongUsage } from './messages.ts';
import { policiesAllow } from './policies.ts';
import { createPool, type Pool } from './pool.ts';
import { type SignatureOracle, signatureRefusalBy } from './signature.ts';
import { allowsUsage, type Usage } from './usage.ts';

export interface VerifyRequest {
  readonly leaf: Certificate;
  /** What the peer sent after its leaf, in wire order. */
  readonly intermediates: readonly Certificate[];
  /** Trust anchors: each counts as one, self-signed or not. */
  readonly roots: readonly Certificate[] | Pool;
  /** A fraction of a millisecond counts: Go compares nanoseconds, and certificates have whole seconds. */
  readonly at: Instant;
  /** Minutes east of UTC that Go's texts print `at` with; absent: 0. */
  readonly utcOffset?: number | undefined;
  readonly usage: Usage;
  /** DNS name or IP address that the leaf must be good for; absent or empty: none is asked for. */
  readonly name?: string | undefined;
  readonly checkSignature?: SignatureOracle | undefined;
  /** Of the release that verifies, `goRules(minor)`; absent: of the newest. */
  readonly rules?: GoRules | undefined;
}

export type Verification =
  /** Every chain that Go would return, in its order, leaf first. */
  { readonly ok: true; readonly chains: readonly Chain[] } | VerifyFailure;

/**
 * Go's Certificate.Verify (crypto/x509/verify.go), text for text: the leaf's critical extensions and dates,
 * its name, the chains; then for each chain policies, usages, name constraints (before Go 1.26 while building).
 * No system roots, no revocation.
 */
export function verifyChain(request: VerifyRequest): Verification {
  const { leaf, at, utcOffset, name, usage, rules = newestRules } = request;
  const early = validityFailure(leaf, request, rules) ?? (name ? nameFailure(leaf, name, rules) : undefined);
  if (early) return early;
  const roots = 'parentsOf' in request.roots ? request.roots : createPool(request.roots);
  const found = roots.contains(leaf)
    ? { chains: [[leaf]], failure: undefined }
    : chainsFrom([leaf], {
        roots,
        intermediates: createPool(request.intermediates),
        at,
        utcOffset,
        checkSignature: request.checkSignature ?? signatureRefusalBy(rules),
        rules,
        checks: 0,
      });
  return found.failure ?? select(found.chains, usage, rules);
}

/** The chains that pass as a whole. A name constraint is told before all else, the first one. */
function select(candidates: readonly Chain[], usage: Usage, rules: GoRules): Verification {
  if (candidates.every((chain) => passes(chain, usage, rules))) return { ok: true, chains: candidates };
  const known = rules.checksPolicies ? candidates.filter(policiesAllow) : candidates;
  const useful = known.filter((chain) => allowsUsage(chain, usage));
  let constrained: VerifyFailure | undefined;
  const chains = useful.filter((chain) => {
    const failure = rules.checksConstraintsLast ? constraintFailure(chain) : undefined;
    constrained ??= failure;
    return failure === undefined;
  });
  if (chains.length > 0) return { ok: true, chains };
  if (constrained) return constrained;
  const wrongPolicies = candidates.length - known.length;
  return wrongPolicies === 0 ? wrongUsage : noValidChains(known.length - useful.length, wrongPolicies, rules);
}

/** Nearly every chain that is found does. */
function passes(chain: Chain, usage: Usage, rules: GoRules): boolean {
  if (rules.checksPolicies && !policiesAllow(chain)) return false;
  return (
    allowsUsage(chain, usage) && !(rules.checksConstraintsLast && constraintFailure(chain) !== undefined)
  );
}
