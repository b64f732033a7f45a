import { concatBytes, Secret } from '../base/index.ts';
import { contextConstructedTag, DerReader, encode, Tag } from './der.ts';
import { Algorithm, type Curve } from './keys-algorithms.ts';
import { oidElement } from './oid.ts';
import type { PrivateKey, PublicKey } from './types.ts';

/**
 * Key values from numbers. For ECDSA every length is fixed by the curve, so each curve has its two
 * encodings once, with zeros where the numbers go: making a key is then two copies.
 */
interface Template {
  readonly spki: Uint8Array;
  readonly pkcs8: Uint8Array;
  readonly scalarAt: number;
}

const NULL = Uint8Array.of(Tag.null, 0);
const VERSION_0 = Uint8Array.of(Tag.integer, 1, 0);
const VERSION_1 = Uint8Array.of(Tag.integer, 1, 1);

const templates = new Map<string, Template>();

function templateFor(curve: Curve): Template {
  const known = templates.get(curve.oid);
  if (known) return known;
  const algorithm = algorithmIdentifier(Algorithm.ecdsa, oidElement(curve.oid));
  const point = new Uint8Array(2 * curve.octets + 1);
  const inner = sec1(new Uint8Array(curve.octets), point);
  const pkcs8 = encode(Tag.sequence, VERSION_0, algorithm, encode(Tag.octetString, inner));
  const made = {
    spki: spkiOf(algorithm, point),
    pkcs8,
    scalarAt: pkcs8.length - publicPart(point).length - curve.octets,
  };
  templates.set(curve.oid, made);
  return made;
}

/** ECPrivateKey of RFC 5915 without its curve, which PKCS#8 names outside. */
function sec1(scalar: Uint8Array, point: Uint8Array, parameters?: Uint8Array): Uint8Array {
  const curve = parameters ? encode(contextConstructedTag(0), parameters) : new Uint8Array();
  return encode(Tag.sequence, VERSION_1, encode(Tag.octetString, scalar), curve, publicPart(point));
}

function publicPart(point: Uint8Array): Uint8Array {
  return encode(contextConstructedTag(1), bitString(point));
}

function bitString(bytes: Uint8Array): Uint8Array {
  return encode(Tag.bitString, Uint8Array.of(0), bytes);
}

function spkiOf(algorithm: Uint8Array, bits: Uint8Array): Uint8Array {
  return encode(Tag.sequence, algorithm, bitString(bits));
}

function algorithmIdentifier(oid: string, parameters: Uint8Array = new Uint8Array()): Uint8Array {
  return encode(Tag.sequence, oidElement(oid), parameters);
}

/**
 * An ECDSA key from its scalar and its uncompressed point, taken at their word: that they belong
 * together is for the caller to know, because it has just generated or checked them.
 */
export function ecdsaKey(curve: Curve, scalar: Uint8Array, point: Uint8Array): PrivateKey {
  const template = templateFor(curve);
  const pkcs8 = template.pkcs8.slice();
  // OpenSSL gives the scalar without leading zeros.
  pkcs8.set(scalar, template.scalarAt + curve.octets - scalar.length);
  pkcs8.set(point, pkcs8.length - point.length);
  const spki = template.spki.slice();
  spki.set(point, spki.length - point.length);
  const publicKey: PublicKey = { spki, kind: 'ecdsa', bits: curve.bits, name: curve.name };
  return { publicKey, pkcs8: new Secret(pkcs8) };
}

/** `EC PRIVATE KEY` wants the curve inside (RFC 5915, 3), as Go and OpenSSL write it. */
export function ecdsaTraditional(curve: Curve, pkcs8: Uint8Array): Uint8Array {
  const { scalarAt } = templateFor(curve);
  const scalar = pkcs8.subarray(scalarAt, scalarAt + curve.octets);
  const point = pkcs8.subarray(pkcs8.length - 2 * curve.octets - 1);
  return sec1(scalar, point, oidElement(curve.oid));
}

/** An RSA key from its RSAPrivateKey (RFC 8017, A.1.2), whose first two numbers are the public key. */
export function rsaKey(
  pkcs1: Uint8Array,
  modulus: Uint8Array,
  exponent: Uint8Array,
  bits: number,
): PrivateKey {
  const algorithm = algorithmIdentifier(Algorithm.rsa, NULL);
  const spki = spkiOf(algorithm, encode(Tag.sequence, concatBytes([modulus, exponent])));
  const pkcs8 = encode(Tag.sequence, VERSION_0, algorithm, encode(Tag.octetString, pkcs1));
  return { publicKey: { spki, kind: 'rsa', bits, name: `rsa-${bits}` }, pkcs8: new Secret(pkcs8) };
}

/** The RSAPrivateKey inside. */
export function rsaTraditional(pkcs8: Uint8Array): Uint8Array {
  const info = new DerReader(pkcs8).enter(Tag.sequence, 'privateKeyInfo');
  info.any('privateKeyInfo.version');
  info.any('privateKeyInfo.algorithm');
  return info.content(Tag.octetString, 'privateKeyInfo.privateKey');
}

/** An Ed25519 key from its seed and its public key, 32 octets each (RFC 8410, 7). */
export function ed25519Key(seed: Uint8Array, point: Uint8Array): PrivateKey {
  const algorithm = algorithmIdentifier(Algorithm.ed25519);
  const inner = encode(Tag.octetString, encode(Tag.octetString, seed));
  const pkcs8 = encode(Tag.sequence, VERSION_0, algorithm, inner);
  const spki = spkiOf(algorithm, point);
  return { publicKey: { spki, kind: 'ed25519', bits: 256, name: 'ed25519' }, pkcs8: new Secret(pkcs8) };
}
