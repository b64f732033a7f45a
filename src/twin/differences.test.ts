import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { twinDifferences, twinDifferencesShownIn } from './index.ts';

it('each difference between twin and reality has a name of its own, and a reason', () => {
  const ids = twinDifferences.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('http1-only');
  for (const { what, why } of twinDifferences) expect(Math.min(what.length, why.length)).toBeGreaterThan(20);
});

it('each is shown by a test on real programs, and each of those shows one', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../..', twinDifferencesShownIn), 'utf8');
  const titles = [...text.matchAll(/^ {4}it\(\s*(['"])(.*?)\1,/gm)].flatMap(([, , title]) => title ?? []);
  expect(new Set(titles)).toEqual(new Set(twinDifferences.map(({ shownBy }) => shownBy)));
  expect(titles).toHaveLength(twinDifferences.length);
});
