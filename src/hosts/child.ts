/** One child process, with its time and its output bounded. Nothing of it is read by a shell. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface ChildOptions {
  readonly input?: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** Of stdout, in bytes: what is past it is dropped, but for the end of it. */
  readonly keep: number;
}

export interface ChildEnd {
  /** `flood`: it was ended since it would not stop talking. */
  readonly by: 'itself' | 'timeout' | 'interrupt' | 'flood';
  /** Of a signal: 128 and its number. */
  readonly status: number;
  readonly stdout: Buffer;
  /** The last bytes of stdout, where `stdout` was cut. */
  readonly tail: Buffer;
  readonly stderr: Buffer;
}

/** As `HostRunOptions` says of both. */
export const KEPT = 64 << 10;
const TAIL = 512;
/** What is said past `keep` is read and dropped up to here, so that a talkative command can end. */
const FLOOD = 64 << 20;
/** From SIGTERM, which lets a script put back what it has moved, to SIGKILL; milliseconds. */
const GRACE = 2_000;
/** A grandchild may hold the pipes open for ever; milliseconds. */
const LINGER = 1_000;

const SIGNALS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGPIPE: 13,
  SIGTERM: 15,
};

/** Rejects with the system's error when the program cannot be started. */
export function runChild(
  program: string,
  words: readonly string[],
  { input, timeout, signal, keep }: ChildOptions,
): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      const nothing = Buffer.alloc(0);
      resolve({ by: 'interrupt', status: 130, stdout: nothing, tail: nothing, stderr: nothing });
      return;
    }
    // A session of its own: no terminal to ask on, and its signals reach all that it started.
    const child = spawn(program, words, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    let by: ChildEnd['by'] = 'itself';
    const end = (why: ChildEnd['by']): void => {
      if (by !== 'itself') return;
      by = why;
      killAll(child, 'SIGTERM');
      killer = setTimeout(() => killAll(child, 'SIGKILL'), GRACE);
    };
    const flooded = (): void => end('flood');
    const stdout = collector(keep, flooded);
    const stderr = collector(KEPT, flooded);
    const interrupt = (): void => end('interrupt');
    const timer = setTimeout(() => end('timeout'), timeout);
    let linger: NodeJS.Timeout | undefined;
    let killer: NodeJS.Timeout | undefined;
    signal?.addEventListener('abort', interrupt, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(linger);
      clearTimeout(killer);
      signal?.removeEventListener('abort', interrupt);
    };
    child.stdout.on('data', stdout.take);
    child.stderr.on('data', stderr.take);
    // A child that does not read its input says why by how it ends.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('exit', () => {
      linger = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, LINGER);
    });
    child.once('close', (code, killedBy) => {
      settle();
      const status = code ?? 128 + (SIGNALS[killedBy ?? ''] ?? 0);
      resolve({ by, status, stdout: stdout.head(), tail: stdout.tail(), stderr: stderr.head() });
    });
  });
}

function killAll(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    child.kill(signal);
  }
}

function collector(keep: number, flooded: () => void) {
  const kept: Buffer[] = [];
  let [length, total] = [0, 0];
  let last = Buffer.alloc(0);
  return {
    take: (chunk: Buffer): void => {
      total += chunk.length;
      if (length < keep) {
        kept.push(chunk.subarray(0, keep - length));
        length += Math.min(chunk.length, keep - length);
      }
      last = Buffer.concat([last, chunk.subarray(-TAIL)]).subarray(-TAIL);
      if (total > keep + FLOOD) flooded();
    },
    head: () => Buffer.concat(kept),
    tail: () => (total > keep ? last : Buffer.alloc(0)),
  };
}
