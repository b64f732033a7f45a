import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { utf8 } from '../base/index.ts';
import { replaceFile } from './index.ts';

it('what a killed process of the same number has left is in nobody’s way', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-replace-'));
  try {
    const file = join(directory, 'rollout');
    writeFileSync(join(directory, `.rollout.${process.pid}.tmp`), 'half');
    await replaceFile(file, utf8('whole'), 0o600);
    expect(readFileSync(file, 'utf8')).toBe('whole');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
