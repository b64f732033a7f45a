/** ECDSA over P-256 (FIPS 186-5, 6.4), with every number in our hands. */
import { createHash } from 'node:crypto';
import { encode } from '../../../src/x509/der-encode.ts';
import { encodeAlgorithm } from '../../../src/x509/algorithm-identifier.ts';
import { oidElement } from '../../../src/x509/oid.ts';
import { inverse, mod, power, toNumber, toOctets } from './numbers.ts';
import { ALGORITHM, type Vector } from './vectors.ts';

/** SP 800-186, 3.2.1.3. */
const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const G: Point = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
];

type Point = readonly [x: bigint, y: bigint] | undefined;

function add(P: Point, Q: Point): Point {
  if (!P) return Q;
  if (!Q) return P;
  const [[x1, y1], [x2, y2]] = [P, Q];
  if (x1 === x2 && mod(y1 + y2, p) === 0n) return undefined;
  const slope = x1 === x2 ? (3n * x1 * x1 - 3n) * inverse(2n * y1, p) : (y2 - y1) * inverse(x2 - x1, p);
  const x = mod(slope * slope - x1 - x2, p);
  return [x, mod(slope * (x1 - x) - y1, p)];
}

function times(k: bigint, P: Point): Point {
  let result: Point;
  let double = P;
  for (let left = mod(k, n); left > 0n; left >>= 1n) {
    if (left & 1n) result = add(result, double);
    double = add(double, double);
  }
  return result;
}

/** A point of this x, if there is one; p is 3 modulo 4. */
function pointAt(x: bigint): Point {
  const square = mod(x * x * x - 3n * x + b, p);
  const y = power(square, (p + 1n) / 4n, p);
  return mod(y * y, p) === square ? [x, y] : undefined;
}

function spkiOf(Q: Point): Uint8Array {
  const [x, y] = Q ?? [0n, 0n];
  const algorithm = encodeAlgorithm('1.2.840.10045.2.1', oidElement('1.2.840.10045.3.1.7'));
  const point = Buffer.concat([Uint8Array.of(0, 4), toOctets(x, 32), toOctets(y, 32)]);
  return encode(0x30, algorithm, encode(0x03, point));
}

const d = 0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdefn;
const SPKI = spkiOf(times(d, G));
const k = 0x0fedcba0987654321fedcba0987654321fedcba0987654321fedcba098765432n;

const digest = (tbs: Buffer, hash = 'sha256') =>
  toNumber(createHash(hash).update(tbs).digest().subarray(0, 32));

interface Pair {
  readonly r: bigint;
  readonly s: bigint;
}

function signed(e: bigint): Pair {
  const r = mod(times(k, G)![0], n);
  return { r, s: mod(inverse(k, n) * (e + r * d), n) };
}

/** Content octets of an INTEGER, two's complement. */
function integer(value: bigint): Buffer {
  let length = 1;
  while (value < -(1n << BigInt(8 * length - 1)) || value >= 1n << BigInt(8 * length - 1)) length++;
  return toOctets(BigInt.asUintN(8 * length, value), length);
}

const der = ({ r, s }: Pair) => encode(0x30, encode(0x02, integer(r)), encode(0x02, integer(s)));

/** The good pair, changed before it is written. */
const CHANGED: Readonly<Record<string, (good: Pair) => Pair>> = {
  'as it should be': (good) => good,
  'the other s': ({ r, s }) => ({ r, s: n - s }),
  'r is 0': ({ s }) => ({ r: 0n, s }),
  's is 0': ({ r }) => ({ r, s: 0n }),
  'both are 0': () => ({ r: 0n, s: 0n }),
  'both are 1': () => ({ r: 1n, s: 1n }),
  'r is n': ({ s }) => ({ r: n, s }),
  's is n': ({ r }) => ({ r, s: n }),
  'both are n - 1': () => ({ r: n - 1n, s: n - 1n }),
  'r is p': ({ s }) => ({ r: p, s }),
  'r + n': ({ r, s }) => ({ r: r + n, s }),
  's + n': ({ r, s }) => ({ r, s: s + n }),
  'r - n': ({ r, s }) => ({ r: r - n, s }),
  's - n': ({ r, s }) => ({ r, s: s - n }),
  '-r': ({ r, s }) => ({ r: -r, s }),
  'r + 2^256': ({ r, s }) => ({ r: r + 2n ** 256n, s }),
  'r and s change places': ({ r, s }) => ({ r: s, s: r }),
  'r is large': ({ s }) => ({ r: 2n ** 4096n, s }),
};

