import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from '../../../scripts/setup.mjs';
import { type ChildProgram, startProgram } from '../child-program.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../last-rites.ts';
import { mustRun, runProgram } from '../run-program.ts';
import { ground } from './ground.ts';
import { until } from './until.ts';

const LONG = 180_000; // milliseconds

describe.skipIf('missing' in ground)('a cluster by hand (needs Go, root and network namespaces)', () => {
  let place: TemporaryDirectory;
  let program: ChildProgram;
  // A place of its own: somebody may have one up.
  beforeEach(async () => {
    place = await temporaryDirectory('hand');
    const env = { TMPDIR: place.path, HOME: process.env.HOME ?? '' };
    program = await startProgram([process.execPath, script, 'up'], {
      logFile: path.join(place.path, 'log'),
      env,
    });
    const why = () => program.log();
    const isUp = async () => {
      if (program.ended()) throw new Error(why());
      return program.log().includes('ends it and removes everything');
    };
    await until('a cluster is up', isUp, { timeout: LONG, why });
  }, LONG);
  afterEach(async () => {
    await program.stop();
    await place.remove();
  });

  const script = path.join(root, 'scripts/cluster.mjs');
  const clusters = async () => (await readdir(place.path)).filter((name) => name.startsWith('kubetls-real-'));
  const record = async () => (await readdir(place.path)).find((name) => name.endsWith('.pid')) ?? '';

  it(
    'runs kubectl and kubetls, and leaves nothing when it is taken down',
    async () => {
      const [cluster = ''] = await clusters();
      const inside = path.join(place.path, cluster, 'in');
      const nodes = await mustRun(inside, ['kubectl', 'get', 'nodes', '-o', 'name']);
      expect(nodes.stdout).toBe('node/cp1\nnode/w1\n');
      const proof = await runProgram(inside, [
        'kubetls',
        '-f',
        path.join(place.path, cluster, 'kubetls.yaml'),
        'prove',
      ]);
      expect(proof).toMatchObject({ code: 0, stderr: '' });
      expect(await processesNaming(place.path)).not.toEqual([]);

      const env = { ...process.env, TMPDIR: place.path };
      const again = await runProgram(process.execPath, [script, 'up'], { env });
      expect(again).toMatchObject({ code: 2, stdout: '' });
      expect(again.stderr).toContain('error: one is up already\nhint: npm run cluster -- down\n');
      await mustRun(process.execPath, [script, 'down'], { env });
      await program.end;
      expect(await clusters()).toEqual([]);
      expect(await processesNaming(place.path)).toEqual([]);
    },
    LONG,
  );

  it(
    'leaves no process when it is killed',
    async () => {
      process.kill(Number(await readFile(path.join(place.path, await record()), 'utf8')), 'SIGKILL');
      await until('all is ended', async () => (await processesNaming(place.path)).length === 0);
      await program.end;
    },
    LONG,
  );
});

/** Command lines that have this text. */
async function processesNaming(text: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return commands.filter((command) => command.includes(text));
}
