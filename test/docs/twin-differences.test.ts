import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { page, twinDocs } from '../../scripts/twin-docs.mjs';

it('docs/twin-differences.md is what the table says now (else run: node scripts/twin-docs.mjs)', async () => {
  expect(readFileSync(page, 'utf8')).toBe(await twinDocs());
});
