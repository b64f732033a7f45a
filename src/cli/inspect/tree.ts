/** A directory: each of its files as if it had been named. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Secret } from '../../base/index.ts';
import { readTrees } from '../../stores/index.ts';
import { type Inspected, inspectBytes, isNothing, NOTHING_IN_IT } from './read.ts';

export function isDirectory(word: string): boolean {
  try {
    return word !== '-' && statSync(word).isDirectory();
  } catch {
    // Why it cannot be looked at is said by whoever reads it.
    return false;
  }
}

/** Files that hold something to show, or that could not be read; the directory itself when there is none. */
export async function inspectTree(word: string, password: Secret | undefined): Promise<Inspected[]> {
  const found: Inspected[] = [];
  for await (const { path, bytes, failure } of readTrees([{ name: word, path: word }])) {
    const one = bytes ? inspectBytes(bytes, join(word, path), password) : undefined;
    const problems = failure ? [failure] : (one?.problems ?? []);
    const shown = { ...NOTHING_IN_IT, ...one, source: join(word, path), problems, inTree: true };
    if (problems.length > 0 || !isNothing(shown)) found.push(shown);
  }
  return found.length > 0 ? found : [{ ...NOTHING_IN_IT, source: word }];
}
