import type { Instant } from '../base/index.ts';
import {
  type GoRules,
  newestRules,
  type Pool,
  type SignatureOracle,
  signatureRefusalBy,
  type Usage,
  type Verification,
  verifyChain,
} from '../verify/index.ts';
import type { Chain } from './pair.ts';

interface Question {
  readonly roots: Pool;
  readonly at: Instant;
  readonly usage: Usage;
  readonly name?: string;
  readonly checkSignature?: SignatureOracle | undefined;
  readonly rules?: GoRules | undefined;
}

interface Answer {
  readonly at: Instant;
  readonly check: SignatureOracle;
  readonly rules: GoRules;
  readonly verification: Verification;
}

const known = new WeakMap<Chain, WeakMap<Pool, Map<string, Answer>>>();

/** `verifyChain`, asked once: many edges share a chain, a pool and a name. The last instant is kept. */
export function verifyOnce(
  chain: Chain,
  { roots, at, usage, name = '', checkSignature, rules = newestRules }: Question,
): Verification {
  const check = checkSignature ?? signatureRefusalBy(rules);
  const answers = answersOf(chain, roots);
  const key = `${usage} ${name}`;
  const last = answers.get(key);
  if (last?.at === at && last.check === check && last.rules === rules) return last.verification;
  const { leaf, intermediates } = chain;
  const request = { leaf, intermediates, roots, at, usage, name, checkSignature: check, rules };
  const verification = verifyChain(request);
  answers.set(key, { at, check, rules, verification });
  return verification;
}

function answersOf(chain: Chain, roots: Pool): Map<string, Answer> {
  let byPool = known.get(chain);
  if (!byPool) known.set(chain, (byPool = new WeakMap<Pool, Map<string, Answer>>()));
  let answers = byPool.get(roots);
  if (!answers) byPool.set(roots, (answers = new Map<string, Answer>()));
  return answers;
}
