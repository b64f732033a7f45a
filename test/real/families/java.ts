// Java's source launcher compiles at every start, which costs more than all else: each program is compiled once.
import path from 'node:path';
import { temporaryDirectory } from '../last-rites.ts';
import { runProgram } from '../run-program.ts';

/** Nothing runs long enough to be worth more than the first compiler, or several threads of the collector. */
const QUICK = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

const known = new Map<string, Promise<readonly string[]>>();

/** What goes behind `java`, before the program's own words. `source`: Alerts.java, whose class is called so. */
export function javaWords(source: string): Promise<readonly string[]> {
  let words = known.get(source);
  if (!words) known.set(source, (words = compiled(source)));
  return words;
}

async function compiled(source: string): Promise<readonly string[]> {
  const classes = await temporaryDirectory('java-classes');
  const compiler = ['-m', 'jdk.compiler/com.sun.tools.javac.Main', '-d', classes.path, source];
  const { code } = await runProgram('java', [...QUICK, ...compiler], { timeout: 120_000 });
  return code === 0 ? [...QUICK, '-cp', classes.path, path.basename(source, '.java')] : [...QUICK, source];
}
