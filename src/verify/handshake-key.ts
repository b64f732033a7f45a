/** Keys that crypto/tls does not take in a handshake of TLS 1.3, whatever the other side thinks of the certificate. */
import type { Certificate, PublicKey } from '../x509/index.ts';
import { type GoRules, newestRules } from './go-rules.ts';
import { shortKeyProblem } from './rsa-key.ts';

export interface UnfitKey {
  /** As the side prints it that has the key. */
  readonly error: string;
  /** Whether it knows before it shows its certificate, as a server. */
  readonly early: boolean;
}

/** crypto/tls/auth.go, rsaSignatureSchemes: the least that any scheme of TLS 1.3 takes is that of RSA-PSS with SHA-256. */
const LEAST_RSA_OCTETS = 32 * 2 + 2;

/** auth.go, selectSignatureScheme and unsupportedCertificateError; handshake_server_tls13.go, sendServerCertificate. */
export function unfitKey(key: PublicKey, rules: GoRules = newestRules): UnfitKey | undefined {
  const { kind, name, bits } = key;
  if (name === 'ecdsa-p224') return { error: 'tls: unsupported certificate curve (P-224)', early: true };
  if (kind !== 'rsa') return undefined;
  if (Math.ceil(bits / 8) < LEAST_RSA_OCTETS) {
    return {
      error: 'tls: certificate RSA key size too small for supported signature algorithms',
      early: true,
    };
  }
  const problem = shortKeyProblem(key, rules);
  return problem === undefined
    ? undefined
    : { error: `tls: failed to sign handshake: ${problem}`, early: false };
}

/** checkKeySize (tlsmaxrsasize): a larger modulus is a way to burn the peer's CPU. */
const LARGEST_RSA_BITS = 8192;

/** handshake_client.go, verifyServerCertificate; handshake_server.go, processCertsFromClient: before any chain is built. */
export function oversizedKey(sent: readonly Certificate[], by: 'server' | 'client'): string | undefined {
  return sent.some(({ publicKey: { kind, bits } }) => kind === 'rsa' && bits > LARGEST_RSA_BITS)
    ? `tls: ${by} sent certificate containing RSA key larger than ${LARGEST_RSA_BITS} bits`
    : undefined;
}
