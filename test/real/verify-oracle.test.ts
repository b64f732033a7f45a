/**
 * Go's crypto/x509 and ours, asked the same of random cases: verdict, text, chains, and what was passed over.
 * Each run has a seed of its own; KUBETLS_SEED repeats one. For a long run: `npm run hunt`.
 */
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { divergences, unexplained } from '../vectors/divergences.ts';
import { casesFrom, FAMILIES } from './case-families.ts';
import { answer, differences, goAnswers, shapeOf } from './differential.ts';

const tools = await realTools();
const seed = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);

const known = divergences();
/** A run takes a minute on two cores that have other things to do. */
const PATIENCE = 240_000;

/** Cases of each family, and how many of Go's texts they meet at least: else they would say little. */
const FAMILY_RUNS: Readonly<Record<keyof typeof FAMILIES, readonly [number, number]>> = {
  kubernetes: [800, 25],
  damage: [1_000, 60],
  constraints: [800, 30],
  hosts: [500, 8],
  subjects: [300, 1],
  policies: [500, 2],
  graphs: [300, 8],
  algorithms: [500, 20],
  times: [500, 5],
};

describe.skipIf('missing' in tools)(`verify against Go (needs Go; KUBETLS_SEED=${seed})`, () => {
  const oracle = 'missing' in tools ? '' : tools.oracle;

  it.each(Object.entries(FAMILY_RUNS))(
    '%s',
    async (family, [count, texts]) => {
      const cases = casesFrom(seed, 0, count, [family]);
      const go = await goAnswers(oracle, cases);
      expect(unexplained(differences(cases, go), known)).toEqual([]);
      expect(go.some(({ ok }) => ok)).toBe(true);
      expect(new Set(go.map(({ error }) => shapeOf(error))).size).toBeGreaterThan(texts);
    },
    PATIENCE,
  );

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
