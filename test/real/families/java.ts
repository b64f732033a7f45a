// Java's source launcher compiles at every start, which costs more than all else: each program is compiled once, into
// the cache.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { runProgram } from '../run-program.ts';

/** Nothing runs long enough to be worth more than the first compiler, or several threads of the collector. */
const QUICK = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const CACHE = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'kubetls', 'java');

/** What goes behind `java`, before the program's own words. `source`: Alerts.java, whose class is called so. */
export async function javaWords(source: string): Promise<readonly string[]> {
  const { stderr: version } = await runProgram('java', ['-version']);
  const key = createHash('sha256')
    .update(version)
    .update(await readFile(source))
    .digest('hex');
  const classes = path.join(CACHE, key.slice(0, 16));
  const compiled = existsSync(classes) || (await compile(source, classes));
  return compiled ? [...QUICK, '-cp', classes, path.basename(source, '.java')] : [...QUICK, source];
}

/** Fills a directory of its own and renames it: a cache is whole or absent. False where there is no compiler. */
async function compile(source: string, classes: string): Promise<boolean> {
  await mkdir(CACHE, { recursive: true });
  const own = await mkdtemp(path.join(CACHE, 'new-'));
  try {
    const words = [...QUICK, '-m', 'jdk.compiler/com.sun.tools.javac.Main', '-d', own, source];
    const { code } = await runProgram('java', words, { timeout: 120_000 });
    // Another run may have been faster.
    if (code === 0) await rename(own, classes).catch(() => undefined);
    return code === 0 && existsSync(classes);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
