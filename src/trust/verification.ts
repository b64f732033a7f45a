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

export interface Moment {
  readonly at: Instant;
  readonly checkSignature?: SignatureOracle | undefined;
  /** Of the release of Kubernetes that runs; absent: the newest. */
  readonly rules?: GoRules | undefined;
}

interface Answer {
  readonly at: Instant;
  readonly check: SignatureOracle;
  readonly rules: GoRules;
  readonly verification: Verification;
}

/** By name; the last instant is kept. */
type Answers = Map<string, Answer>;
type ByUsage = Partial<Record<Usage, Answers>>;

const known = new WeakMap<Chain, WeakMap<Pool, ByUsage>>();

/** `verifyChain`, asked once: many edges share a chain, a pool and a name. */
export function verifyOnce(
  chain: Chain,
  roots: Pool,
  usage: Usage,
  name: string,
  { at, checkSignature, rules = newestRules }: Moment,
): Verification {
  const check = checkSignature ?? signatureRefusalBy(rules);
  const answers = answersOf(chain, roots, usage);
  const last = answers.get(name);
  if (last?.at === at && last.check === check && last.rules === rules) return last.verification;
  const { leaf, intermediates } = chain;
  const request = { leaf, intermediates, roots, at, usage, name, checkSignature: check, rules };
  const verification = verifyChain(request);
  answers.set(name, { at, check, rules, verification });
  return verification;
}

function answersOf(chain: Chain, roots: Pool, usage: Usage): Answers {
  let byPool = known.get(chain);
  if (!byPool) known.set(chain, (byPool = new WeakMap<Pool, ByUsage>()));
  let byUsage = byPool.get(roots);
  if (!byUsage) byPool.set(roots, (byUsage = {}));
  return (byUsage[usage] ??= new Map<string, Answer>());
}
