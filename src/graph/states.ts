import type { DialLink, NodeState } from './types.ts';

/**
 * How those stand who dial and who answer, by their ids. One with whom no edge holds is refused. Another is not
 * blamed for the edges that it shares with such a one; for what is left of refusals it is partly refused.
 */
export function partyStates(dials: readonly DialLink[]): Map<string, NodeState> {
  const byParty = new Map<string, DialLink[]>();
  for (const dial of dials)
    for (const id of [dial.from, dial.to]) {
      const known = byParty.get(id);
      if (known) known.push(dial);
      else byParty.set(id, [dial]);
    }
  const refused = new Set<string>();
  for (const [id, own] of byParty) if (own.every(({ state }) => state === 'refused')) refused.add(id);
  const isOpen = ({ state, from, to }: DialLink) =>
    state === 'refused' && !refused.has(from) && !refused.has(to);
  const stateOf = (id: string, own: readonly DialLink[]): NodeState => {
    if (refused.has(id)) return 'refused';
    if (own.some(isOpen)) return 'partly';
    return own.some(({ state }) => state === 'unknown') ? 'unknown' : 'ok';
  };
  return new Map(Array.from(byParty, ([id, own]) => [id, stateOf(id, own)]));
}
