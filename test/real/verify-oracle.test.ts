import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { asBuffer } from '../../src/base/index.ts';
import { type Verification, verifyChain } from '../../src/verify/index.ts';
import { type Certificate, fingerprint } from '../../src/x509/index.ts';
import { type Question, questions } from './kubernetes-chains.ts';
import { goVerify, type VerifyAnswer, type VerifyQuestion } from './oracle.ts';

const tools = await realTools();
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);
const COUNT = 800;

const base64 = ({ der }: Certificate) => asBuffer(der).toString('base64');

function forGo({ leaf, intermediates, roots, at, usage, name }: Question): VerifyQuestion {
  return {
    leaf: base64(leaf),
    intermediates: intermediates.map(base64),
    roots: roots.map(base64),
    at: new Date(at).toISOString(),
    usage,
    name,
  };
}

/** `paths`: each chain as the SHA-256 of its certificates. */
type Told = Pick<VerifyAnswer, 'ok' | 'error' | 'paths'>;

function told(verification: Verification): Told {
  if (!verification.ok) return { ok: false, error: verification.error, paths: [] };
  const paths = verification.chains.map((chain) => chain.map(({ der }) => fingerprint(der)));
  return { ok: true, error: '', paths };
}

describe.skipIf('missing' in tools)('verify against Go (needs Go)', () => {
  it(`gives Go's verdict, text and chains for ${COUNT} chains (KUBETLS_SEED=${seed})`, async () => {
    const all = questions(COUNT, seed);
    const answers = 'missing' in tools ? [] : await goVerify(tools.oracle, all.map(forGo));
    const texts = new Set(answers.map(({ error }) => error));
    expect(texts.size, 'as many texts as show that the faults reached Go').toBeGreaterThan(60);
    expect(answers.filter(({ ok }) => ok).length).toBeGreaterThan(50);
    const differing = all.flatMap(({ id, ...question }, i) => {
      const ours = told(verifyChain(question));
      const { ok, error, paths = [] } = answers[i] ?? { ok: false, error: 'no answer' };
      const go: Told = { ok, error, paths };
      return JSON.stringify(ours) === JSON.stringify(go) ? [] : [{ id, ours, go }];
    });
    expect(differing).toEqual([]);
  });
});
