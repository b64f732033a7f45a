// A long-running program that cannot outlive its test.
import { spawn, type StdioOptions } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { atEnd } from './last-rites.ts';

export interface ChildProgram {
  readonly pid: number;
  /** All that it has written to stderr; with a log file also to stdout, and what earlier ones wrote there. */
  log(): string;
  /** True once it has ended, by itself or by us. */
  ended(): boolean;
  /** Resolves then. */
  readonly end: Promise<void>;
  /** SIGTERM, and SIGKILL when that is not enough within `patience` milliseconds. */
  stop(patience?: number): Promise<void>;
}

export interface ProgramOptions {
  /** Appended to; absent: the log is kept in memory. */
  logFile?: string;
  /** Beside PATH. */
  env?: Readonly<Record<string, string>>;
}

// A killed test process has no last rites: the kernel then ends the child (Linux).
const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));
/** In front of a command: it ends with its parent. Whoever becomes another user meanwhile has to say it again. */
export const WITH_PARENT: readonly string[] =
  process.platform === 'linux' && SETPRIV ? [SETPRIV, '--pdeathsig', 'KILL'] : [];

/** Starts `command` with an environment of its own, so that no variable of this machine changes it. */
export async function startProgram(
  command: readonly [string, ...string[]],
  { logFile, env = {} }: ProgramOptions = {},
): Promise<ChildProgram> {
  const [program = '', ...args] = [...WITH_PARENT, ...command];
  const file = logFile === undefined ? undefined : openSync(logFile, 'a', 0o600);
  const stdio: StdioOptions = file === undefined ? ['ignore', 'ignore', 'pipe'] : ['ignore', file, file];
  const child = spawn(program, args, { stdio, env: { PATH: process.env.PATH, ...env } });
  if (file !== undefined) closeSync(file);
  let log = '';
  let ended = false;
  const done = atEnd(() => child.kill('SIGKILL'));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
  const end = new Promise<void>((resolve) => {
    child.once('close', () => {
      ended = true;
      done();
      resolve();
    });
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0)).once('error', reject);
  });
  return {
    pid,
    log: () => (logFile === undefined ? log : readFileSync(logFile, 'utf8')),
    ended: () => ended,
    end,
    async stop(patience = 5_000) {
      if (ended) return;
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), patience);
      await end;
      clearTimeout(limit);
    },
  };
}
