import type { ClientPolicy, Edge } from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { type GoRules, nameFailure, NO_CERTIFICATE } from '../verify/index.ts';
import { type Certificate, commonName, quote } from '../x509/index.ts';
import { clientAnchors } from './anchors.ts';
import { proxyRefusal, userRefusal } from './authentication.ts';
import type { Nothing } from './found-kubeconfig.ts';
import { accepts, clientDirection, type Direction, refuses } from './handshake.ts';
import type { Moment } from './verification.ts';
import type { Chain } from './pair.ts';

/** Does the endpoint let in a client that shows no certificate? Anonymous requests reach what needs no rights. */
export function withoutCertificate(
  { verified, anonymous }: ClientPolicy,
  { because, instead }: Nothing,
): Direction {
  if (verified === 'handshake' || anonymous === 'refused') {
    return refuses(NO_CERTIFICATE);
  }
  if (instead !== 'token' && anonymous === 'unauthorized') return refuses('Unauthorized');
  if (instead === undefined) return refuses('forbidden: User "system:anonymous"');
  return accepts(undefined, `no client certificate: ${because}`);
}

/** Does the endpoint let in a client that shows this chain? `from`: the IP address that it dials from, if that is known. */
export function withCertificate(
  edge: Edge,
  chain: Chain,
  inventory: Inventory,
  moment: Moment,
  from: string | undefined,
): Direction {
  const policy = edge.endpoint.clients;
  const proxy = edge.as === 'front-proxy' ? policy.frontProxy : undefined;
  const anchors = clientAnchors(edge.endpoint, inventory, edge.as, moment.rules);
  if (anchors.kind === 'broken') return refuses(anchors.error, chain.leaf.notAfter);
  const direction = clientDirection(chain, anchors.pool, policy.verified, moment);
  if (direction.error !== undefined) return direction;
  const refusal =
    (proxy && proxyRefusal(chain.leaf, proxy.allowedNames)) ??
    (!proxy && policy.verified === 'request' ? identityRefusal(chain.leaf) : undefined) ??
    (policy.peerAddressCheck && from !== undefined
      ? addressRefusal(chain.leaf, from, moment.rules)
      : undefined);
  return refusal === undefined ? direction : refuses(refusal, chain.leaf.notAfter);
}

/** CommonNameUserConversion: without a common name there is no user, and nobody else vouches for the client. */
function identityRefusal(leaf: Certificate): string | undefined {
  return commonName(leaf.subject) === '' ? 'Unauthorized' : userRefusal(leaf);
}

/**
 * etcd client/pkg/transport/listener_tls.go, checkCertSAN. It also looks the DNS names up, both ways; here
 * nothing is, so that a certificate without the address counts as refused.
 */
function addressRefusal(leaf: Certificate, from: string, rules?: GoRules): string | undefined {
  const names = leaf.subjectAltNames ?? [];
  const dnsNames = names.flatMap((name) => (name.kind === 'dns' ? [name.value] : []));
  const hasAddress = names.some(({ kind }) => kind === 'ip');
  const failure = hasAddress ? nameFailure(leaf, from, rules) : undefined;
  if ((hasAddress && !failure) || (!hasAddress && dnsNames.length === 0)) return undefined;
  if (failure && dnsNames.length === 0) return failure.error;
  return `tls: ${quote(from)} does not match any of DNSNames [${dnsNames.map(quote).join(' ')}]`;
}
