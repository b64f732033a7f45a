import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from './last-rites.ts';
import { mustRun, runProgram } from './run-program.ts';

const script = (name: string) => fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url));

describe('the real tools', () => {
  let directory: TemporaryDirectory;
  beforeEach(async () => {
    directory = await temporaryDirectory('tools');
  });
  afterEach(() => directory.remove());

  const ask = (env: NodeJS.ProcessEnv) =>
    runProgram(process.execPath, [script('real-tools.mjs')], {
      env: { XDG_CACHE_HOME: directory.path, ...env },
    });

  it('are missing with a reason where there is no Go', async () => {
    const { code, stdout } = await ask({ PATH: directory.path });
    expect(code).toBe(1);
    expect(stdout).toContain('"missing": "no usable Go on this machine: spawn go ENOENT"');
  });

  it('are missing with a reason where they are not wanted', async () => {
    expect((await ask({ KUBETLS_REAL: 'skip' })).stdout).toContain('"missing": "KUBETLS_REAL=skip"');
  });

  /** A process that enters, stays a moment and leaves; it writes both down. */
  const worker = (lock: string, notes: string) => `
    import { appendFileSync as note } from 'node:fs';
    import { withLock } from ${JSON.stringify(script('build-lock.mjs'))};
    const bury = (pid) => note(${JSON.stringify(notes)}, 'bury ' + pid + '\\n');
    await withLock(${JSON.stringify(lock)}, { log() {}, bury }, async () => {
      note(${JSON.stringify(notes)}, 'in\\n');
      await new Promise((resolve) => setTimeout(resolve, 200));
      note(${JSON.stringify(notes)}, 'out\\n');
    });`;
  const run = (program: string) => mustRun(process.execPath, ['--input-type=module', '-e', program]);

  it('are built by one process at a time', async () => {
    const [lock, notes] = [path.join(directory.path, 'x.lock'), path.join(directory.path, 'notes')];
    await Promise.all([1, 2, 3].map(() => run(worker(lock, notes))));
    expect(await readFile(notes, 'utf8')).toBe('in\nout\n'.repeat(3));
  });

  it('are built by the next one when a builder has died', async () => {
    const [lock, notes] = [path.join(directory.path, 'x.lock'), path.join(directory.path, 'notes')];
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    await writeFile(lock, String(dead));
    await run(worker(lock, notes));
    expect(await readFile(notes, 'utf8')).toBe(`bury ${dead}\nin\nout\n`);
  });
});
