import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { asBuffer } from '../../base/index.ts';
import { type Certificate, type PublicKey, signatureAlgorithm } from '../../x509/index.ts';
import { unmodelled } from '../unmodelled.ts';

/** What OpenSSL knows of a signature algorithm (crypto/objects/obj_xref.txt). */
interface Signature {
  readonly key: PublicKey['kind'] | 'dsa' | 'ed448';
  /** Undefined where the key's own scheme hashes, or where OpenSSL has no such digest. */
  readonly hash?: string;
  /**
   * Security bits (crypto/x509/x509_set.c, x509_sig_info_init): half the digest, less for what is broken.
   * Undefined: none can be told, which no level above 0 accepts.
   */
  readonly bits?: number;
}

const ALGORITHMS: Readonly<Record<string, Signature>> = {
  '1.2.840.113549.1.1.2': { key: 'rsa' }, // MD2 is not built in
  '1.2.840.113549.1.1.4': { key: 'rsa', hash: 'md5', bits: 39 },
  '1.2.840.113549.1.1.5': { key: 'rsa', hash: 'sha1', bits: 63 },
  '1.3.14.3.2.29': { key: 'rsa', hash: 'sha1', bits: 63 },
  '1.2.840.113549.1.1.11': { key: 'rsa', hash: 'sha256', bits: 128 },
  '1.2.840.113549.1.1.12': { key: 'rsa', hash: 'sha384', bits: 192 },
  '1.2.840.113549.1.1.13': { key: 'rsa', hash: 'sha512', bits: 256 },
  '1.2.840.113549.1.1.14': { key: 'rsa', hash: 'sha224', bits: 112 },
  '1.2.840.10045.4.1': { key: 'ecdsa', hash: 'sha1', bits: 63 },
  '1.2.840.10045.4.3.1': { key: 'ecdsa', hash: 'sha224', bits: 112 },
  '1.2.840.10045.4.3.2': { key: 'ecdsa', hash: 'sha256', bits: 128 },
  '1.2.840.10045.4.3.3': { key: 'ecdsa', hash: 'sha384', bits: 192 },
  '1.2.840.10045.4.3.4': { key: 'ecdsa', hash: 'sha512', bits: 256 },
  '1.2.840.10040.4.3': { key: 'dsa', hash: 'sha1', bits: 63 },
  '2.16.840.1.101.3.4.3.1': { key: 'dsa', hash: 'sha224', bits: 112 },
  '2.16.840.1.101.3.4.3.2': { key: 'dsa', hash: 'sha256', bits: 128 },
  '1.3.101.112': { key: 'ed25519', bits: 128 },
  '1.3.101.113': { key: 'ed448', bits: 224 },
};

const RSA_PSS = '1.2.840.113549.1.1.10';

function signatureOf({ signatureAlgorithm: oid, signatureParameters }: Certificate): Signature | undefined {
  if (oid !== RSA_PSS) return ALGORITHMS[oid];
  const hash = signatureAlgorithm(oid, signatureParameters)?.hash;
  return hash ? { key: 'rsa', hash, bits: Number(hash.slice(3)) / 2 } : unmodelled('RSA-PSS parameters');
}

/** check_sig_alg_match (crypto/x509/v3_purp.c): could a key of this kind have made that signature? */
export function fitsKey(child: Certificate, issuer: PublicKey): boolean {
  return keyObject(issuer) !== undefined && signatureOf(child)?.key === issuer.kind;
}

/** check_sig_level: undefined when no level can be told. */
export function signatureBits(certificate: Certificate): number | undefined {
  return signatureOf(certificate)?.bits;
}

const objects = new WeakMap<PublicKey, KeyObject | null>();

/** X509_get0_pubkey: undefined when the key cannot be read. */
export function keyObject(key: PublicKey): KeyObject | undefined {
  if (key.kind === 'unknown') return unmodelled(`public keys of algorithm ${key.name}`);
  let object = objects.get(key);
  if (object === undefined) objects.set(key, (object = readKey(key)));
  return object ?? undefined;
}

function readKey({ spki }: PublicKey): KeyObject | null {
  try {
    return createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

/** X509_verify, by OpenSSL's own arithmetic, so that odd keys are as odd here as there. */
export function isSignedBy(child: Certificate, key: KeyObject): boolean {
  const signature = signatureOf(child);
  if (!signature || (signature.key !== 'ed25519' && !signature.hash)) return false;
  if (signature.key === 'ed25519' && child.signatureParameters !== undefined) return false;
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  const isPss = child.signatureAlgorithm === RSA_PSS;
  const pss = { padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  try {
    const options = isPss ? { key, ...pss } : key;
    return verify(signature.hash ?? null, child.tbs, options, child.signature);
  } catch {
    return false;
  }
}

/** EVP_PKEY_get_security_bits: ossl_ifc_ffc_compute_security_bits for RSA, half the order for curves. */
export function keyBits({ kind, bits }: PublicKey): number {
  if (kind === 'ed25519') return 128;
  if (kind === 'ecdsa') return bits === 521 ? 256 : bits / 2;
  return rsaSecurityBits(bits);
}

/** NIST SP 800-56B rev. 2, appendix D: the table's values, else the formula rounded to whole bytes. */
function rsaSecurityBits(bits: number): number {
  const table: Readonly<Record<number, number>> = { 2048: 112, 3072: 128, 4096: 152, 6144: 176, 8192: 200 };
  const known = table[bits];
  if (known !== undefined) return known;
  if (bits < 8) return 0;
  const most = bits <= 7680 ? 192 : bits <= 15360 ? 256 : 1200;
  const x = bits * Math.LN2;
  const y = (1.923 * Math.cbrt(x * Math.log(x) ** 2) - 4.69) / Math.LN2;
  return Math.min((Math.trunc(y) + 4) & ~7, most);
}
