import { DerReader, Tag } from './der.ts';
import { Algorithm, curveByOid } from './keys-algorithms.ts';
import { readOid } from './oid.ts';
import type { PublicKey } from './types.ts';

/**
 * The value of a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). Its structure is read here; whether its point
 * lies on the curve is asked only when the key is used (`keyObject`). An algorithm or curve that we do
 * not know gives kind `unknown`, named by its OID.
 *
 * @throws KubetlsError `x509/der-*`
 */
export function publicKeyFromSpki(spki: Uint8Array): PublicKey {
  const outer = new DerReader(spki);
  const info = outer.enter(Tag.sequence, 'subjectPublicKeyInfo');
  outer.finish('subjectPublicKeyInfo');
  const algorithm = info.enter(Tag.sequence, 'subjectPublicKeyInfo.algorithm');
  const oid = readOid(algorithm, 'subjectPublicKeyInfo.algorithm');
  const bits = info.content(Tag.bitString, 'subjectPublicKeyInfo.subjectPublicKey');
  info.finish('subjectPublicKeyInfo');
  if (bits.length === 0 || (bits[0] as number) > 7) {
    info.fail('x509/der-value', 'not a BIT STRING', 'subjectPublicKeyInfo.subjectPublicKey');
  }
  switch (oid) {
    case Algorithm.rsa:
      return rsaPublicKey(spki, bits);
    case Algorithm.ecdsa:
      return ecdsaPublicKey(spki, algorithm);
    case Algorithm.ed25519:
      return { spki, kind: 'ed25519', bits: 256, name: 'ed25519' };
    default:
      return unknownKey(spki, oid);
  }
}

function rsaPublicKey(spki: Uint8Array, bits: Uint8Array): PublicKey {
  const path = 'subjectPublicKeyInfo.subjectPublicKey';
  const start = bits.byteOffset - spki.byteOffset;
  const outer = new DerReader(spki, start + 1, start + bits.length);
  const modulus = outer.enter(Tag.sequence, path).content(Tag.integer, `${path}.modulus`);
  const size = integerBits(modulus);
  return { spki, kind: 'rsa', bits: size, name: `rsa-${size}` };
}

function ecdsaPublicKey(spki: Uint8Array, algorithm: DerReader): PublicKey {
  // Explicit curve parameters (a SEQUENCE) are forbidden in certificates: RFC 5480, 2.1.1.
  if (algorithm.peek() !== Tag.oid) return unknownKey(spki, Algorithm.ecdsa);
  const oid = readOid(algorithm, 'subjectPublicKeyInfo.algorithm.parameters');
  const curve = curveByOid(oid);
  return curve ? { spki, kind: 'ecdsa', bits: curve.bits, name: curve.name } : unknownKey(spki, oid);
}

function unknownKey(spki: Uint8Array, name: string): PublicKey {
  return { spki, kind: 'unknown', bits: 0, name };
}

/** Bits of a positive INTEGER, from its content octets. */
function integerBits(content: Uint8Array): number {
  const first = content.findIndex((octet) => octet !== 0);
  if (first < 0) return 0;
  return (content.length - first) * 8 - Math.clz32(content[first] as number) + 24;
}
