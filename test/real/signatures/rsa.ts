/** RSA (RFC 8017): PKCS#1 v1.5 and PSS, with the encoded message in our hands. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { encode } from '../../../src/x509/der-encode.ts';
import { encodeAlgorithm } from '../../../src/x509/algorithm-identifier.ts';
import { contextConstructedTag, DerReader, Tag } from '../../../src/x509/der.ts';
import { oidElement } from '../../../src/x509/oid.ts';
import { power, toNumber, toOctets } from './numbers.ts';
import { ALGORITHM, type Vector } from './vectors.ts';

const OCTETS = 128;

interface Key {
  readonly spki: Uint8Array;
  readonly n: bigint;
  readonly d: bigint;
}

function keyWith(publicExponent: number): Key {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 8 * OCTETS, publicExponent });
  const numbers = new DerReader(privateKey.export({ type: 'pkcs1', format: 'der' })).enter(Tag.sequence, '');
  const [, n = 0n, , d = 0n] = [0, 1, 2, 3].map(() => toNumber(numbers.content(Tag.integer, '')));
  return { spki: publicKey.export({ type: 'spki', format: 'der' }), n, d };
}

const KEY = keyWith(65_537);
const CUBE = keyWith(3);

const raw = ({ n, d }: Key, message: Uint8Array) => toOctets(power(toNumber(message), d, n), OCTETS);

const NULL = Uint8Array.of(5, 0);
const SHA256 = '2.16.840.1.101.3.4.2.1';
const hashOf = (bytes: Uint8Array, hash = 'sha256') => createHash(hash).update(bytes).digest();

/** DigestInfo (RFC 8017, 9.2). */
function info(digest: Uint8Array, algorithm = encodeAlgorithm(SHA256, NULL)): Uint8Array {
  return encode(0x30, algorithm, encode(0x04, digest));
}

/** 00 01 FF … FF 00 and the content, to the length of the modulus. */
function padded(content: Uint8Array, { begin = [0, 1], fill = 0xff, count = -1, end = [0] } = {}): Buffer {
  const room = OCTETS - content.length - begin.length - end.length;
  const filled = Buffer.alloc(count < 0 ? room : count, fill);
  return Buffer.concat([Uint8Array.from(begin), filled, Uint8Array.from(end), content]);
}

/** The same, short, and noise where the digest should have ended. */
function withGarbage(content: Uint8Array): Buffer {
  const start = padded(content, { count: 8 });
  return Buffer.concat([start, Buffer.alloc(OCTETS - start.length, 0x5a)]);
}

/** What is signed instead of the right encoded message. */
const ENCODED: Readonly<Record<string, (digest: Buffer) => Uint8Array>> = {
  'as it should be': (digest) => padded(info(digest)),
  'no NULL': (digest) => padded(info(digest, encodeAlgorithm(SHA256))),
  'other parameters': (digest) => padded(info(digest, encodeAlgorithm(SHA256, Uint8Array.of(4, 0)))),
  'more behind the NULL': (digest) => padded(info(digest, encodeAlgorithm(SHA256, NULL, NULL))),
  'another hash is named': (digest) => padded(info(digest, encodeAlgorithm('2.16.840.1.101.3.4.2.3', NULL))),
  'SHA-224 is named': (digest) => padded(info(digest, encodeAlgorithm('2.16.840.1.101.3.4.2.4', NULL))),
  'no DigestInfo': (digest) => padded(digest),
  'a length in long form': (digest) =>
    padded(Buffer.concat([Uint8Array.of(0x30, 0x81), info(digest).subarray(1)])),
  'an element behind the digest': (digest) =>
    padded(encode(0x30, encodeAlgorithm(SHA256, NULL), encode(0x04, digest), NULL)),
  'an octet behind the DigestInfo': (digest) => padded(Buffer.concat([info(digest), Uint8Array.of(0)])),
  'half a digest': (digest) => padded(info(digest.subarray(0, 16))),
  'another digest': (digest) => padded(info(hashOf(digest))),
  'block type 0': (digest) => padded(info(digest), { begin: [0, 0] }),
  'block type 2': (digest) => padded(info(digest), { begin: [0, 2] }),
  'a first octet of 1': (digest) => padded(info(digest), { begin: [1, 1] }),
  'padding of 00': (digest) => padded(info(digest), { fill: 0 }),
  'padding of FE': (digest) => padded(info(digest), { fill: 0xfe }),
  'no octet before the DigestInfo': (digest) => padded(info(digest), { end: [] }),
  'eight octets of padding, then garbage': (digest) => withGarbage(info(digest)),
  'two octets before the DigestInfo': (digest) => padded(info(digest), { end: [0, 0] }),
};

/** What becomes of the right signature. */
const CHANGED: Readonly<Record<string, (signature: Buffer) => Uint8Array>> = {
  'a leading zero': (signature) => Buffer.concat([Uint8Array.of(0), signature]),
  'an octet behind': (signature) => Buffer.concat([signature, Uint8Array.of(0)]),
  'an octet less': (signature) => signature.subarray(0, -1),
  'the first octet less': (signature) => signature.subarray(1),
  's + n': (signature) => toOctets(toNumber(signature) + KEY.n, OCTETS),
  'n - s': (signature) => toOctets(KEY.n - toNumber(signature), OCTETS),
  'is 0': () => new Uint8Array(OCTETS),
  'is 1': () => toOctets(1n, OCTETS),
  'is n': () => toOctets(KEY.n, OCTETS),
  'is n - 1': () => toOctets(KEY.n - 1n, OCTETS),
  'is all ones': () => Buffer.alloc(OCTETS, 0xff),
  'is empty': () => new Uint8Array(),
  'is one octet': () => Uint8Array.of(1),
};

