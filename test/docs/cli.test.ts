import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cliDocs, page } from '../../scripts/cli-docs.mjs';
import { eachCommand } from '../../src/cli/command.ts';
import { commandTable } from '../../src/cli/commands.ts';

describe('docs/cli.md', () => {
  it('is what the tables say now (else run: node scripts/cli-docs.mjs)', async () => {
    expect(readFileSync(page, 'utf8')).toBe(await cliDocs());
  });

  it('has every command and every option of it', () => {
    const text = readFileSync(page, 'utf8');
    expect(commandTable.length).toBeGreaterThan(5);
    for (const { words, spec } of eachCommand(commandTable)) {
      const name = words.join(' ');
      const chapter = text.split(`## kubetls ${name}\n`)[1]?.split('\n## ')[0] ?? '';
      expect(chapter, name).toContain('kubetls');
      for (const { flags } of Object.values(spec.options)) expect(chapter, name).toContain(`\`${flags}\``);
    }
  });
});
