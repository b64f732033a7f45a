/** The answer to one question of `verify --batch`: verdict and stage as Go's crypto/x509 and crypto/tls have them. */
import type { Instant } from '../../base/index.ts';
import { type GoRules, verifyChain } from '../../verify/index.ts';
import type { Certificate } from '../../x509/index.ts';
import type { Parsed } from './parsed.ts';
import type { BadQuestion, Question } from './question.ts';

/** `parse-root`: a root was passed over, and the rest of the answer is that of the others. */
export type Stage = 'question' | 'parse-leaf' | 'parse-intermediate' | 'parse-root' | 'verify';

/** A line of the output: the keys are a contract. */
export interface Answer {
  readonly id: string | null;
  readonly ok: boolean;
  /** Go's text; empty when ok. */
  readonly error: string;
  readonly stage: Stage;
  /** How many chains Go would return. */
  readonly chains: number;
  readonly chain_lengths: readonly number[];
  readonly skipped_roots: number;
}

interface Moment {
  readonly now: Instant;
  /** Absent: of the newest release. */
  readonly rules: GoRules | undefined;
}

export function answerTo(
  question: Question,
  parse: (text: string) => Parsed,
  { now, rules }: Moment,
): Answer {
  const { id, at, usage, name } = question;
  const roots = question.roots.map(parse).flatMap(certificateIn);
  const skipped = question.roots.length - roots.length;
  const no = (stage: Stage, error: string) => refusal(id, stage, error, skipped);
  const leaf = parse(question.leaf);
  if ('refused' in leaf) return no('parse-leaf', leaf.refused);
  const sent = question.intermediates.map(parse);
  const broken = sent.find((one) => 'refused' in one);
  if (broken) return no('parse-intermediate', broken.refused);
  const answer = verifyChain({
    leaf: leaf.certificate,
    intermediates: sent.flatMap(certificateIn),
    roots,
    ...(at === undefined || at.at === GO_ZERO ? { at: now } : at),
    usage,
    name,
    rules,
  });
  const stage = skipped > 0 ? 'parse-root' : 'verify';
  if (!answer.ok) return no(stage, answer.error);
  const lengths = answer.chains.map(({ length }) => length);
  return { ...no(stage, ''), ok: true, chains: lengths.length, chain_lengths: lengths };
}

export function answerToBad({ id, problem }: BadQuestion): Answer {
  return refusal(id, 'question', problem, 0);
}

/** time.Time.IsZero: to Verify it means that no time was given. */
const GO_ZERO = Date.parse('0001-01-01T00:00:00Z');

function certificateIn(parsed: Parsed): readonly Certificate[] {
  return 'refused' in parsed ? [] : [parsed.certificate];
}

function refusal(id: string | null, stage: Stage, error: string, skipped: number): Answer {
  return { id, ok: false, error, stage, chains: 0, chain_lengths: [], skipped_roots: skipped };
}