/** Bleichenbacher's forgery for e = 3: a number whose cube begins as it should. */
function cubeRoot(value: bigint): bigint {
  let low = 0n;
  let high = 1n << BigInt((8 * (OCTETS / 3 + 1)) | 0);
  while (low < high) {
    const middle = (low + high) / 2n;
    if (middle ** 3n < value) low = middle + 1n;
    else high = middle;
  }
  return low;
}

const v15 = (
  name: string,
  sign: (tbs: Buffer) => Uint8Array,
  algorithm: Uint8Array = ALGORITHM.rsaSha256,
): Vector => ({
  name: `RSA: ${name}`,
  algorithm,
  sign: (tbs) => ({ spki: KEY.spki, signature: sign(tbs) }),
});

const PSS_HASH = encode(0x30, oidElement(SHA256), NULL);

/** RSASSA-PSS-params (RFC 4055, 3.1) for SHA-256 and a salt of 32 octets. */
const PSS = encodeAlgorithm(
  '1.2.840.113549.1.1.10',
  encode(
    0x30,
    encode(contextConstructedTag(0), PSS_HASH),
    encode(contextConstructedTag(1), encodeAlgorithm('1.2.840.113549.1.1.8', PSS_HASH)),
    encode(contextConstructedTag(2), Uint8Array.of(2, 1, 32)),
  ),
);

interface PssOptions {
  readonly salt: Buffer;
  readonly maskHash: string;
  readonly trailer: number;
  readonly separator: number;
  readonly fill: number;
  readonly firstBit: boolean;
}

const GOOD_PSS: PssOptions = {
  salt: Buffer.alloc(32, 7),
  maskHash: 'sha256',
  trailer: 0xbc,
  separator: 1,
  fill: 0,
  firstBit: false,
};

/** EMSA-PSS (RFC 8017, 9.1.1), wrong where it is asked for. */
function pssMessage(
  tbs: Uint8Array,
  { salt, maskHash, trailer, separator, fill, firstBit }: PssOptions,
): Buffer {
  const digest = hashOf(Buffer.concat([Buffer.alloc(8), hashOf(tbs), salt]));
  const room = OCTETS - digest.length - 1;
  const zeros = Buffer.alloc(room - salt.length - 1, fill);
  const block = Buffer.concat([zeros, Uint8Array.of(separator), salt]);
  const mask = maskOf(digest, room, maskHash);
  const masked = block.map((octet, i) => octet ^ (mask[i] ?? 0));
  masked[0] = (masked[0]! & 0x7f) | (firstBit ? 0x80 : 0);
  return Buffer.concat([masked, digest, Uint8Array.of(trailer)]);
}

/** MGF1 (RFC 8017, B.2.1). */
function maskOf(seed: Buffer, length: number, hash: string): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; parts.length * 20 < length; i++)
    parts.push(hashOf(Buffer.concat([seed, Uint8Array.of(0, 0, 0, i)]), hash));
  return Buffer.concat(parts).subarray(0, length);
}

const PSS_CHANGED: Readonly<Record<string, Partial<PssOptions>>> = {
  'as it should be': {},
  'no salt': { salt: Buffer.alloc(0) },
  'a salt of 20 octets': { salt: Buffer.alloc(20, 7) },
  'a salt of 33 octets': { salt: Buffer.alloc(33, 7) },
  'the longest salt': { salt: Buffer.alloc(OCTETS - 32 - 2, 7) },
  'a mask by another hash': { maskHash: 'sha384' },
  'a mask by SHA-1': { maskHash: 'sha1' },
  'another trailer': { trailer: 0xcc },
  'no separator': { separator: 0 },
  'another separator': { separator: 2 },
  'filled with something': { fill: 1 },
  'the first bit': { firstBit: true },
};

const pss = (name: string, sign: (tbs: Buffer) => Uint8Array): Vector => v15(`PSS, ${name}`, sign, PSS);

export const rsaVectors: readonly Vector[] = [
  ...Object.entries(ENCODED).map(([name, encoded]) => v15(name, (tbs) => raw(KEY, encoded(hashOf(tbs))))),
  ...Object.entries(CHANGED).map(([name, change]) =>
    v15(name, (tbs) => change(raw(KEY, padded(info(hashOf(tbs)))))),
  ),
  v15('SHA-256 where SHA-512 is named', (tbs) => raw(KEY, padded(info(hashOf(tbs)))), ALGORITHM.rsaSha512),
  v15('PSS where PKCS#1 v1.5 is named', (tbs) => raw(KEY, pssMessage(tbs, GOOD_PSS))),
  ...Object.entries(PSS_CHANGED).map(([name, change]) =>
    pss(name, (tbs) => raw(KEY, pssMessage(tbs, { ...GOOD_PSS, ...change }))),
  ),
  ...Object.entries(CHANGED).map(([name, change]) =>
    pss(name, (tbs) => change(raw(KEY, pssMessage(tbs, GOOD_PSS)))),
  ),
  pss('PKCS#1 v1.5 where it is named', (tbs) => raw(KEY, padded(info(hashOf(tbs))))),
  {
    name: 'RSA: a cube root, by a stranger',
    algorithm: ALGORITHM.rsaSha256,
    sign: (tbs) => {
      const wanted = padded(info(hashOf(tbs)), { count: 8 });
      const value = toNumber(wanted) << BigInt(8 * (OCTETS - wanted.length));
      return { spki: CUBE.spki, signature: toOctets(cubeRoot(value), OCTETS) };
    },
  },
  {
    name: 'RSA: an exponent of 3',
    algorithm: ALGORITHM.rsaSha256,
    sign: (tbs) => ({ spki: CUBE.spki, signature: raw(CUBE, padded(info(hashOf(tbs)))) }),
  },
];
