import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { benchPage, type Recorded } from '../../scripts/bench-page.mjs';
import { root } from '../../scripts/setup.mjs';

it('docs/benchmarks.md is what was recorded (else run: npm run bench -- --record)', () => {
  const recorded = JSON.parse(readFileSync(join(root, 'bench', 'last.json'), 'utf8')) as Recorded;
  expect(recorded.rows.length).toBeGreaterThan(5);
  expect(readFileSync(join(root, 'docs', 'benchmarks.md'), 'utf8')).toBe(benchPage(recorded));
});
