/** The whole graph for programs, `kubetls/graph/v1`: nothing is folded, and every key is there. */
import { type Instant, toRfc3339 } from '../base/index.ts';
import type { TrustGraph, TrustLink, TrustNode } from './types.ts';

export function graphJson({ name, at, edgesFrom, nodes, links }: TrustGraph): object {
  const dials = links.filter(({ kind }) => kind === 'dials');
  const count = (state: string) => dials.filter((dial) => 'state' in dial && dial.state === state).length;
  return {
    schema: 'kubetls/graph/v1',
    cluster: name,
    at: toRfc3339(at),
    edgesFrom: edgesFrom ?? null,
    nodes: nodes.map(nodeJson),
    links: links.map(linkJson),
    summary: {
      nodes: nodes.length,
      links: links.length,
      edges: dials.length,
      ok: count('ok'),
      refused: count('refused'),
      unknown: count('unknown'),
    },
  };
}

function nodeJson(node: TrustNode): object {
  const { id, kind, role, name, state, problem } = node;
  const certified = node.kind === 'authority' || node.kind === 'certificate' ? node : undefined;
  const party = node.kind === 'client' || node.kind === 'endpoint' ? node : undefined;
  const endpoint = node.kind === 'endpoint' ? node : undefined;
  return {
    id,
    kind,
    role,
    name,
    state,
    problem: problem ?? null,
    subject: certified?.subject ?? null,
    sha256: certified ? [certified.sha256].flat() : [],
    notBefore: timeOrNull(certified?.notBefore),
    notAfter: timeOrNull(certified?.notAfter),
    places: certified?.places ?? [],
    node: party?.node ?? null,
    address: endpoint?.address ?? null,
    selfSigned: endpoint?.selfSigned ?? null,
  };
}

function timeOrNull(at: Instant | undefined): string | null {
  return at === undefined ? null : toRfc3339(at);
}

function linkJson(link: TrustLink): object {
  const { kind, from, to } = link;
  const dial = link.kind === 'dials' ? link : undefined;
  return {
    kind,
    from,
    to,
    edge: dial?.edge ?? null,
    name: dial?.name ?? null,
    presents: dial?.presents ?? null,
    state: dial?.state ?? null,
    error: dial?.error ?? null,
    unverified: dial?.unverified ?? [],
    notes: dial?.notes ?? [],
  };
}
