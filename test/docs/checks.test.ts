import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checksDocs, page } from '../../scripts/checks-docs.mjs';
import { parseExceptions } from '../../src/audit/index.ts';

describe('docs/checks.md', () => {
  it('is what the tables say now (else run: node scripts/checks-docs.mjs)', async () => {
    expect(readFileSync(page, 'utf8')).toBe(await checksDocs());
  });

  it('its exceptions are as the program reads them', () => {
    const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8')) ?? [];
    expect(parseExceptions(example, 'checks.md')).toMatchObject([{ id: 'masters-member' }]);
  });
});
