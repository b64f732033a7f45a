import { toHex } from '../base/index.ts';
import { DerReader, Tag } from './der.ts';
import { rsaKey } from './keys-build.ts';
import { keyError } from './keys-errors.ts';
import { readVersion } from './keys-version.ts';
import type { PrivateKey } from './types.ts';

/** OPENSSL_RSA_MAX_MODULUS_BITS; OpenSSL verifies nothing larger. */
const LARGEST_BITS = 16_384;
/** crypto/rsa refuses larger public exponents, as does Windows. */
const LARGEST_EXPONENT = 2n ** 31n - 1n;

/** RSAPrivateKey: RFC 8017, A.1.2. */
export function privateKeyFromPkcs1(der: Uint8Array): PrivateKey {
  return readRsaPrivateKey(new DerReader(der));
}

/** The same, which must be all that the reader holds. Keys of more than two primes are not read. */
export function readRsaPrivateKey(outer: DerReader): PrivateKey {
  const start = outer.at;
  const key = outer.enter(Tag.sequence, 'rsaPrivateKey');
  outer.finish('rsaPrivateKey');
  readVersion(key, 'rsaPrivateKey.version', [0]);
  const publicPart = new DerReader(outer.bytes, key.at, key.end);
  const next = (field: string) => readPositive(key, `rsaPrivateKey.${field}`);
  const numbers: RsaNumbers = {
    n: next('modulus'),
    e: next('publicExponent'),
    d: next('privateExponent'),
    p: next('prime1'),
    q: next('prime2'),
    dp: next('exponent1'),
    dq: next('exponent2'),
    qi: next('coefficient'),
  };
  key.finish('rsaPrivateKey');
  if (numbers.e > LARGEST_EXPONENT) {
    throw keyError('x509/key-unsupported', 'the RSA public exponent is above 2^31 - 1');
  }
  if (!isWhole(numbers)) {
    throw keyError('x509/key-mismatch', 'the numbers of the RSA key do not belong together');
  }
  const modulus = publicPart.any('rsaPrivateKey.modulus');
  const exponent = publicPart.any('rsaPrivateKey.publicExponent');
  return rsaKey(outer.bytes.slice(start, outer.end), modulus, exponent, numbers.n.toString(2).length);
}

/** The letters of RFC 8017, 3.2. */
type RsaNumbers = Readonly<Record<'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi', bigint>>;

/** RFC 8017, 3.2, all but the primality, which nobody's reader proves. */
function isWhole({ n, e, d, p, q, dp, dq, qi }: RsaNumbers): boolean {
  if (p < 3n || q < 3n || p * q !== n || n % 2n === 0n || e < 3n || e % 2n === 0n) return false;
  if ((d * e) % (p - 1n) !== 1n || (d * e) % (q - 1n) !== 1n) return false;
  return dp === d % (p - 1n) && dq === d % (q - 1n) && (qi * q) % p === 1n;
}

function readPositive(reader: DerReader, path: string): bigint {
  const at = reader.at;
  const start = reader.integer(path);
  if (reader.at - start > LARGEST_BITS / 8 + 1) {
    const where = { offset: at, path };
    throw keyError('x509/key-limit', `RSA numbers above ${LARGEST_BITS} bits are not read`, where);
  }
  if (reader.bytes[start]! >= 0x80) reader.fail('x509/der-value', 'the number is negative', path, at);
  return BigInt(`0x${toHex(reader.bytes.subarray(start, reader.at))}`);
}
