/**
 * Private keys as nobody should write them, and some programs do, as the content of their blocks. Each is, or would
 * be, the key of `ecdsa`, `rsa` or `ed25519`: so a certificate of that key tells whether it was read.
 */
import { createPrivateKey } from 'node:crypto';
import { asBuffer, concatBytes } from '../../src/base/index.ts';
import type { PrivateKey } from '../../src/x509/index.ts';
import { der, hex } from './der-tree.ts';

export interface StrangeKeys {
  readonly ecdsa: PrivateKey;
  readonly rsa: PrivateKey;
  readonly ed25519: PrivateKey;
}

type Rows = Readonly<Record<string, Uint8Array>>;

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const octets = (bytes: Uint8Array) => der(0x04, bytes);
const bitString = (bytes: Uint8Array) => der(0x03, Uint8Array.of(0), bytes);
const integer = (value: bigint) => {
  const digits = value.toString(16);
  const bytes = hex(digits.length % 2 === 0 ? digits : `0${digits}`);
  return der(0x02, bytes[0]! >= 0x80 ? concatBytes([Uint8Array.of(0), bytes]) : bytes);
};
const P256 = hex('06 08 2a8648ce3d030107');
const ECDSA = hex('06 07 2a8648ce3d0201');
const NULL = hex('05 00');
const more = hex('02 01 07');

