import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { asBuffer } from '../../src/base/index.ts';
import { verifyChain } from '../../src/verify/index.ts';
import type { Certificate } from '../../src/x509/index.ts';
import { NOW } from '../judges/mint.ts';
import { goVerify } from './oracle.ts';
import { ecdsaVectors } from './signatures/ecdsa.ts';
import { ed25519Vectors } from './signatures/ed25519.ts';
import { rsaVectors } from './signatures/rsa.ts';
import { caseOf } from './signatures/vectors.ts';

const tools = await realTools();
const base64 = ({ der }: Certificate) => asBuffer(der).toString('base64');

describe.skipIf('missing' in tools)('signatures at the edge of what is one (needs Go)', () => {
  it.each([
    ['ECDSA', ecdsaVectors],
    ['RSA', rsaVectors],
    ['Ed25519', ed25519Vectors],
  ] as const)('%s: good or bad as Go says, in its words', async (_, vectors) => {
    const cases = vectors.map(caseOf);
    const at = new Date(NOW).toISOString();
    const questions = cases.map(({ leaf, root }) => ({
      leaf: base64(leaf),
      roots: [base64(root)],
      at,
      usage: 'any' as const,
    }));
    const answers = 'missing' in tools ? [] : await goVerify(tools.oracle, questions);
    const go = cases.map(({ name }, i) => `${name}: ${answers[i]?.error}`);
    const ours = cases.map(({ name, leaf, root }) => {
      const found = verifyChain({ leaf, intermediates: [], roots: [root], at: NOW, usage: 'any' });
      return `${name}: ${found.ok ? '' : found.error}`;
    });
    expect(ours).toEqual(go);
    const good = answers.filter(({ ok }) => ok).length;
    expect(good).toBeGreaterThan(0);
    expect(cases.length - good).toBeGreaterThan(10);
  });
});
