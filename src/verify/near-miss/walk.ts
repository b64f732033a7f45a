import type { Certificate } from '../../x509/index.ts';
import type { Chain } from '../chain.ts';
import { candidatesFor, isInChain, MOST_CHECKS, signingRefusal } from '../chains.ts';
import { newestRules } from '../go-rules.ts';
import { createPool, type Pool } from '../pool.ts';
import { type SignatureOracle, signatureRefusalBy } from '../signature.ts';
import type { VerifyRequest } from '../verify.ts';

/** How far the signatures lead from a leaf, whatever else may be wrong on the way. */
export interface Walk {
  /** The first way to a root; without one the longest way. Leaf first. */
  readonly closest: Chain;
  readonly anchored: boolean;
  /** Candidates for the issuer of the end of `closest` that did not sign it, or may not. */
  readonly refused: readonly RefusedStep[];
}

export interface RefusedStep {
  readonly candidate: Certificate;
  /** Go's text. */
  readonly error: string;
}

export function walk(request: VerifyRequest): Walk {
  const { leaf } = request;
  const roots = poolOf(request.roots);
  const pools = { roots, intermediates: createPool(request.intermediates) };
  const check = checkOf(request);
  let longest: Chain = [leaf];
  let left = MOST_CHECKS;
  /** The way to a root from the end of this chain. */
  const follow = (chain: Chain): Chain | undefined => {
    if (chain.length > longest.length) longest = chain;
    const end = chain.at(-1)!;
    for (const [candidate, isRoot] of candidatesFor(end, pools)) {
      if (--left < 0) return undefined;
      if (isInChain(candidate, chain) || signingRefusal(end, candidate, check) !== undefined) continue;
      const way = isRoot ? [...chain, candidate] : follow([...chain, candidate]);
      if (way) return way;
    }
    return undefined;
  };
  const way = roots.contains(leaf) ? [leaf] : follow([leaf]);
  if (way) return { closest: way, anchored: true, refused: [] };
  return { closest: longest, anchored: false, refused: refusedAt(longest.at(-1)!) };

  function refusedAt(end: Certificate): RefusedStep[] {
    const steps: RefusedStep[] = [];
    for (const [candidate] of candidatesFor(end, pools)) {
      if (steps.length === MOST_CHECKS) break;
      const error = candidate === end ? undefined : signingRefusal(end, candidate, check);
      if (error !== undefined) steps.push({ candidate, error });
    }
    return steps;
  }
}

export function checkOf({ checkSignature, rules = newestRules }: VerifyRequest): SignatureOracle {
  return checkSignature ?? signatureRefusalBy(rules);
}

export function poolOf(roots: VerifyRequest['roots']): Pool {
  return 'parentsOf' in roots ? roots : createPool(roots);
}
