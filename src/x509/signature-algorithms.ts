import { encodeAlgorithm, NULL } from './algorithm-identifier.ts';
import { Algorithm } from './keys-algorithms.ts';
import { keyError } from './keys-errors.ts';
import { type Hash, pssHash } from './signature-pss.ts';
import type { PublicKey } from './types.ts';

export interface SignatureAlgorithm {
  /** As Go's SignatureAlgorithm prints it: `ECDSA-SHA256`. */
  readonly name: string;
  readonly kind: 'rsa' | 'rsa-pss' | 'ecdsa' | 'ed25519' | 'dsa';
  /** Undefined for Ed25519, and for what is never verified. SHA-1 counts in requests and CRLs only. */
  readonly hash: Hash | 'sha1' | undefined;
  /** What Go says of it: good, broken (`insecure algorithm`), or never implemented. */
  readonly status: 'good' | 'insecure' | 'unsupported';
}

/** crypto/x509/x509.go, signatureAlgorithmDetails; RSA-PSS is told apart by its parameters. */
const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.113549.1.1.2': { name: 'MD2-RSA', kind: 'rsa', hash: undefined, status: 'unsupported' },
  '1.2.840.113549.1.1.4': { name: 'MD5-RSA', kind: 'rsa', hash: undefined, status: 'insecure' },
  '1.2.840.113549.1.1.5': { name: 'SHA1-RSA', kind: 'rsa', hash: 'sha1', status: 'insecure' },
  '1.3.14.3.2.29': { name: 'SHA1-RSA', kind: 'rsa', hash: 'sha1', status: 'insecure' },
  '1.2.840.113549.1.1.11': { name: 'SHA256-RSA', kind: 'rsa', hash: 'sha256', status: 'good' },
  '1.2.840.113549.1.1.12': { name: 'SHA384-RSA', kind: 'rsa', hash: 'sha384', status: 'good' },
  '1.2.840.113549.1.1.13': { name: 'SHA512-RSA', kind: 'rsa', hash: 'sha512', status: 'good' },
  '1.2.840.10040.4.3': { name: 'DSA-SHA1', kind: 'dsa', hash: undefined, status: 'insecure' },
  '2.16.840.1.101.3.4.3.2': { name: 'DSA-SHA256', kind: 'dsa', hash: undefined, status: 'unsupported' },
  '1.2.840.10045.4.1': { name: 'ECDSA-SHA1', kind: 'ecdsa', hash: 'sha1', status: 'insecure' },
  '1.2.840.10045.4.3.2': { name: 'ECDSA-SHA256', kind: 'ecdsa', hash: 'sha256', status: 'good' },
  '1.2.840.10045.4.3.3': { name: 'ECDSA-SHA384', kind: 'ecdsa', hash: 'sha384', status: 'good' },
  '1.2.840.10045.4.3.4': { name: 'ECDSA-SHA512', kind: 'ecdsa', hash: 'sha512', status: 'good' },
  '1.3.101.112': { name: 'Ed25519', kind: 'ed25519', hash: undefined, status: 'good' },
};

/**
 * The algorithm of an AlgorithmIdentifier; undefined when Go does not know it. `parameters` is the DER of
 * its parameters, which only RSA-PSS has use for; for Ed25519 they must be absent (RFC 8410, 3).
 */
export function signatureAlgorithm(
  oid: string,
  parameters: Uint8Array | undefined,
): SignatureAlgorithm | undefined {
  if (oid === Algorithm.rsaPss) {
    const hash = parameters && pssHash(parameters);
    return hash && { name: `${hash.toUpperCase()}-RSAPSS`, kind: 'rsa-pss', hash, status: 'good' };
  }
  const found = ALGORITHMS[oid];
  return found?.kind === 'ed25519' && parameters !== undefined ? undefined : found;
}

/** For people: Go's name, or the OID itself. */
export function signatureAlgorithmName(oid: string, parameters: Uint8Array | undefined): string {
  return signatureAlgorithm(oid, parameters)?.name ?? oid;
}

export interface SigningAlgorithm {
  readonly oid: string;
  /** DER of the AlgorithmIdentifier. */
  readonly identifier: Uint8Array;
  readonly hash: SignatureAlgorithm['hash'];
}

function signing(oid: string, ...parameters: readonly Uint8Array[]): SigningAlgorithm {
  const identifier = encodeAlgorithm(oid, ...parameters);
  return { oid, identifier, hash: ALGORITHMS[oid]?.hash };
}

const SHA256_RSA = signing('1.2.840.113549.1.1.11', NULL);
const ECDSA_SHA256 = signing('1.2.840.10045.4.3.2');
const ECDSA_SHA384 = signing('1.2.840.10045.4.3.3');
const ECDSA_SHA512 = signing('1.2.840.10045.4.3.4');
const ED25519 = signing('1.3.101.112');

/**
 * What Go signs with by default (crypto/x509, signingParamsForKey), and so what kubeadm and the
 * controller manager sign with.
 *
 * @throws KubetlsError `x509/key-unsupported` for a key of unknown kind
 */
export function signatureAlgorithmFor({ kind, bits, name }: PublicKey): SigningAlgorithm {
  if (kind === 'rsa') return SHA256_RSA;
  if (kind === 'ecdsa') return bits <= 256 ? ECDSA_SHA256 : bits === 384 ? ECDSA_SHA384 : ECDSA_SHA512;
  if (kind === 'ed25519') return ED25519;
  throw keyError('x509/key-unsupported', `no signature can be made with a key of algorithm ${name}`);
}
