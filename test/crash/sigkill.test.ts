import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryStore } from '../../src/stores/index.ts';
import { after, apply, before, copyOf, scratch, tree, wrongs } from './scenario.ts';

const base = scratch('sigkill');
const start = join(base, 'start');
const program = join(base, 'child.mjs');

beforeAll(async () => {
  const entryPoints = [join(import.meta.dirname, 'child.ts')];
  await build({
    entryPoints,
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  await apply(directoryStore(start), 'r1', before);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Starts the child and kills it when it has told of so many operations. Answers how many those were. */
async function run(root: string, killAfter = Number.POSITIVE_INFINITY): Promise<number> {
  const child = spawn(process.execPath, [program, root, killAfter === Number.POSITIVE_INFINITY ? '0' : '1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let operations = 0;
  child.stdout.on('data', (bytes: Buffer) => {
    operations += bytes.length;
    if (operations >= killAfter) child.kill('SIGKILL');
  });
  await once(child, 'exit');
  if (killAfter === Number.POSITIVE_INFINITY) expect(child.exitCode).toBe(0);
  else expect(child.signalCode).toBe('SIGKILL');
  return operations;
}

describe('a process that is killed by SIGKILL while it writes', () => {
  it('leaves nothing torn; the next one takes its lock, finishes or undoes, and ends the same', async () => {
    const whole = copyOf(start);
    const operations = await run(whole);
    const uninterrupted = tree(whole);
    const outcomes = { nothing: 0, finished: 0, undone: 0, open: 0 };
    for (let at = 1; at < operations - 8; at += Math.ceil(operations / 16)) {
      const root = copyOf(start);
      await run(root, at);
      expect(wrongs(tree(root)), `killed at ${at}`).toEqual([]);

      const store = directoryStore(root);
      const recovery = await store.recover();
      if (!recovery) outcomes.nothing++;
      else if (recovery.finished.length > 0) outcomes.finished++;
      else if (recovery.undone.length > 0) outcomes.undone++;
      else outcomes.open++;
      expect(wrongs(tree(root)), `killed at ${at}`).toEqual([]);

      await apply(store, 'r3', after);
      expect(tree(root), `killed at ${at}`).toEqual(uninterrupted);
      expect(existsSync(join(root, 'lock'))).toBe(false);
    }
    expect(outcomes.finished).toBeGreaterThan(0);
    expect(outcomes.open).toBeGreaterThan(0);
  }, 120_000);
});
