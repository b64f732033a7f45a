import { expect, it } from 'vitest';
import { twinDifferences } from './index.ts';

it('each difference between twin and reality has a name of its own, and a reason', () => {
  const ids = twinDifferences.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('http1-only');
  for (const { what, why } of twinDifferences) expect(Math.min(what.length, why.length)).toBeGreaterThan(20);
});
