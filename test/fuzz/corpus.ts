/** The corpus: a directory for each target, a file for each input, named by its digest. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Smallest first, so that a large one is kept only for what no small one covers. */
export function readCorpus(corpus: string, target: string): Buffer[] {
  const directory = join(corpus, target);
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).sort();
  return names.map((name) => readFileSync(join(directory, name))).sort((a, b) => a.length - b.length);
}

export function writeInput(corpus: string, target: string, input: Buffer): void {
  const directory = join(corpus, target);
  mkdirSync(directory, { recursive: true });
  const name = createHash('sha256').update(input).digest('hex').slice(0, 16);
  writeFileSync(join(directory, name), input);
}
