/**
 * Go's crypto/x509 and ours, asked the same of random cases: verdict, text, chains, and what was passed over.
 * Each run has a seed of its own; KUBETLS_SEED repeats one. For a long run: `npm run hunt`.
 */
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { casesFrom, FAMILIES } from './case-families.ts';
import { answer, differences, goAnswers, shapeOf } from './differential.ts';

const tools = await realTools();
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);

/** Cases of each family, and how many of Go's texts they meet at least: else they would say little. */
const FAMILY_RUNS: Readonly<Record<keyof typeof FAMILIES, readonly [number, number]>> = {
  kubernetes: [1_200, 1],
  damage: [1_200, 1],
  constraints: [1_000, 1],
  hosts: [500, 1],
  subjects: [300, 1],
  policies: [500, 1],
  graphs: [300, 1],
  algorithms: [500, 1],
  times: [500, 1],
};

describe.skipIf('missing' in tools)(`verify against Go (needs Go; KUBETLS_SEED=${seed})`, () => {
  const oracle = 'missing' in tools ? '' : tools.oracle;

  it.each(Object.entries(FAMILY_RUNS))('%s', async (family, [count, texts]) => {
    const cases = casesFrom(seed, 0, count, [family]);
    const go = await goAnswers(oracle, cases);
    expect(differences(cases, go)).toEqual([]);
    expect(go.some(({ ok }) => ok)).toBe(true);
    expect(new Set(go.map(({ error }) => shapeOf(error))).size).toBeGreaterThan(texts);
  });

  it('would see one wrong answer among many', async () => {
    const cases = casesFrom(seed, 0, 50, ['policies']);
    const go = await goAnswers(oracle, cases);
    const wrong = cases[33]!;
    const lying = differences(cases, go, (each) =>
      each === wrong ? { ...answer(each), error: 'x509: planted' } : answer(each),
    );
    expect(lying.map(({ id }) => id)).toEqual([wrong.id]);
    const crash = () => {
      throw new TypeError('planted');
    };
    expect(differences(cases.slice(0, 1), go, crash)[0]?.ours.error).toContain('planted');
  });
});
