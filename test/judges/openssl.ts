// openssl as a judge: one call, text or bytes in, bytes out; files only in a directory that is removed again.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version'], { stdio: 'ignore' }).status === 0;
}

/** What openssl prints; throws with its own words when it fails. `input` goes to its stdin. */
export function openssl(args: readonly string[], input: string | Uint8Array = ''): Buffer {
  const { status, stdout, stderr } = spawnSync('openssl', args, { input, maxBuffer: 2 ** 24 });
  if (status !== 0) throw new Error(`openssl ${args.join(' ')}: ${stderr.toString()}${stdout.toString()}`);
  return stdout;
}

/** Runs with a directory that is gone afterwards. */
export function inTemporaryDirectory<T>(use: (at: (name: string) => string) => T): T {
  const directory = mkdtempSync(path.join(tmpdir(), 'kubetls-judge-'));
  try {
    return use((name) => path.join(directory, name));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Also for what takes its time. */
export async function inTemporaryDirectoryAsync<T>(
  use: (at: (name: string) => string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'kubetls-judge-'));
  try {
    return await use((name) => path.join(directory, name));
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
