import type { Instant } from '../base/index.ts';
import { type Alert, alertOfServer, type GoRules, NO_CERTIFICATE, oversizedKey } from '../verify/index.ts';
import { type Certificate, quote } from '../x509/index.ts';
import { verifyClient } from './identity.ts';
import type { Anchors } from './material.ts';

/** Why a handshake ends badly for a client. `alert` undefined: the connection is only closed. */
export interface Refusal {
  readonly alert: Alert | undefined;
  /** As the server logs it. */
  readonly error: string;
}

export interface Asked {
  readonly presented: readonly Certificate[];
  readonly tls13: boolean;
  /** Host that the client dials from. */
  readonly remote: string;
  /** Set where a certificate's names must match where it comes from. */
  readonly peers: ReadonlySet<string> | undefined;
  readonly anchors: Anchors;
  readonly at: Instant;
  readonly rules: GoRules;
}

/** Go's tls.RequireAndVerifyClientCert (crypto/tls/handshake_server.go, processCertsFromClient), then etcd's own. */
export function refusalOf({
  presented,
  tls13,
  remote,
  peers,
  anchors,
  at,
  rules,
}: Asked): Refusal | undefined {
  const [leaf] = presented;
  if (leaf === undefined) return refused(NO_CERTIFICATE, tls13);
  const large = oversizedKey(presented, 'client');
  if (large !== undefined) return refused(large, tls13);
  const failure = verifyClient(presented, anchors, at, rules);
  if (failure !== undefined) return refused(`tls: failed to verify certificate: ${failure.error}`, tls13);
  const error = peers && addressError(leaf, remote, peers);
  return error === undefined ? undefined : { alert: undefined, error };
}

function refused(error: string, tls13: boolean): Refusal {
  return { alert: alertOfServer(error, tls13), error };
}

/**
 * etcd client/pkg/transport/listener_tls.go, checkCertSAN, after the handshake. Where it compares with the
 * remote address and looks names up, loopback stands for every member here: any of their names will do.
 */
function addressError(leaf: Certificate, remote: string, peers: ReadonlySet<string>): string | undefined {
  const names = leaf.subjectAltNames ?? [];
  const valuesOf = (kind: 'ip' | 'dns'): string[] =>
    names.flatMap((name) => (name.kind === kind ? [name.value] : []));
  const [addresses, hosts] = [valuesOf('ip'), valuesOf('dns')];
  if (addresses.length + hosts.length === 0) return undefined;
  if ([...addresses, ...hosts].some((name) => name === remote || peers.has(name))) return undefined;
  return hosts.length > 0
    ? `tls: ${quote(remote)} does not match any of DNSNames [${hosts.map(quote).join(' ')}]`
    : `x509: certificate is valid for ${addresses.join(', ')}, not ${remote}`;
}
