import type { Held, Holding, Sights } from './types.ts';

/** Where the files of a holding were looked at: on the disk of its node, else the state's copies were. */
export function placeOf(
  { node }: Pick<Holding, 'node'>,
  { unseenDisks }: Pick<Sights, 'unseenDisks'>,
): Held['comparedWith'] {
  return unseenDisks.has(node) ? 'in the state' : 'on disk';
}
