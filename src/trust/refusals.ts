import { asBuffer, type Instant } from '../base/index.ts';
import type { AuthorityId, Edge, Endpoint } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { GoRules } from '../verify/index.ts';
import type { Name } from '../x509/index.ts';
import { clientAnchors } from './anchors.ts';
import { clientSide } from './client-side.ts';
import { evaluate } from './evaluate.ts';
import { recognizedUser, userNamed } from './identity.ts';
import type { Observation, Outcome, Refusal, RefusalResult } from './types.ts';
import { verifyOnce } from './verification.ts';

/** Owed by every endpoint; `other-authority` where the cluster has one. */
const REFUSALS: readonly Refusal[] = ['no-certificate', 'wrong-authority'];

/**
 * What the endpoint of this edge must refuse, by its policy: in the handshake where that verifies, else
 * with 401, or with 403 for a client that it takes for anonymous. An edge that works without a certificate
 * says nothing about its endpoint.
 */
export function predictRefusals(edge: Edge): readonly Pick<RefusalResult, 'refusal' | 'predicted'>[] {
  if (edge.presents.kind === 'none') return [];
  return REFUSALS.map((refusal) => ({ refusal, predicted: REFUSED }));
}

const REFUSED: Outcome = { ok: true, error: undefined };

/** A client of the cluster with a good certificate of this authority. */
export interface Stranger {
  readonly authority: AuthorityId;
  readonly edge: Edge;
}

/** One client for each authority, taken from the edges; none of an authority whose anchors are not among them. */
export function strangersOf(
  edges: readonly Edge[],
  inventory: Inventory,
  at: Instant,
  rules?: GoRules,
): readonly Stranger[] {
  const subjects = subjectsOf(edges, inventory);
  const found = new Map<AuthorityId, Edge>();
  for (const edge of edges) {
    const { presents } = clientSide(edge, inventory, rules);
    if (presents.kind !== 'pair' || found.size === subjects.length) continue;
    const issuers = [presents.chain.leaf, ...presents.chain.intermediates].map(({ issuer }) => keyOf(issuer));
    const [authority] = subjects.find(([, known]) => issuers.some((issuer) => known.has(issuer))) ?? [];
    if (authority === undefined || found.has(authority)) continue;
    if (evaluate(edge, inventory, at, { rules }).client.ok) found.set(authority, edge);
  }
  return [...found].map(([authority, edge]) => ({ authority, edge }));
}

/**
 * Subjects of each authority's anchors. The cluster's come first: it may be etcd's too, or stand in the
 * bundle of etcd's client port.
 */
function subjectsOf(edges: readonly Edge[], inventory: Inventory): [AuthorityId, ReadonlySet<string>][] {
  const first = (wanted: (endpoint: Endpoint) => boolean) =>
    edges.find(({ endpoint }) => wanted(endpoint))?.endpoint;
  const proxied = first(({ clients }) => clients.frontProxy !== undefined);
  const etcd = first(({ port }) => port === 'peer') ?? first(({ component }) => component === 'etcd');
  const sources: [AuthorityId, Endpoint | undefined, Edge['as']][] = [
    ['cluster', first(({ component }) => component !== 'etcd'), 'client'],
    ['front-proxy', proxied, 'front-proxy'],
    ['etcd', etcd, 'client'],
  ];
  return sources.flatMap(([authority, endpoint, as]) => {
    const anchors = endpoint && clientAnchors(endpoint, inventory, as);
    if (anchors?.kind !== 'anchors') return [];
    return [[authority, new Set(anchors.pool.certificates.map(({ subject }) => keyOf(subject)))]];
  });
}

function keyOf({ der }: Name): string {
  return asBuffer(der).toString('base64');
}

/** By its files the endpoint does not know the authority of this client; one that it knows is no stranger. */
export function isStranger(
  { edge }: Stranger,
  endpoint: Endpoint,
  inventory: Inventory,
  at: Instant,
  rules?: GoRules,
): boolean {
  const { presents } = clientSide(edge, inventory, rules);
  const anchors = clientAnchors(endpoint, inventory, 'client', rules);
  if (presents.kind !== 'pair' || anchors.kind === 'broken') return false;
  const verification = verifyOnce(presents.chain, anchors.pool, 'client', '', { at, rules });
  return !verification.ok && verification.code === 'verify/unknown-authority';
}

/** ok: it was refused, as it must be. Undefined: nothing was seen, or an answer that says neither. */
export function judgeRefusal(edge: Edge, refusal: Refusal, { result }: Observation): Outcome | undefined {
  if (result.kind === 'unreachable' || result.kind === 'unclear') return undefined;
  const user = recognizedUser(result);
  if (result.kind === 'denied' && result.status === 403 && userNamed(result.text) === undefined)
    return undefined;
  if (result.kind !== 'accepted' && user === undefined) return REFUSED;
  const as = result.kind === 'accepted' ? asWhom(result) : `, without rights: ${result.text}`;
  return { ok: false, error: `${edge.endpoint.id} let in ${INTRUDERS[refusal]}${as}` };
}

function asWhom({ identity }: { readonly identity: string | undefined }): string {
  return identity === undefined ? '' : ` as ${identity}`;
}

const INTRUDERS: Readonly<Record<Refusal, string>> = {
  'no-certificate': 'a client without a certificate',
  'wrong-authority': 'a client with a certificate of an unknown authority',
  'other-authority': 'a client with a certificate of another authority of the cluster',
};
