/** One question to Go's crypto/x509 and to us, from the bytes on; what differs. */
import { isDeepStrictEqual } from 'node:util';
import { asBuffer, expectedFailure, type Instant, KubetlsError } from '../../src/base/index.ts';
import { type GoRules, newestRules, parseRefusal, type Usage, verifyChain } from '../../src/verify/index.ts';
import { type Certificate, fingerprint, parseCertificateBy } from '../../src/x509/index.ts';
import { type Draft, mintDer } from '../judges/mint.ts';
import { goVerify, type VerifyAnswer, type VerifyQuestion } from './oracle.ts';

/** Certificates are DER, well formed or not. */
export interface Case {
  /** What it is about, for people. */
  readonly id: string;
  readonly leaf: Uint8Array;
  readonly intermediates: readonly Uint8Array[];
  readonly roots: readonly Uint8Array[];
  readonly at: Instant;
  readonly usage: Usage;
  readonly name: string;
}

/** A case that is not minted yet. */
export interface DraftCase extends Pick<Case, 'id' | 'at' | 'usage' | 'name'> {
  readonly leaf: Draft;
  readonly sent: readonly Draft[];
  readonly trusted: readonly Draft[];
}

/** One draft becomes one certificate, wherever it stands. */
export function caseOf({ leaf, sent, trusted, ...rest }: DraftCase): Case {
  const made = new Map<Draft, Uint8Array>();
  const mintOnce = (draft: Draft) => {
    const certificate = made.get(draft) ?? mintDer(draft);
    made.set(draft, certificate);
    return certificate;
  };
  return {
    ...rest,
    leaf: mintOnce(leaf),
    intermediates: sent.map(mintOnce),
    roots: trusted.map(mintOnce),
  };
}

/** What both have to agree on. `paths`: each chain as the SHA-256 of its certificates. */
export type Answer = Pick<VerifyAnswer, 'ok' | 'error' | 'stage'> & {
  readonly paths: readonly (readonly string[])[];
  readonly rootErrors: readonly string[];
};

/** `question` is what the oracle was asked, so that it can be asked again. */
export interface Difference {
  readonly id: string;
  readonly ours: Answer;
  readonly go: Answer;
  readonly question: VerifyQuestion;
}

function parsed(der: Uint8Array, rules: GoRules): Certificate | string {
  try {
    return parseCertificateBy(der, rules);
  } catch (error) {
    if (error instanceof KubetlsError) return parseRefusal(expectedFailure(error), rules);
    throw error;
  }
}

const isCertificate = (read: Certificate | string) => typeof read !== 'string';
const isRefusal = (read: Certificate | string) => typeof read === 'string';

/** In the oracle's order: roots that do not parse are passed over, then the leaf, then what was sent. */
export function answer({ at, usage, name, ...certificates }: Case, rules: GoRules = newestRules): Answer {
  const parse = (der: Uint8Array) => parsed(der, rules);
  const roots = certificates.roots.map(parse);
  const rootErrors = roots.filter(isRefusal);
  const no = (stage: Answer['stage'], error: string) => ({ ok: false, error, stage, paths: [], rootErrors });
  const leaf = parse(certificates.leaf);
  if (isRefusal(leaf)) return no('parse-leaf', leaf);
  const intermediates = certificates.intermediates.map(parse);
  const refused = intermediates.find(isRefusal);
  if (refused !== undefined) return no('parse-intermediate', refused);
  const stage = rootErrors.length > 0 ? 'parse-root' : 'verify';
  const verified = verifyChain({
    leaf,
    intermediates: intermediates.filter(isCertificate),
    roots: roots.filter(isCertificate),
    at,
    usage,
    name,
    rules,
  });
  if (!verified.ok) return no(stage, verified.error);
  const paths = verified.chains.map((chain) => chain.map(({ der }) => fingerprint(der)));
  return { ok: true, error: '', stage, paths, rootErrors };
}

const base64 = (der: Uint8Array) => asBuffer(der).toString('base64');

/** As the oracle is asked. */
function questionOf({ leaf, intermediates, roots, at, usage, name }: Case): VerifyQuestion {
  return {
    leaf: base64(leaf),
    intermediates: intermediates.map(base64),
    roots: roots.map(base64),
    at: new Date(at).toISOString(),
    usage,
    name,
  };
}

/** `godebug`: settings of GODEBUG that Go is run with. */
export async function goAnswers(oracle: string, cases: readonly Case[], godebug?: string): Promise<Answer[]> {
  const answers = await goVerify(oracle, cases.map(questionOf), godebug);
  return answers.map(({ ok, error, stage, paths = [], root_errors: rootErrors = [] }) => {
    return { ok, error, stage, paths, rootErrors };
  });
}

/** An exception that is no refusal is an answer too, and always a wrong one. */
function attempt(each: Case, judge: (each: Case) => Answer): Answer {
  try {
    return judge(each);
  } catch (error) {
    const crash = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ok: false, error: `crash: ${crash}`, stage: 'verify', paths: [], rootErrors: [] };
  }
}

/** Where two answers to the same cases differ in verdict, text, chains or what was passed over. */
export function differences(
  cases: readonly Case[],
  go: readonly Answer[],
  judge: (each: Case) => Answer = (each) => answer(each),
): Difference[] {
  return cases.flatMap((each, i) => {
    const difference = { id: each.id, ours: attempt(each, judge), go: go[i]!, question: questionOf(each) };
    return isDeepStrictEqual(difference.ours, difference.go) ? [] : [difference];
  });
}

/** A text of Go without what is different in every case: how many kinds of texts a run has met. */
export function shapeOf(error: string): string {
  return error
    .replace(/"((?:[^"\\]|\\.)*)"/g, (quoted, text) =>
      /^(x509:|crypto\/)/.test(String(text)) ? quoted : '""',
    )
    .replace(/valid for .*, not .*/s, 'valid for #, not #')
    .replace(/valid for \d+ (.*), but none matched .*/s, 'valid for # $1, but none matched #')
    .replace(/wanted to match .*/s, 'wanted to match #')
    .replace(/certificate for .* because/s, 'certificate for # because')
    .replace(/\b\d[\w:.+-]*/g, '#');
}
