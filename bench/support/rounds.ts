/** Medians of measurements that are taken in turns, so that a slow moment of the machine hits all alike. */

export interface Cost {
  /** Milliseconds on the wall, and of processor time (user and system). */
  readonly wall: number;
  readonly cpu: number;
  /** MiB at most, where it was asked for. */
  readonly memory: number;
}

export type Task = () => Cost | Promise<Cost>;

/** Costs of each task, round by round. */
export async function inTurns<Name extends string>(
  rounds: number,
  tasks: Readonly<Record<Name, Task>>,
): Promise<Record<Name, Cost[]>> {
  const names = Object.keys(tasks) as Name[];
  const costs = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Cost[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) costs[name].push(await tasks[name]());
  }
  return costs;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Median of the ratios of the rounds: what drifts slowly cancels out. */
export function medianRatio(of: readonly Cost[], to: readonly Cost[], by: 'wall' | 'cpu'): number {
  return median(of.map((cost, round) => cost[by] / (to[round]?.[by] ?? Number.NaN)));
}

export function medianOf(costs: readonly Cost[], by: keyof Cost): number {
  return median(costs.map((cost) => cost[by]));
}

/** `120 ms (100 of processor time)` */
export function costText(costs: readonly Cost[]): string {
  const [wall, cpu] = [medianOf(costs, 'wall'), medianOf(costs, 'cpu')].map(duration);
  return `${wall} (${cpu} of processor time)`;
}

function duration(ms: number): string {
  return ms < 1_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}
