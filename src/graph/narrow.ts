import type { DialLink, TrustGraph } from './types.ts';

/** Only these edges, and what they rest on: who dials and who answers, what they present, who signed it, whom they trust. */
export function narrowGraph(graph: TrustGraph, keep: (dial: DialLink) => boolean): TrustGraph {
  const kept = new Set<string>();
  const answering = new Set<string>();
  for (const link of graph.links) {
    if (link.kind !== 'dials' || !keep(link)) continue;
    kept.add(link.from).add(link.to);
    if (link.presents !== undefined) kept.add(link.presents);
    answering.add(link.to);
  }
  const parties = new Set(kept);
  for (const { kind, from, to } of graph.links) {
    if (kind === 'presents' && answering.has(from)) kept.add(to);
    if (kind === 'trusts' && parties.has(from)) kept.add(to);
  }
  const signers = new Map<string, string[]>();
  for (const { kind, from, to } of graph.links)
    if (kind === 'signs') signers.set(to, [...(signers.get(to) ?? []), from]);
  // A set that grows while it is walked is walked to its end: issuers of issuers, and loops end.
  for (const id of kept) for (const signer of signers.get(id) ?? []) kept.add(signer);
  return {
    ...graph,
    nodes: graph.nodes.filter(({ id }) => kept.has(id)),
    links: graph.links.filter((link) =>
      link.kind === 'dials' ? keep(link) : kept.has(link.from) && kept.has(link.to),
    ),
  };
}
