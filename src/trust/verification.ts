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
type ByUsage = Partial<Record<Usage, WeakMap<Chain, Answers>>>;

/** Pools are few and chains are many: a map for each chain takes longer to collect than all else here. */
const known = new WeakMap<Pool, ByUsage>();

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
  let byUsage = known.get(roots);
  if (!byUsage) known.set(roots, (byUsage = {}));
  const byChain = (byUsage[usage] ??= new WeakMap<Chain, Answers>());
  let answers = byChain.get(chain);
  if (!answers) byChain.set(chain, (answers = new Map<string, Answer>()));
  return answers;
}
