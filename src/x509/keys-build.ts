import { asBuffer, concatBytes, Secret } from '../base/index.ts';
import { encodeAlgorithm, NULL } from './algorithm-identifier.ts';
import { contextConstructedTag, DerReader, Tag } from './der.ts';
import { encode, encodeBitString } from './der-encode.ts';
import { Algorithm, type Curve } from './keys-algorithms.ts';
import { oidElement } from './oid.ts';
import type { PrivateKey, PublicKey } from './types.ts';

/**
 * Key values from numbers. For ECDSA every length is fixed by the curve, so each curve has its encodings
 * once, with places for the numbers: making a key, or writing it in another form, is then a few copies.
 */
interface Form {
  readonly blank: Uint8Array;
  /** -1 in a public key. */
  readonly scalarAt: number;
  readonly pointAt: number;
}

interface Forms {
  readonly spki: Form;
  readonly pkcs8: Form;
  readonly traditional: Form;
}

const VERSION_0 = Uint8Array.of(Tag.integer, 1, 0);
const VERSION_1 = Uint8Array.of(Tag.integer, 1, 1);

const formsByCurve = new Map<string, Forms>();

function formsOf(curve: Curve): Forms {
  const known = formsByCurve.get(curve.oid);
  if (known) return known;
  const oid = oidElement(curve.oid);
  const algorithm = encodeAlgorithm(Algorithm.ecdsa, oid);
  const scalar = new Uint8Array(curve.octets).fill(PLACE);
  const point = new Uint8Array(2 * curve.octets + 1);
  const inner = encode(Tag.octetString, sec1(scalar, point));
  const forms = {
    spki: formOf(spkiOf(algorithm, point), scalar, point),
    pkcs8: formOf(encode(Tag.sequence, VERSION_0, algorithm, inner), scalar, point),
    traditional: formOf(sec1(scalar, point, oid), scalar, point),
  };
  formsByCurve.set(curve.oid, forms);
  return forms;
}

/** No tag or length has this octet, so that a run of it is the place of the scalar. */
const PLACE = 0xff;

/** The point is last in every form. */
function formOf(der: Uint8Array, scalar: Uint8Array, point: Uint8Array): Form {
  const scalarAt = asBuffer(der).indexOf(scalar);
  const blank = der.map((octet) => (octet === PLACE ? 0 : octet));
  return { blank, scalarAt, pointAt: der.length - point.length };
}

function filled(
  { blank, scalarAt, pointAt }: Form,
  scalar: Uint8Array,
  point: Uint8Array,
  octets: number,
): Uint8Array {
  const der = blank.slice();
  // OpenSSL gives the scalar without its leading zeros.
  if (scalarAt >= 0) der.set(scalar, scalarAt + octets - scalar.length);
  der.set(point, pointAt);
  return der;
}

/** ECPrivateKey of RFC 5915 without its curve, which PKCS#8 names outside. */
function sec1(scalar: Uint8Array, point: Uint8Array, parameters?: Uint8Array): Uint8Array {
  const curve = parameters ? encode(contextConstructedTag(0), parameters) : new Uint8Array();
  return encode(Tag.sequence, VERSION_1, encode(Tag.octetString, scalar), curve, publicPart(point));
}

function publicPart(point: Uint8Array): Uint8Array {
  return encode(contextConstructedTag(1), encodeBitString(point));
}

function spkiOf(algorithm: Uint8Array, bits: Uint8Array): Uint8Array {
  return encode(Tag.sequence, algorithm, encodeBitString(bits));
}

/**
 * An ECDSA key from its scalar and its uncompressed point, taken at their word: that they belong
 * together is for the caller to know, because it has just generated or checked them.
 */
export function ecdsaKey(curve: Curve, scalar: Uint8Array, point: Uint8Array): PrivateKey {
  const { spki, pkcs8 } = formsOf(curve);
  const publicKey: PublicKey = {
    spki: filled(spki, scalar, point, curve.octets),
    kind: 'ecdsa',
    bits: curve.bits,
    name: curve.name,
  };
  return { publicKey, pkcs8: new Secret(filled(pkcs8, scalar, point, curve.octets)) };
}

/** `EC PRIVATE KEY` wants the curve inside (RFC 5915, 3), as Go and OpenSSL write it. */
export function ecdsaTraditional(curve: Curve, der: Uint8Array): Uint8Array {
  const { pkcs8, traditional } = formsOf(curve);
  const scalar = der.subarray(pkcs8.scalarAt, pkcs8.scalarAt + curve.octets);
  return filled(traditional, scalar, der.subarray(pkcs8.pointAt), curve.octets);
}

/** An RSA key from its RSAPrivateKey (RFC 8017, A.1.2), whose first two numbers are the public key. */
export function rsaKey(
  pkcs1: Uint8Array,
  modulus: Uint8Array,
  exponent: Uint8Array,
  bits: number,
): PrivateKey {
  const algorithm = encodeAlgorithm(Algorithm.rsa, NULL);
  const spki = spkiOf(algorithm, encode(Tag.sequence, concatBytes([modulus, exponent])));
  const pkcs8 = encode(Tag.sequence, VERSION_0, algorithm, encode(Tag.octetString, pkcs1));
  return { publicKey: { spki, kind: 'rsa', bits, name: `rsa-${bits}` }, pkcs8: new Secret(pkcs8) };
}

/** The RSAPrivateKey inside. */
export function rsaTraditional(pkcs8: Uint8Array): Uint8Array {
  const info = new DerReader(pkcs8).enter(Tag.sequence, 'privateKeyInfo');
  info.skip('privateKeyInfo.version');
  info.skip('privateKeyInfo.algorithm');
  return info.content(Tag.octetString, 'privateKeyInfo.privateKey');
}

/** An Ed25519 key from its seed and its public key, 32 octets each (RFC 8410, 7). */
export function ed25519Key(seed: Uint8Array, point: Uint8Array): PrivateKey {
  const algorithm = encodeAlgorithm(Algorithm.ed25519);
  const inner = encode(Tag.octetString, encode(Tag.octetString, seed));
  const pkcs8 = encode(Tag.sequence, VERSION_0, algorithm, inner);
  const spki = spkiOf(algorithm, point);
  return { publicKey: { spki, kind: 'ed25519', bits: 256, name: 'ed25519' }, pkcs8: new Secret(pkcs8) };
}
