import type { Instant } from '../base/index.ts';
import { oversizedKey, type Pool, unfitKey, type Verification } from '../verify/index.ts';
import type { Certificate } from '../x509/index.ts';
import type { Chain } from './pair.ts';
import { type Moment, verifyOnce } from './verification.ts';

/** One direction of an edge. */
export interface Direction {
  /** Go's text, as the side that refuses prints it; undefined when it accepts. */
  readonly error: string | undefined;
  /** When the certificates that this rests on end. */
  readonly expires: Instant | undefined;
  /** Short sentences for people. */
  readonly notes: readonly string[];
}

export function refuses(error: string, expires?: Instant): Direction {
  return { error, expires, notes: [] };
}

export function accepts(expires: Instant | undefined, ...notes: readonly string[]): Direction {
  return { error: undefined, expires, notes };
}

/**
 * crypto/tls/handshake_client.go, verifyServerCertificate: how Go's client prints a refusal, or the server that
 * cannot sign.
 */
export function serverDirection(chain: Chain, roots: Pool, name: string, moment: Moment): Direction {
  const unfit = unfitKey(chain.leaf.publicKey, moment.rules);
  if (unfit?.early === true) return refuses(unfit.error, chain.leaf.notAfter);
  const refusal = atFirstSight(chain, 'server');
  if (refusal) return refusal;
  const verification = verifyOnce(chain, roots, 'server', name, moment);
  if (verification.ok && unfit) return refuses(unfit.error, chain.leaf.notAfter);
  return directionOf(verification, chain.leaf, (error) => `tls: failed to verify certificate: ${error}`);
}

/**
 * crypto/tls/handshake_server.go, processCertsFromClient. Where the handshake only asks for a certificate
 * the component verifies it later, and prints what x509 says.
 */
export function clientDirection(
  chain: Chain,
  roots: Pool,
  verified: 'handshake' | 'request',
  moment: Moment,
): Direction {
  const refusal = atFirstSight(chain, 'client');
  if (refusal) return refusal;
  // A server that verifies in the handshake does so before it looks for the signature.
  const unfit = unfitKey(chain.leaf.publicKey, moment.rules);
  if (unfit && verified === 'request') return refuses(unfit.error, chain.leaf.notAfter);
  const verification = verifyOnce(chain, roots, 'client', '', moment);
  if (verification.ok && unfit) return refuses(unfit.error, chain.leaf.notAfter);
  return directionOf(verification, chain.leaf, (error) =>
    verified === 'handshake' ? `tls: failed to verify certificate: ${error}` : error,
  );
}

/** How Go begins to tell of a certificate that it cannot parse. */
export const UNREADABLE = {
  server: 'tls: failed to parse certificate from server',
  client: 'tls: failed to parse client certificate',
} as const;

/** One after the other, as they were sent: each is parsed, and then its key is measured. By who verifies nothing, too. */
export function atFirstSight(
  { leaf, intermediates, unreadable }: Chain,
  by: 'server' | 'client',
): Direction | undefined {
  const large = oversizedKey([leaf, ...intermediates].slice(0, unreadable?.at), by);
  if (large !== undefined) return refuses(large, leaf.notAfter);
  return unreadable && refuses(`${UNREADABLE[by]}: ${unreadable.error}`);
}

function directionOf(
  verification: Verification,
  leaf: Certificate,
  wrap: (error: string) => string,
): Direction {
  if (!verification.ok) return refuses(wrap(verification.error), leaf.notAfter);
  // It holds for as long as one of the chains does, and a chain for as long as all of its certificates.
  let last = Number.NEGATIVE_INFINITY;
  for (const chain of verification.chains) {
    let first = Number.POSITIVE_INFINITY;
    for (const { notAfter } of chain) first = Math.min(first, notAfter);
    last = Math.max(last, first);
  }
  return accepts(last);
}
