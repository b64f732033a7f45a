import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, utf8 } from '../base/index.ts';
import { replaceFile } from './index.ts';

describe('what a killed run has left beside a file', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kubetls-replace-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const left = (name: string, age: number): void => {
    const at = join(directory, name);
    writeFileSync(at, 'half');
    const then = (Date.now() - age) / 1_000;
    utimesSync(at, then, then);
  };
  const replaced = () => replaceFile(join(directory, 'rollout'), utf8('whole'), 0o600);

  it('is in nobody’s way, also where the next has the same process number', async () => {
    left(`.rollout.${process.pid}.tmp`, 0);
    await replaced();
    expect(readFileSync(join(directory, 'rollout'), 'utf8')).toBe('whole');
  });

  it('is swept by the next, but for what somebody may still be writing and what is not ours', async () => {
    const id = '0b0e7f5c-5a1e-4f0b-9d56-0c1e5a7e2f11';
    const kept = [
      `.rollout.${id.replace('0', '1')}.tmp`,
      '.rollout.mine.tmp',
      `.other.${id}.tmp`,
      `.rollout.${id}`,
    ];
    left(`.rollout.${id}.tmp`, 2 * HOUR);
    left(kept[0]!, 0);
    for (const name of kept.slice(1)) left(name, 2 * HOUR);
    await replaced();
    expect(readdirSync(directory).toSorted()).toEqual([...kept, 'rollout'].toSorted());
  });
});
