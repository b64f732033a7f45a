import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Owed } from '../rollout/index.ts';
import { merged, owedIn, without } from './owed.ts';

const one: Owed = { node: 'a', component: 'kubelet', stage: 'restart', because: 'nodes/a/kubelet.conf' };

describe('what is owed', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'kubetls-owed-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is nothing before the first run, and then what was written', async () => {
    const owed = owedIn(directory);
    expect(await owed.read()).toEqual([]);
    await owed.write([one]);
    expect(await owed.read()).toEqual([one]);
    expect(statSync(path.join(directory, 'rollout')).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(directory, 'rollout'), 'utf8')).toContain('kubetls/rollout/v1');
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"schema":"kubetls/rollout/v2","owed":[]}',
    '{"schema":"kubetls/rollout/v1","owed":[{}]}',
    '{"schema":"kubetls/rollout/v1","owed":[{"node":"a","component":"kubelet","stage":"gate","because":"x","down":"no"}]}',
  ])('in a file of %j is not known, which is told', async (text) => {
    writeFileSync(path.join(directory, 'rollout'), text);
    await expect(owedIn(directory).read()).rejects.toMatchObject({
      code: 'carry/owed-unreadable',
      where: { file: path.join(directory, 'rollout') },
    });
  });

  it.each(['a pipe', 'a directory', 'a link to nothing that ends', 'a gigabyte'])(
    'is not known, and soon, where %s stands',
    async (what) => {
      const file = path.join(directory, 'rollout');
      if (what === 'a pipe') execFileSync('mkfifo', [file]);
      else if (what === 'a directory') mkdirSync(file);
      else if (what === 'a gigabyte') {
        writeFileSync(file, '');
        truncateSync(file, 2 ** 30);
      } else symlinkSync('/dev/zero', file);
      await expect(owedIn(directory).read()).rejects.toMatchObject({ code: 'carry/owed-unreadable' });
    },
  );

  it('counts each place once, and a restart outweighs a gate', () => {
    const gate: Owed = { ...one, stage: 'gate' };
    expect(merged([one], [gate])).toEqual([one]);
    expect(merged([gate], [one])).toEqual([one]);
    expect(merged([one], [{ ...one, node: 'b' }])).toHaveLength(2);
    expect(without([one, { ...one, node: 'b' }], one)).toEqual([{ ...one, node: 'b' }]);
  });
});
