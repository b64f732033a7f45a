/**
 * Which nodes are drawn as one box. Alike are nodes of one kind and role, under the same issuers, that trust the
 * same authorities. Beyond a number of them those that are sound fold into one box. The others are what a reader
 * looks for: a few stay boxes of their own; many fold by themselves.
 */
import { grouped } from '../base/index.ts';
import type { NodeState, TrustGraph, TrustLink, TrustNode } from './types.ts';

export interface FoldOptions {
  /** So many alike nodes still have a box each. */
  readonly most: number;
  /** So many unsound ones of a kind that is folded are still named, each in a box. */
  readonly named: number;
}

/** Three control planes side by side fill two pages with what one says: they fold. */
export const FOLD: FoldOptions = { most: 2, named: 4 };

/** In a rotation there are two of each; more than this nobody reads, and a hostile tree has thousands. */
const AUTHORITIES = 12;

/** The nodes of one box, at least one, in the order of the graph. */
export type Group = readonly [TrustNode, ...TrustNode[]];

export function foldNodes({ nodes, links }: TrustGraph, options: FoldOptions): Group[] {
  const suspects = presentedByUnsound(nodes, links);
  const fold = (some: readonly TrustNode[], keyOf: (node: TrustNode) => string, most: number) =>
    [...grouped(some, keyOf).values()].flatMap((alike) =>
      alike.length <= most ? alike.map(alone) : unlike(alike, suspects, options.named),
    );
  const isAuthority = ({ kind }: TrustNode) => kind === 'authority';
  const authorities = fold(nodes.filter(isAuthority), () => '', Math.max(AUTHORITIES, options.most));
  const others = nodes.filter((node) => !isAuthority(node));
  return [...authorities, ...fold(others, signatures(links, authorities), options.most)];
}

/** Those that are sound together; the others each, or together by how they stand. Nobody is named where all fare alike. */
function unlike(
  alike: readonly TrustNode[],
  suspects: ReadonlyMap<string, NodeState>,
  named: number,
): Group[] {
  const stateOf = ({ id, state }: TrustNode) => (state === 'ok' ? (suspects.get(id) ?? 'ok') : state);
  const sorts = grouped(alike, stateOf);
  return [...sorts].flatMap(([state, some]) =>
    sorts.size > 1 && state !== 'ok' && some.length <= named ? some.map(alone) : [some as unknown as Group],
  );
}

function alone(node: TrustNode): Group {
  return [node];
}

/** So that what an unsound socket or client presents stands beside it. */
function presentedByUnsound(
  nodes: readonly TrustNode[],
  links: readonly TrustLink[],
): Map<string, NodeState> {
  const unsound = new Map(nodes.filter(({ state }) => state !== 'ok').map(({ id, state }) => [id, state]));
  const found = new Map<string, NodeState>();
  for (const { kind, from, to } of links) {
    const state = unsound.get(from);
    if (kind === 'presents' && state) found.set(to, state);
  }
  return found;
}

/** By the boxes of the authorities, of which there are few, and not by the authorities. */
function signatures(links: readonly TrustLink[], authorities: readonly Group[]): (node: TrustNode) => string {
  const boxes = new Map(authorities.flatMap((group, i) => group.map(({ id }) => [id, i])));
  const beside = new Map<string, Set<number>>();
  for (const { kind, from, to } of links) {
    if (kind !== 'signs' && kind !== 'trusts') continue;
    const [node, authority] = kind === 'signs' ? [to, from] : [from, to];
    const box = boxes.get(authority);
    if (box !== undefined) beside.set(node, (beside.get(node) ?? new Set()).add(box));
  }
  return ({ id, kind, role }) =>
    JSON.stringify([kind, role, [...(beside.get(id) ?? [])].sort((one, other) => one - other)]);
}
