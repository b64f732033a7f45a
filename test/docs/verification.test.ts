import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { divergences } from '../vectors/divergences.ts';

const page = join(import.meta.dirname, '../../docs/verification.md');

it('docs/verification.md tells every known divergence', () => {
  const [, told = ''] = /<!-- divergences.*?-->\n(.*?)<!-- end -->/s.exec(readFileSync(page, 'utf8')) ?? [];
  const rows = divergences().map(
    ({ id, expected, actual, reason }) =>
      `| ${[id, expected, actual, reason].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`,
  );
  expect(told).toBe(`| case | Go | we | why |\n|---|---|---|---|\n${rows.join('')}`);
});
