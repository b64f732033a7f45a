/** Our own cases (own.json) with the answers of Go: what holds us to Go where there is no Go. */
import { describe, expect, it } from 'vitest';
import { realTools } from '../../scripts/real-tools.mjs';
import { differences, goAnswers, shapeOf } from '../real/differential.ts';
import { divergences, stale, unexplained } from './divergences.ts';
import { ownCases } from './own-cases.ts';

const { cases, answers } = ownCases();
const known = divergences();

describe("Go's recorded answers to our own cases", () => {
  const found = differences(cases, answers);

  it('are ours, but for the known divergences', () => {
    expect(unexplained(found, known)).toEqual([]);
    expect(cases.length).toBeGreaterThan(150);
    expect(new Set(answers.map(({ error }) => shapeOf(error))).size).toBeGreaterThan(120);
  });

  it('show every known divergence, each with a reason', () => {
    expect(stale(known, found)).toEqual([]);
    for (const { reason } of known) expect(reason.length).toBeGreaterThan(20);
  });

  it('would show a divergence that is not known, and one that holds no longer', () => {
    const [difference] = found;
    const wrong = { ...difference!, id: 'planted', ours: { ...difference!.ours, error: 'x509: planted' } };
    expect(unexplained([...found, wrong], known)).toEqual([wrong]);
    expect(stale(known, [wrong])).toEqual(known);
  });
});

const tools = await realTools();

describe.skipIf('missing' in tools)('the record (needs Go)', () => {
  it('is what Go says today (else: npm run hunt -- --record)', async () => {
    const oracle = 'missing' in tools ? '' : tools.oracle;
    expect(await goAnswers(oracle, cases)).toEqual(answers);
  });
});
