import { describe, expect, it } from 'vitest';
import { verifyBatch } from '../support/verify-batch.ts';
import { casesOf, files, hasVectors } from './cases.ts';

describe.skipIf(!hasVectors)("verify --batch gives Go's recorded answers (needs the shared vectors)", () => {
  it.each(files)('%s: %i lines, every field', async (file, count) => {
    const cases = casesOf(file);
    const lines = cases.map(({ id, leaf, intermediates, roots, at, usage, name }) =>
      JSON.stringify({ id, leaf, intermediates, roots, at, usage, name }),
    );
    const { status, answers } = await verifyBatch(lines.join('\n'));
    expect(status).toBe(0);
    expect(answers.length).toBe(count);
    const differing = cases.flatMap(({ id, go }, i) => {
      const { ok, error, stage, chains, chain_lengths, skipped_roots } = go;
      const expected = { id, ok, error, stage, chains, chain_lengths, skipped_roots };
      return JSON.stringify(expected) === JSON.stringify(answers[i])
        ? []
        : [{ expected, actual: answers[i] }];
    });
    expect(differing).toEqual([]);
  });
});