/** The good pair in another writing. */
const WRITTEN: Readonly<Record<string, (good: Pair) => Uint8Array>> = {
  'leading zeros of r': ({ r, s }) =>
    encode(0x30, encode(0x02, Uint8Array.of(0), integer(r)), encode(0x02, integer(s))),
  'leading zeros of s': ({ r, s }) =>
    encode(0x30, encode(0x02, integer(r)), encode(0x02, Uint8Array.of(0, 0), integer(s))),
  'no sign octet': ({ r, s }) => encode(0x30, encode(0x02, toOctets(r, 32)), encode(0x02, toOctets(s, 32))),
  'a length in long form': (good) => Buffer.concat([Uint8Array.of(0x30, 0x81), der(good).subarray(1)]),
  'a length in longer form': (good) => Buffer.concat([Uint8Array.of(0x30, 0x82, 0), der(good).subarray(1)]),
  'an indefinite length': (good) =>
    Buffer.concat([Uint8Array.of(0x30, 0x80), der(good).subarray(2), Buffer.alloc(2)]),
  'data behind it': (good) => Buffer.concat([der(good), Uint8Array.of(5, 0)]),
  'an octet behind it': (good) => Buffer.concat([der(good), Uint8Array.of(0)]),
  'a third element': ({ r, s }) =>
    encode(0x30, encode(0x02, integer(r)), encode(0x02, integer(s)), Uint8Array.of(5, 0)),
  'no s': ({ r }) => encode(0x30, encode(0x02, integer(r))),
  'an empty r': ({ s }) => encode(0x30, encode(0x02), encode(0x02, integer(s))),
  'an empty SEQUENCE': () => encode(0x30),
  nothing: () => new Uint8Array(),
  'a SET': (good) => Buffer.concat([Uint8Array.of(0x31), der(good).subarray(1)]),
  'an OCTET STRING for r': ({ r, s }) => encode(0x30, encode(0x04, integer(r)), encode(0x02, integer(s))),
  'cut off': (good) => der(good).subarray(0, -1),
  'r and s side by side': ({ r, s }) => Buffer.concat([toOctets(r, 32), toOctets(s, 32)]),
};

function made(name: string, sign: (good: Pair, e: bigint) => Uint8Array): Vector {
  const byName = (tbs: Buffer) => ({ spki: SPKI, signature: sign(signed(digest(tbs)), digest(tbs)) });
  return { name: `ECDSA: ${name}`, algorithm: ALGORITHM.ecdsaSha256, sign: byName };
}

/** A key for which (r, s) is a signature of e whose point has this x: Q = (sR - eG)/r. */
function keyFor(x: bigint, r: bigint, s: bigint, e: bigint): Uint8Array {
  return spkiOf(times(inverse(r, n), add(times(s, pointAt(x)), times(n - e, G))));
}

/** The first x from here on that a point has. */
function xFrom(start: bigint): bigint {
  for (let x = start; ; x++) if (pointAt(x)) return x;
}

function atPoint(name: string, start: bigint, rOf: (x: bigint) => bigint, written = rOf): Vector {
  const sign = (tbs: Buffer) => {
    const x = xFrom(start);
    return { spki: keyFor(x, rOf(x), 7n, digest(tbs)), signature: der({ r: written(x), s: 7n }) };
  };
  return { name: `ECDSA: ${name}`, algorithm: ALGORITHM.ecdsaSha256, sign };
}

export const ecdsaVectors: readonly Vector[] = [
  ...Object.entries(CHANGED).map(([name, change]) => made(name, (good) => der(change(good)))),
  ...Object.entries(WRITTEN).map(([name, write]) => made(name, write)),
  // u1 G + u2 Q is the point at infinity.
  made('no point', (_, e) => der({ r: mod(-e * inverse(d, n), n), s: 5n })),
  atPoint('the point has an x above n', n, (x) => x - n),
  atPoint('the point has an x below p - n', 5n, (x) => x),
  atPoint(
    'the point has an x below p - n, r is x + n',
    5n,
    (x) => x,
    (x) => x + n,
  ),
  {
    name: 'ECDSA: SHA-512, cut to 256 bits',
    algorithm: ALGORITHM.ecdsaSha512,
    sign: (tbs) => ({ spki: SPKI, signature: der(signed(digest(tbs, 'sha512'))) }),
  },
  {
    name: 'ECDSA: SHA-256 where SHA-512 is named',
    algorithm: ALGORITHM.ecdsaSha512,
    sign: (tbs) => ({ spki: SPKI, signature: der(signed(digest(tbs))) }),
  },
];
