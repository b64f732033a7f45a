/** One execution, and what may not come of it. */
import { memoryUsage } from 'node:process';
import { forgetRun } from './coverage.ts';
import type { Target } from './target.ts';

export interface Finding {
  readonly kind: 'crash' | 'slow' | 'memory';
  readonly message: string;
  /** Equal for what is likely the same defect. */
  readonly key: string;
}

/** CPU time of one input, whatever its size: ours. The largest input is some 256 KiB. */
const MOST_CPU_MS = 1000;
/** What may be allocated: a tree of YAML takes hundreds of bytes for each octet of the text. */
const MOST_BYTES = 64 << 20;
const MOST_BYTES_PER_OCTET = 512;
/** Measuring takes a collection of all garbage: large inputs alone are worth it. */
const MEASURED_FROM = 1 << 14;

export async function execute(target: Target, input: Buffer): Promise<Finding | undefined> {
  const measured = input.length >= MEASURED_FROM;
  const before = measured ? heapBytes() : 0;
  const started = process.cpuUsage();
  const crash = await attempt(target, input);
  const { user, system } = process.cpuUsage(started);
  if (crash) return crash;
  const grown = measured ? heapBytes(false) - before : 0;
  const most = MOST_BYTES + MOST_BYTES_PER_OCTET * input.length;
  if (grown > most) return finding('memory', `${grown} bytes for an input of ${input.length}`);
  const ms = (user + system) / 1000;
  // Compiling and collecting garbage count too: what is slow stays slow.
  if (ms > MOST_CPU_MS && (await cpuMs(target, input)) > MOST_CPU_MS) {
    return finding('slow', `${Math.round(ms)} ms for an input of ${input.length} bytes`);
  }
  return undefined;
}

async function attempt(target: Target, input: Buffer): Promise<Finding | undefined> {
  try {
    await target.run(input);
    return undefined;
  } catch (error) {
    if (target.isExpected(error)) return undefined;
    if (!(error instanceof Error)) return finding('crash', `threw ${String(error)}`);
    const [where = ''] = /^ +at .*$/m.exec(error.stack ?? '') ?? [];
    const [, called = ''] = /at (\S+)/.exec(where) ?? [];
    const message = `${error.name}: ${error.message.slice(0, 500)}${where}`;
    return { kind: 'crash', message, key: `crash ${error.name} ${called}` };
  }
}

function finding(kind: Finding['kind'], message: string): Finding {
  return { kind, message, key: kind };
}

async function cpuMs(target: Target, input: Buffer): Promise<number> {
  const started = process.cpuUsage();
  await attempt(target, input);
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

function heapBytes(collected = true): number {
  if (collected) globalThis.gc?.();
  const { heapUsed, external } = memoryUsage();
  return heapUsed + external;
}

const MOST_ATTEMPTS = 400;

/** A smaller input with the same finding: pieces are left out, ever smaller ones. */
export async function shrunk(target: Target, input: Buffer, key: string): Promise<Buffer> {
  let smallest = input;
  let attempts = 0;
  const mostMs = key === 'slow' ? 20_000 : 5_000;
  const started = performance.now();
  for (let size = input.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < smallest.length; ) {
      if (++attempts > MOST_ATTEMPTS || performance.now() - started > mostMs) return smallest;
      const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      const found = (await execute(target, shorter))?.key === key;
      forgetRun();
      if (found) smallest = shorter;
      else at += size;
    }
  }
  return smallest;
}
