/** The command as people run it: the built bin, in a directory of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, ensureBuilt } from '../../scripts/setup.mjs';

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Scratch {
  readonly directory: string;
  kubetls(...words: readonly string[]): Ran;
  remove(): void;
}

/** A temporary directory to run in. The caller removes it. */
export async function scratch(): Promise<Scratch> {
  await ensureBuilt();
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-try-'));
  return {
    directory,
    kubetls: (...words) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...words], {
        cwd: directory,
        encoding: 'utf8',
        env: { ...process.env, HOME: directory, NO_COLOR: '1' },
        maxBuffer: 64 * 1024 * 1024,
      });
      return { status, stdout, stderr };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
