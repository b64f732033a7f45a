import type { Instant } from '../base/index.ts';
import type { Edge, Endpoint } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import type { GoRules, SignatureOracle } from '../verify/index.ts';
import { type ClientSide, clientSide } from './client-side.ts';
import { withCertificate, withoutCertificate } from './component-rules.ts';
import { accepts, type Direction, refuses, serverDirection } from './handshake.ts';
import type { Moment } from './verification.ts';
import { loadPairFiles } from './pair.ts';
import type { Outcome, Verdict } from './types.ts';

export interface EvaluateOptions {
  /** For rehearsals with certificates that nobody has signed yet. */
  readonly checkSignature?: SignatureOracle | undefined;
  /** Of the release of Kubernetes that runs, `goRules(spec.kubernetes.minor)`; absent: the newest. */
  readonly rules?: GoRules | undefined;
  /** By node, the address that its programs dial from: `nodeAddresses`. Without it etcd's peer check is passed over. */
  readonly addresses?: ReadonlyMap<string, string> | undefined;
}

/**
 * Would this edge work at this instant, with the files as found? Both directions are judged, whatever the
 * other gives, in the words of the side that refuses.
 */
export function evaluate(
  edge: Edge,
  inventory: Inventory,
  at: Instant,
  options: EvaluateOptions = {},
): Verdict {
  const client = clientSide(edge, inventory, options.rules);
  const moment = { at, checkSignature: options.checkSignature, rules: options.rules };
  const server = serverSeen(edge.endpoint, client, inventory, moment);
  return verdictOf(server, clientSeen(edge, client, inventory, moment, options.addresses));
}

/** Each edge by its id. The addresses of nodes are taken from the endpoints, unless given. */
export function evaluateAll(
  edges: readonly Edge[],
  inventory: Inventory,
  at: Instant,
  options: EvaluateOptions = {},
): Map<string, Verdict> {
  const known = { ...options, addresses: options.addresses ?? nodeAddresses(edges) };
  return new Map(edges.map((edge) => [edge.id, evaluate(edge, inventory, at, known)]));
}

/** The addresses that etcd members dial each other from: those of their own peer sockets. */
export function nodeAddresses(edges: readonly Edge[]): Map<string, string> {
  const peers = edges.filter(({ endpoint }) => endpoint.port === 'peer');
  return new Map(peers.map(({ endpoint }) => [endpoint.node, endpoint.address.host]));
}

function serverSeen(endpoint: Endpoint, client: ClientSide, inventory: Inventory, moment: Moment): Direction {
  const { trusts, name } = client;
  const { serves } = endpoint;
  if (trusts.kind === 'broken') return refuses(trusts.error);
  const served =
    serves === 'self-signed'
      ? serves
      : loadPairFiles(serves.certificate, serves.key, inventory, moment.rules);
  if (served !== 'self-signed' && served.kind === 'broken') return refuses(served.error);
  if (trusts.kind === 'skipped') return accepts(undefined, `server not verified: ${trusts.because}`);
  if (served === 'self-signed') return refuses(SELF_SIGNED);
  return serverDirection(served.chain, trusts.pool, name, moment);
}

/** The component makes it anew at each start: nobody can hold it as an anchor. */
const SELF_SIGNED = 'tls: failed to verify certificate: x509: certificate signed by unknown authority';

function clientSeen(
  edge: Edge,
  { presents }: ClientSide,
  inventory: Inventory,
  moment: Moment,
  addresses: ReadonlyMap<string, string> | undefined,
): Direction {
  if (presents.kind === 'broken') return refuses(presents.error);
  if (presents.kind === 'nothing') return withoutCertificate(edge.endpoint.clients, presents);
  const { node } = edge.client;
  const from = node === undefined ? undefined : addresses?.get(node);
  return withCertificate(edge, presents.chain, inventory, moment, from);
}

export function verdictOf(server: Direction, client: Direction): Verdict {
  const error = server.error ?? client.error;
  return {
    ok: error === undefined,
    error,
    server: outcomeOf(server),
    client: outcomeOf(client),
    expires: sooner(server.expires, client.expires),
    notes: client.notes.length === 0 ? server.notes : [...server.notes, ...client.notes],
  };
}

function sooner(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}

function outcomeOf({ error }: Direction): Outcome {
  return { ok: error === undefined, error };
}