const jwkOf = ({ pkcs8 }: PrivateKey) =>
  createPrivateKey({ key: asBuffer(pkcs8.reveal()), format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
const bytesOf = (base64url: unknown) => new Uint8Array(Buffer.from(String(base64url), 'base64url'));

export function strangeKeys({ ecdsa, rsa, ed25519 }: StrangeKeys): Rows {
  return { ...ofEcdsa(ecdsa), ...ofRsa(rsa), ...ofEd25519(ed25519) };
}

function ofEcdsa(key: PrivateKey): Rows {
  const { d } = jwkOf(key);
  const scalar = bytesOf(d);
  const point = key.publicKey.spki.subarray(-65);
  const version = integer(1n);
  const sec1 = (...parts: readonly Uint8Array[]) => sequence(version, octets(scalar), ...parts);
  const curve = der(0xa0, P256);
  const whole = sec1(curve, der(0xa1, bitString(point)));
  const scalarOnly = (bytes: Uint8Array) => sequence(version, octets(bytes), curve);
  const pkcs8 = (inner: Uint8Array, first = integer(0n), parameters = P256) =>
    sequence(first, sequence(ECDSA, parameters), octets(inner));
  const zeros = (count: number) => new Uint8Array(count);
  return {
    'SEC1, whole': whole,
    'SEC1 and something behind it': concatBytes([whole, more]),
    'SEC1 with something at its end': sec1(curve, der(0xa1, bitString(point)), more),
    'SEC1 with another point': sec1(curve, der(0xa1, bitString(point.map((octet) => octet ^ 1)))),
    'SEC1 with a point of nothing': sec1(curve, der(0xa1, bitString(zeros(0)))),
    'SEC1 with a point that is none': sec1(curve, der(0xa1, octets(point))),
    'SEC1 without a point': sec1(curve),
    'SEC1 without a curve': sec1(der(0xa1, bitString(point))),
    'SEC1 with an unknown curve': sec1(der(0xa0, hex('06 05 2b8104000a'))),
    'SEC1 with a curve spelt out': sec1(der(0xa0, sequence(more))),
    'SEC1 with a curve of nothing': sec1(der(0xa0)),
    'SEC1 of version 2': sequence(integer(2n), octets(scalar), curve),
    'SEC1 with zeros before the number': scalarOnly(concatBytes([zeros(3), scalar])),
    'SEC1 with a number too long': scalarOnly(concatBytes([Uint8Array.of(1), scalar])),
    'SEC1 of zero': scalarOnly(zeros(32)),
    'SEC1 of no number': scalarOnly(zeros(0)),
    'SEC1 of one': scalarOnly(Uint8Array.of(1)),
    'SEC1 of the order': scalarOnly(hex('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')),
    'PKCS#8, whole': pkcs8(sec1(der(0xa1, bitString(point)))),
    'PKCS#8 and something behind it': concatBytes([pkcs8(sec1()), more]),
    'PKCS#8 with something behind what it holds': pkcs8(concatBytes([sec1(), more])),
    'PKCS#8 with attributes': sequence(integer(0n), sequence(ECDSA, P256), octets(sec1()), der(0xa0, more)),
    'PKCS#8 of version 9': pkcs8(sec1(), integer(9n)),
    'PKCS#8 of version -1': pkcs8(sec1(), hex('02 01 ff')),
    'PKCS#8 with the curve inside only': sequence(integer(0n), sequence(ECDSA), octets(sec1(curve))),
    'PKCS#8 with a curve that is NULL, and one inside': pkcs8(sec1(curve), integer(0n), NULL),
    'PKCS#8 with an unknown curve, and one inside': pkcs8(sec1(curve), integer(0n), hex('06 01 2a')),
    'PKCS#8 that holds a PKCS#8': pkcs8(pkcs8(sec1())),
    'PKCS#8 of X25519': sequence(integer(0n), sequence(hex('06 03 2b656e')), octets(octets(zeros(32)))),
    'PKCS#8 of a short X25519': sequence(
      integer(0n),
      sequence(hex('06 03 2b656e')),
      octets(octets(zeros(31))),
    ),
    'PKCS#8 of something else': sequence(integer(0n), sequence(hex('06 01 2a')), octets(zeros(32))),
    nothing: zeros(0),
    'a number that is too long for its length': hex('30 84 00000003 020101'),
  };
}

function ofRsa(key: PrivateKey): Rows {
  const jwk = jwkOf(key);
  const numberOf = (name: 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi') =>
    BigInt(`0x${Buffer.from(bytesOf(jwk[name])).toString('hex')}`);
  const [n, e, d, p, q] = [numberOf('n'), numberOf('e'), numberOf('d'), numberOf('p'), numberOf('q')];
  const [dp, dq, qi] = [numberOf('dp'), numberOf('dq'), numberOf('qi')];
  const lambda = ((p - 1n) * (q - 1n)) / divisor(p - 1n, q - 1n);
  const pkcs1 = (numbers: readonly bigint[], version = 0n, ...parts: readonly Uint8Array[]) =>
    sequence(integer(version), ...numbers.map(integer), ...parts);
  const all = [n, e, d, p, q, dp, dq, qi];
  const prime = (r: bigint) => sequence(integer(r), integer(1n), integer(1n));
  const wrapped = (inner: Uint8Array, parameters: readonly Uint8Array[] = [NULL]) =>
    sequence(integer(0n), sequence(hex('06 09 2a864886f70d010101'), ...parameters), octets(inner));
  return {
    'PKCS#1, whole': pkcs1(all),
    'PKCS#1 and something behind it': concatBytes([pkcs1(all), more]),
    'PKCS#1 with something at its end': pkcs1(all, 0n, hex('04 00')),
    'PKCS#1 without what can be computed': pkcs1([n, e, d, p, q]),
    'PKCS#1 without the coefficient': pkcs1([n, e, d, p, q, dp, dq]),
    'PKCS#1 with a wrong exponent of two': pkcs1([n, e, d, p, q, dp + 2n, dq]),
    'PKCS#1 without a prime': pkcs1([n, e, d, p]),
    'PKCS#1 of version 1': pkcs1(all, 1n),
    'PKCS#1 of version 2': pkcs1(all, 2n),
    'PKCS#1 with a third prime': pkcs1(all, 1n, sequence(prime(3n))),
    'PKCS#1 with a third prime that was there': pkcs1(all, 1n, sequence(prime(p))),
    'PKCS#1 with a third prime of one': pkcs1(all, 1n, sequence(prime(1n))),
    'PKCS#1 with a large private exponent': pkcs1([n, e, d + lambda < n ? d + lambda : d, p, q, dp, dq, qi]),
    'PKCS#1 with a private exponent above n': pkcs1([n, e, d + 2n * lambda * 4n, p, q, dp, dq, qi]),
    'PKCS#1 with a wrong private exponent': pkcs1([n, e, d + 2n, p, q, dp, dq, qi]),
    'PKCS#1 with a wrong coefficient': pkcs1([n, e, d, p, q, dp, dq, qi + 1n]),
    'PKCS#1 with a coefficient above p': pkcs1([n, e, d, p, q, dp, dq, qi + p]),
    'PKCS#1 with an exponent of one': pkcs1([n, 1n, d, p, q, 1n, 1n, qi]),
    'PKCS#1 with an even exponent': pkcs1([n, e + 1n, d, p, q, dp, dq, qi]),
    'PKCS#1 with an exponent of nine octets': pkcs1([n, 2n ** 64n + 1n, d, p, q, dp, dq, qi]),
    'PKCS#1 with the primes the other way round': pkcs1([n, e, d, q, p, dq, dp, modularInverse(p, q)]),
    'PKCS#1 with the same prime twice': pkcs1([p * p, e, d, p, p, dp, dp, qi]),
    'PKCS#1 with a negative prime': sequence(
      ...[0n, n, e, d].map(integer),
      hex('02 01 ff'),
      ...[q, dp, dq, qi].map(integer),
    ),
    'RSA in PKCS#8': wrapped(pkcs1(all)),
    'RSA in PKCS#8 without parameters': wrapped(pkcs1(all), []),
    'RSA in PKCS#8 and something behind it': wrapped(concatBytes([pkcs1(all), more])),
    'RSA-PSS in PKCS#8': sequence(integer(0n), sequence(hex('06 09 2a864886f70d01010a')), octets(pkcs1(all))),
  };
}

function ofEd25519(key: PrivateKey): Rows {
  const seed = bytesOf(jwkOf(key).d);
  const oid = hex('06 03 2b6570');
  const wrapped = (inner: Uint8Array, ...parts: readonly Uint8Array[]) =>
    sequence(integer(0n), sequence(oid), octets(inner), ...parts);
  return {
    'Ed25519, whole': wrapped(octets(seed)),
    'Ed25519 with another public key': wrapped(octets(seed), der(0x81, Uint8Array.of(0), seed)),
    'Ed25519 with parameters': sequence(integer(0n), sequence(oid, NULL), octets(octets(seed))),
    'Ed25519 and something behind it': wrapped(concatBytes([octets(seed), more])),
    'Ed25519, too long': wrapped(octets(concatBytes([seed, Uint8Array.of(0)]))),
    'Ed25519 that is not wrapped': wrapped(seed),
  };
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b);
}

function modularInverse(a: bigint, modulus: bigint): bigint {
  let [r0, r1, s0, s1] = [modulus, a % modulus, 0n, 1n];
  while (r1 !== 0n) [r0, r1, s0, s1] = [r1, r0 % r1, s1, s0 - (r0 / r1) * s1];
  return ((s0 % modulus) + modulus) % modulus;
}
