import { constants, sign, verify } from 'node:crypto';
import { KubetlsError } from '../base/index.ts';
import { keyObject } from './keys-object.ts';
import {
  type SignatureAlgorithm,
  signatureAlgorithm,
  signatureAlgorithmFor,
} from './signature-algorithms.ts';
import type { PrivateKey, PublicKey } from './types.ts';

/**
 * Signs as `signatureAlgorithmFor(key.publicKey)` says: PKCS#1 v1.5, ECDSA as DER, or Ed25519.
 *
 * @throws KubetlsError `x509/key-unsupported`, `x509/key-invalid`
 */
export function signBytes(key: PrivateKey, bytes: Uint8Array): Uint8Array {
  return sign(signatureAlgorithmFor(key.publicKey).hash, bytes, keyObject(key));
}

/**
 * `insecure`: Go refuses the algorithm whatever the signature says (MD5, SHA-1), or the RSA key is below
 * 1024 bits (crypto/rsa, checkKeySize). `unsupported`: neither Go nor we have it.
 */
export type SignatureCheck = 'ok' | 'invalid' | 'insecure' | 'unsupported';

/** Below this, crypto/rsa of Go 1.24 and later neither signs nor verifies. */
const SMALLEST_RSA_BITS = 1024;

interface SignatureOptions {
  readonly allowSha1?: boolean;
  readonly smallestRsaBits?: number;
}

/**
 * Verifies as Go's crypto/x509 does (x509.go, checkSignature). Never throws for what the bytes hold: a
 * key that is none gives `invalid`, as does an algorithm that belongs to another kind of key. `allowSha1`:
 * of a request or a CRL, where Go still takes it. `smallestRsaBits`: 0 for Go with GODEBUG rsa1024min=0.
 */
export function checkSignature(
  key: PublicKey,
  algorithmOid: string,
  parameters: Uint8Array | undefined,
  signed: Uint8Array,
  signature: Uint8Array,
  { allowSha1 = false, smallestRsaBits = SMALLEST_RSA_BITS }: SignatureOptions = {},
): SignatureCheck {
  const algorithm = signatureAlgorithm(algorithmOid, parameters);
  if (!algorithm || key.kind === 'unknown') return 'unsupported';
  const good = algorithm.status === 'good' || (allowSha1 && algorithm.hash === 'sha1');
  if (!good) return algorithm.status;
  if ((algorithm.kind === 'rsa-pss' ? 'rsa' : algorithm.kind) !== key.kind) return 'invalid';
  if (key.kind === 'rsa' && key.bits < smallestRsaBits) return 'insecure';
  // RFC 8017, 8.1.2 and 8.2.2: as long as the modulus. OpenSSL forgives RSASSA-PSS a zero that is left out; Go does not.
  if (key.kind === 'rsa' && signature.length !== Math.ceil(key.bits / 8)) return 'invalid';
  return verifies(key, algorithm, signed, signature) ? 'ok' : 'invalid';
}

function verifies(
  key: PublicKey,
  algorithm: SignatureAlgorithm,
  signed: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    const object = keyObject(key);
    if (algorithm.kind !== 'rsa-pss') return verify(algorithm.hash, signed, object, signature);
    // Node's default takes a salt of any length; Go does not.
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const options = { key: object, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
    return verify(algorithm.hash, signed, options, signature);
  } catch (error) {
    if (error instanceof KubetlsError || isOpenSslError(error)) return false;
    throw error;
  }
}

function isOpenSslError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_OSSL');
}
