// Before which operations kubetls is killed: all of them, or some (docs/real-cluster.md).
import { chanceOf } from '../chance.ts';

export const ALL = process.env['KUBETLS_KILLED'] === 'all';
export const SEED = Number(process.env['KUBETLS_SEED'] ?? Date.now() % 1_000_000);

/** Numbers of operations: all that are `always` taken, and `size` of the others, spread over them. */
export function sampleOf(
  operations: readonly string[],
  size: number,
  always: (name: string) => boolean = () => false,
): number[] {
  const all = operations.map((name, i) => ({ name, at: i + 1 }));
  if (ALL) return all.map(({ at }) => at);
  const others = all.filter(({ name }) => !always(name));
  const each = Math.floor(others.length / size);
  const chance = chanceOf(SEED);
  const some = chance.repeat(size, (i) => others[i * each + chance.below(each)]!);
  const about = all.filter(({ name }) => always(name));
  return [...about, ...some].map(({ at }) => at).sort((one, other) => one - other);
}
