/** Whether a gate is open, from what one look showed. Pure. */
import type { GateStep } from '../rollout/index.ts';
import type { Sight } from './types.ts';

export interface Judged {
  /** What keeps it shut; empty: it is open. */
  readonly shut: readonly Sight[];
  /** Out of sight from here, where something must be seen: waiting does not help. */
  readonly blind: readonly Sight[];
  /** Not seen to hold, and not in the way. */
  readonly doubtful: readonly Sight[];
}

/**
 * An endpoint must say that it is well, and what dials it must get through. What it dials itself must hold where it
 * held before: a worker that is switched off stops no renewal.
 *
 * @param mustSee whether what is hidden from here will not do: a component that went away has to be seen again
 */
export function judgeGate(
  { healthy, dialled }: GateStep,
  sights: readonly Sight[],
  heldBefore: ReadonlySet<string>,
  mustSee: boolean,
): Judged {
  const isHealth = new Set(healthy);
  const isDialled = new Set(dialled);
  const shut: Sight[] = [];
  const blind: Sight[] = [];
  const doubtful: Sight[] = [];
  const well = sights.some(({ id, state }) => isHealth.has(id) && state === 'ok');
  for (const sight of sights) {
    const { id, state } = sight;
    if (state === 'ok') continue;
    if (state === 'hidden') (mustSee && isHealth.has(id) ? blind : doubtful).push(sight);
    else if (isDialled.has(id) && !heldBefore.has(id)) doubtful.push(sight);
    // The endpoint answers, and this edge cannot be told from here: another's address, a token of a pod.
    else if (state === 'unseen' && !isHealth.has(id) && well) doubtful.push(sight);
    else shut.push(sight);
  }
  return { shut, blind, doubtful };
}
