import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { benchPage, type Recorded, slipText } from '../../scripts/bench-page.mjs';
import { root } from '../../scripts/setup.mjs';

it('docs/benchmarks.md is what was recorded (else run: npm run bench -- --record)', () => {
  const recorded = JSON.parse(readFileSync(join(root, 'bench', 'last.json'), 'utf8')) as Recorded;
  expect(recorded.rows.length).toBeGreaterThan(5);
  expect(readFileSync(join(root, 'docs', 'benchmarks.md'), 'utf8')).toBe(benchPage(recorded));
});

it.each([
  [{ atMost: 2 }, 1.5, 1.2, '25% worse than recorded'],
  [{ atMost: 2 }, 1.3, 1.2, undefined],
  [{ atLeast: 1 }, 1.2, 1.5, '25% worse than recorded'],
  [{ atLeast: 1 }, 1.6, 1.2, undefined],
  [{}, 9, 1, undefined],
])('a row of %j that is %d and was %d: %s', (limit, ratio, recorded, text) => {
  const row = { name: '', unit: '', detail: '', ratio, ...limit };
  expect(slipText(row, recorded)).toBe(text);
  expect(slipText(row, undefined)).toBeUndefined();
});
