import { probe } from './probe.ts';
import type { ProbeCredential, ProbeOptions, ProbeResult, ProbeTarget } from './types.ts';

export interface ProbeTask {
  readonly target: ProbeTarget;
  readonly credential: ProbeCredential | undefined;
  readonly options: Omit<ProbeOptions, 'signal'>;
}

export interface ProbeManyOptions {
  /** Connections open at the same time, at least 1. */
  readonly concurrency: number;
  readonly signal?: AbortSignal;
  /** Called once a task, as soon as its result is there. */
  readonly onResult?: (result: ProbeResult, index: number) => void;
}

/** Probes every task; results in the order of the tasks. After an abort the rest is `context canceled`. */
export async function probeMany(
  tasks: readonly ProbeTask[],
  { concurrency, signal, onResult }: ProbeManyOptions,
): Promise<ProbeResult[]> {
  const results: ProbeResult[] = [];
  const queue = tasks.entries();
  const worker = async (): Promise<void> => {
    for (const [index, { target, credential, options }] of queue) {
      const result = await probe(target, credential, { ...options, ...(signal && { signal }) });
      results[index] = result;
      onResult?.(result, index);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, tasks.length)) }, worker));
  return results;
}
