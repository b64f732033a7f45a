/** Whole processes, measured from outside. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cost } from './rounds.ts';

const root = join(import.meta.dirname, '..');
export const bin = join(root, 'dist', 'kubetls.cjs');

/** Real, user and system time as bash tells them: milliseconds, without the start of bash. */
const TIMED = `TIMEFORMAT='%3R %3U %3S'; time "$0" "$@" >/dev/null 2>&1 || echo "ended with $?" >&2`;

export function measured(program: string, words: readonly string[]): Cost {
  const run = spawnSync('bash', ['-c', TIMED, program, ...words], { encoding: 'utf8' });
  const lines = (run.stderr ?? '').trim().split('\n');
  if (run.status !== 0 || lines.length > 1) {
    throw new Error(`${program} ${words.join(' ')}: ${run.error?.message ?? lines.join(', ')}`);
  }
  const [real = 0, user = 0, system = 0] = lines
    .join('')
    .split(' ')
    .map((text) => Number(text) * 1_000);
  return { wall: real, cpu: user + system, memory: Number.NaN };
}

/** A Node program, which tells at its end how much memory it held at most. */
export function measuredNode(scratch: string, words: readonly string[]): Cost {
  const [hook, told] = [join(scratch, 'tell-memory.cjs'), join(scratch, 'memory')];
  if (!existsSync(hook)) {
    const tell = `require('node:fs').writeFileSync(${JSON.stringify(told)}, String(process.resourceUsage().maxRSS))`;
    writeFileSync(hook, `process.on('exit', () => ${tell});\n`);
  }
  const cost = measured(process.execPath, ['--require', hook, ...words]);
  return { ...cost, memory: Number(readFileSync(told, 'utf8')) / 1_024 };
}

/** This benchmark once more, in one of its roles. */
export function measuredRole(scratch: string, role: string, ...words: readonly string[]): Cost {
  return measuredNode(scratch, [process.argv[1] ?? '', role, ...words]);
}

export function together(first: Cost, second: Cost): Cost {
  return {
    wall: first.wall + second.wall,
    cpu: first.cpu + second.cpu,
    memory: Math.max(first.memory, second.memory),
  };
}
