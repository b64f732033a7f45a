// What must not outlive the test process: run once at its end, also when the test runner is interrupted.
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const duties = new Set<() => void>();
function perform(): void {
  for (const duty of duties) duty();
  duties.clear();
}
process.on('exit', perform);
// vitest's own process answers an interrupt by leaving at once; its workers see the channel close.
process.on('disconnect', perform);

/** `duty` must be synchronous. Returns what takes it back. */
export function atEnd(duty: () => void): () => void {
  duties.add(duty);
  return () => void duties.delete(duty);
}

export interface TemporaryDirectory {
  path: string;
  remove(): Promise<void>;
  /** It stays, also at the end. */
  keep(): void;
}

export async function temporaryDirectory(what: string): Promise<TemporaryDirectory> {
  const directory = await mkdtemp(path.join(tmpdir(), `kubetls-${what}-`));
  const options = { recursive: true, force: true, maxRetries: 5 }; // a program just killed may still write
  const done = atEnd(() => rmSync(directory, options));
  return {
    path: directory,
    async remove() {
      await rm(directory, options);
      done();
    },
    keep: done,
  };
}
