import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/fuzz.mjs', import.meta.url));
const targets = readdirSync(new URL('corpus/', import.meta.url)).sort();
/** Each run has a seed of its own; KUBETLS_SEED repeats one: the same inputs, everywhere. */
const seed = process.env['KUBETLS_SEED'] ?? String(Date.now() % 1_000_000);

it(`every parser survives its corpus and what grows from it (KUBETLS_SEED=${seed})`, () => {
  const args = [script, '--executions', '800', '--seed', seed];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toMatch(/no findings\n$/);
  expect(status).toBe(0);
  const lines = [...stdout.matchAll(/^([\w-]+) +(\d+) inputs .* (\d+) edges/gm)];
  expect(lines.map(([, target]) => target)).toEqual(targets);
  // A target whose counters stand still is not fuzzed at all.
  for (const [line, , inputs, edges] of lines) {
    expect(Number(inputs), line).toBeGreaterThanOrEqual(200);
    expect(Number(edges), line).toBeGreaterThan(10);
  }
}, 300_000);
