import { equalBytes, type Instant, KubetlsError } from '../base/index.ts';
import type { Edge, Endpoint } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { type GoRules, newestRules, parseRefusal, unfitKey } from '../verify/index.ts';
import { type Certificate, parseCertificateBy, serialDecimal } from '../x509/index.ts';
import { advertisedAuthorities } from './advertised.ts';
import { clientSide } from './client-side.ts';
import { verdictOf } from './evaluate.ts';
import { accepts, atFirstSight, type Direction, refuses, serverDirection, UNREADABLE } from './handshake.ts';
import type { Moment } from './verification.ts';
import { mistakenIdentity, recognizedUser } from './identity.ts';
import { type Chain, chainOf, loadPairFiles } from './pair.ts';
import type { Observation, Observed } from './types.ts';

/**
 * What a handshake showed, in Go's words: the chain that the endpoint presented, judged by the anchors of
 * the client's files, and what the endpoint made of the client.
 */
export function judge(
  edge: Edge,
  inventory: Inventory,
  observation: Observation,
  at: Instant,
  rules?: GoRules,
): Observed {
  const presented = chainFrom(observation.presented, knownFor(edge, inventory, rules), rules);
  const server = serverShown(edge, inventory, presented, observation, { at, rules });
  const stale =
    typeof presented === 'object' ? staleNote(edge.endpoint, inventory, presented.leaf, rules) : undefined;
  const advertised = advertisedAuthorities(edge.endpoint, inventory, observation.acceptableAuthorities);
  const notes = [...server.notes, ...(stale === undefined ? [] : [stale]), ...advertised.notes];
  const client = clientAnswered(edge, inventory, observation, rules);
  return { ...verdictOf({ ...server, notes }, client), stale: stale !== undefined || advertised.stale };
}

/** What an endpoint is likely to present. It has been read before, and its signatures checked. */
interface Known {
  readonly chain: Chain | undefined;
  readonly certificates: readonly Certificate[];
}

function knownFor(edge: Edge, inventory: Inventory, rules?: GoRules): Known {
  const chain = chainInState(edge.endpoint, inventory, rules);
  const { trusts } = clientSide(edge, inventory, rules);
  const anchors = trusts.kind === 'anchors' ? trusts.pool.certificates : [];
  const whole = chain !== undefined && chain.unreadable === undefined ? chain : undefined;
  return { chain: whole, certificates: chain ? [chain.leaf, ...chain.intermediates, ...anchors] : anchors };
}

function chainInState({ serves }: Endpoint, inventory: Inventory, rules?: GoRules): Chain | undefined {
  if (serves === 'self-signed') return undefined;
  const pair = loadPairFiles(serves.certificate, serves.key, inventory, rules);
  return pair.kind === 'pair' ? pair.chain : undefined;
}

/** Undefined when nothing was presented; a text when the leaf cannot be read. */
function chainFrom(
  presented: readonly Uint8Array[],
  known: Known,
  rules: GoRules = newestRules,
): Chain | string | undefined {
  const [leaf, ...intermediates] = presented.map((der) => readCertificate(der, known.certificates, rules));
  if (leaf === undefined || typeof leaf === 'string') return leaf;
  const { chain } = known;
  const isChain =
    chain?.leaf === leaf &&
    chain.intermediates.length === intermediates.length &&
    chain.intermediates.every((certificate, i) => certificate === intermediates[i]);
  if (isChain) return chain;
  return chainOf(leaf, intermediates);
}

function readCertificate(
  der: Uint8Array,
  known: readonly Certificate[],
  rules: GoRules,
): Certificate | string {
  const found = known.find((certificate) => equalBytes(certificate.der, der));
  if (found) return found;
  try {
    return parseCertificateBy(der, rules);
  } catch (error) {
    if (error instanceof KubetlsError) return parseRefusal(error, rules);
    throw error;
  }
}

function serverShown(
  edge: Edge,
  inventory: Inventory,
  presented: Chain | string | undefined,
  { result }: Observation,
  moment: Moment,
): Direction {
  const { trusts, name } = clientSide(edge, inventory, moment.rules);
  if (presented === undefined) {
    return refuses('text' in result ? result.text : 'tls: received empty certificates message');
  }
  if (typeof presented === 'string') {
    return refuses(`${UNREADABLE.server}: ${presented}`);
  }
  if (trusts.kind === 'broken') return refuses(trusts.error);
  if (trusts.kind === 'skipped') {
    return atFirstSight(presented, 'server') ?? accepts(undefined, `server not verified: ${trusts.because}`);
  }
  return serverDirection(presented, trusts.pool, name, moment);
}

function clientAnswered(
  edge: Edge,
  inventory: Inventory,
  observation: Observation,
  rules?: GoRules,
): Direction {
  const { result, acceptableAuthorities, groups } = observation;
  const { presents } = clientSide(edge, inventory, rules);
  const recognized = recognizedUser(result);
  const name = result.kind === 'accepted' ? result.identity : recognized;
  if (result.kind !== 'accepted' && recognized === undefined) return refuses(result.text);
  if (presents.kind === 'pair') {
    // The probe signs by OpenSSL's rules; the client of the edge is one of Go.
    const unfit = unfitKey(presents.chain.leaf.publicKey, rules);
    if (unfit) return refuses(unfit.error);
    if (acceptableAuthorities === undefined) return refuses(NEVER_ASKED);
    const named = result.kind === 'accepted' ? groups : undefined;
    const mistaken =
      name === undefined ? undefined : mistakenIdentity(edge, presents.chain.leaf, name, named);
    if (mistaken !== undefined) return refuses(mistaken);
  }
  return result.kind === 'accepted'
    ? accepts(undefined)
    : accepts(undefined, `recognized, not authorized: ${result.text}`);
}

/** Whoever is let in then is not let in for the certificate. */
const NEVER_ASKED = 'the endpoint never asked for a certificate';

/** The process still serves what it read at its start, or somebody else answers. */
function staleNote(
  { serves }: Endpoint,
  inventory: Inventory,
  leaf: Certificate,
  rules?: GoRules,
): string | undefined {
  if (serves === 'self-signed') return undefined;
  const pair = loadPairFiles(serves.certificate, serves.key, inventory, rules);
  if (pair.kind === 'broken') return `what it presents is not in the state: ${pair.error}`;
  if (equalBytes(pair.chain.leaf.der, leaf.der)) return undefined;
  const [shown, found] = [leaf, pair.chain.leaf].map(({ serial }) => serialDecimal(serial));
  return `presents the certificate with serial ${shown}, while the one in the state has serial ${found}`;
}
