/** `kubetls verify --batch` as it is built, and what it answers. */
import { spawnSync } from 'node:child_process';
import { bundle, ensureBuilt } from '../../scripts/setup.mjs';
import type { Answer } from '../../src/cli/verify/answer.ts';

export interface Answers {
  readonly status: number | null;
  readonly answers: readonly Answer[];
}

export async function verifyBatch(input: string | Uint8Array): Promise<Answers> {
  await ensureBuilt();
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, 'verify', '--batch'], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (stderr !== '') throw new Error(stderr);
  const lines = stdout.split('\n').slice(0, -1);
  return { status, answers: lines.map((line) => JSON.parse(line) as Answer) };
}
