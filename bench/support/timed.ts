import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cost } from './rounds.ts';

/** Into `cost.json`: without the start of the process, and what is to be read before. */
export async function timed(directory: string, work: () => Promise<unknown>): Promise<void> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const memory = process.resourceUsage().maxRSS / 1_024;
  const cost: Cost = { wall: performance.now() - start, cpu: (user + system) / 1_000, memory };
  writeFileSync(join(directory, 'cost.json'), JSON.stringify(cost));
}
