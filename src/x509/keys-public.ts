import { hash } from 'node:crypto';
import { equalBytes } from '../base/index.ts';
import { NULL } from './algorithm-identifier.ts';
import { pointProblem } from './curve-points.ts';
import { DerReader, type Range, rightAligned, Tag } from './der.ts';
import { encode, encodeBitString } from './der-encode.ts';
import { Algorithm, curveByOid } from './keys-algorithms.ts';
import { readOid } from './oid.ts';
import type { PublicKey } from './types.ts';

/**
 * The value of a SubjectPublicKeyInfo (RFC 5280, 4.1.2.7), which must be all there is.
 *
 * @throws KubetlsError `x509/public-key`, `x509/der-*`, `x509/oid`
 */
export function publicKeyFromSpki(spki: Uint8Array): PublicKey {
  const reader = new DerReader(spki);
  const key = readSubjectPublicKey(reader, SPKI);
  reader.finish(SPKI);
  return key;
}

const SPKI = 'subjectPublicKeyInfo';
const DSA = '1.2.840.10040.4.1';

interface Parts {
  readonly spki: Uint8Array;
  readonly parameters: DerReader;
  /** The key's octets, unused bits shifted out. */
  readonly data: DerReader;
  readonly paths: KeyPaths;
}

/** Where in a key something is wrong. */
type KeyPaths = ReturnType<typeof pathsBelow>;

function pathsBelow(path: string) {
  const algorithm = `${path}.algorithm`;
  const parameters = `${algorithm}.parameters`;
  const bits = `${path}.subjectPublicKey`;
  const rsa = `${bits}.RSAPublicKey`;
  return {
    algorithm,
    oid: `${algorithm}.algorithm`,
    parameters,
    curve: `${parameters}.namedCurve`,
    domain: `${parameters}.Dss-Parms`,
    bits,
    point: `${bits}.ECPoint`,
    rsa,
    modulus: `${rsa}.modulus`,
    exponent: `${rsa}.publicExponent`,
    dsa: `${bits}.DSAPublicKey`,
  };
}

const known = new Map<string, KeyPaths>();

/** Built once for each place, of which there are few: certificates, requests and bare keys. */
function keyPaths(path: string): KeyPaths {
  let paths = known.get(path);
  if (!paths) known.set(path, (paths = pathsBelow(path)));
  return paths;
}

/**
 * The next element, a SubjectPublicKeyInfo, with all that Go checks when it parses one inside a certificate
 * or request (crypto/x509 parser.go, parsePublicKey): a key of a known algorithm must be whole, its point on
 * its curve; a key of an unknown algorithm passes.
 */
export function readSubjectPublicKey(reader: DerReader, path: string): PublicKey {
  const begin = reader.at;
  const paths = keyPaths(path);
  const info = reader.enter(Tag.sequence, path);
  const algorithm = info.enter(Tag.sequence, paths.algorithm);
  const oid = readOid(algorithm, paths.oid);
  const parameters = readParameters(algorithm, paths.parameters);
  const data = keyOctets(info, info.bitString(paths.bits));
  const read = KEYS[oid];
  const spki = reader.bytes.subarray(begin, reader.at);
  return read ? read({ spki, parameters, data, paths }) : { spki, kind: 'unknown', bits: 0, name: oid };
}

/** What follows the OID of an AlgorithmIdentifier: one element or nothing; more is passed over, as in Go. */
function readParameters(algorithm: DerReader, path: string): DerReader {
  const start = algorithm.at;
  if (!algorithm.done) algorithm.open(algorithm.peek(), path);
  return algorithm.inside(start, algorithm.at);
}

/** Most have no unused bits: then offsets count in the whole. */
function keyOctets(info: DerReader, start: number): DerReader {
  const unused = info.bytes[start]!;
  if (unused === 0) return info.inside(start + 1, info.at);
  return new DerReader(rightAligned(info.bytes.subarray(start + 1, info.at), unused));
}

const KEYS: Readonly<Record<string, (parts: Parts) => PublicKey>> = {
  [Algorithm.rsa]: rsaKey,
  [Algorithm.ecdsa]: ecdsaKey,
  [Algorithm.ed25519]: ({ spki, parameters, data, paths }) => {
    edwardsKey(parameters, data, paths);
    return { spki, kind: 'ed25519', bits: 256, name: 'ed25519' };
  },
  [DSA]: dsaKey,
};

function rsaKey({ spki, parameters, data, paths }: Parts): PublicKey {
  if (!equalBytes(parameters.bytes.subarray(parameters.at, parameters.end), NULL)) {
    parameters.fail('x509/public-key', 'an RSA key has NULL parameters', paths.parameters);
  }
  const numbers = data.enter(Tag.sequence, paths.rsa);
  const modulus = { start: numbers.integer(paths.modulus), end: numbers.at };
  const exponent = { start: numbers.integer(paths.exponent), end: numbers.at };
  if (exponent.end - exponent.start > 8) {
    numbers.fail('x509/der-value', 'the number is too large', paths.exponent, exponent.start);
  }
  checkPositive(numbers, modulus, paths.modulus);
  checkPositive(numbers, exponent, paths.exponent);
  const bits = integerBits(numbers.bytes, modulus);
  return { spki, kind: 'rsa', bits, name: `rsa-${bits}` };
}

/** The content of an INTEGER, which must be above zero. */
function checkPositive(reader: DerReader, { start, end }: Range, path: string): void {
  const first = reader.bytes[start]!;
  if (first >= 0x80 || (first === 0 && end - start === 1)) {
    reader.fail('x509/public-key', 'the number is not positive', path, start);
  }
}

/** Bits of a positive INTEGER, from its content. */
function integerBits(bytes: Uint8Array, { start, end }: Range): number {
  const first = bytes[start] === 0 ? start + 1 : start;
  return (end - first) * 8 - Math.clz32(bytes[first]!) + 24;
}

function ecdsaKey({ spki, parameters, data, paths }: Parts): PublicKey {
  const at = parameters.at;
  const curve = curveByOid(readOid(parameters, paths.curve));
  if (!curve) return parameters.fail('x509/public-key', 'the curve is not supported', paths.curve, at);
  const problem = pointProblem(data.bytes, data.at, data.end, curve.bits);
  if (problem) data.fail('x509/public-key', problem, paths.point);
  return { spki, kind: 'ecdsa', bits: curve.bits, name: curve.name };
}

/** RFC 8410, 3: no parameters, 32 octets. */
function edwardsKey(parameters: DerReader, data: DerReader, paths: KeyPaths): void {
  if (!parameters.done) parameters.fail('x509/public-key', 'the key has parameters', paths.parameters);
  if (data.end - data.at !== 32) {
    data.fail('x509/public-key', 'the key does not have 32 octets', paths.bits);
  }
}

function dsaKey({ spki, parameters, data, paths }: Parts): PublicKey {
  const { dsa: key, domain } = paths;
  const y = { start: data.integer(key), end: data.at };
  const numbers = parameters.enter(Tag.sequence, domain);
  const pqg = [0, 1, 2].map(() => ({ start: numbers.integer(domain), end: numbers.at }));
  checkPositive(data, y, key);
  for (const number of pqg) checkPositive(numbers, number, key);
  return { spki, kind: 'unknown', bits: 0, name: DSA };
}

/** Contents of the INTEGERs of an RSA key. */
export function rsaNumbers({ spki }: PublicKey): { modulus: Uint8Array; exponent: Uint8Array } {
  const { data } = partsOf(spki);
  const numbers = data.enter(Tag.sequence, SPKI);
  return { modulus: numbers.content(Tag.integer, SPKI), exponent: numbers.content(Tag.integer, SPKI) };
}

/**
 * The same key in the one form that OpenSSL takes: without unused bits, and without what stands behind the
 * parts that Go reads.
 */
export function plainSpki(key: PublicKey): Uint8Array {
  const { algorithm, data } = partsOf(key.spki);
  const oid = algorithm.any(SPKI);
  const parameters = algorithm.done ? NO_PARAMETERS : algorithm.any(SPKI);
  return encode(
    Tag.sequence,
    encode(Tag.sequence, oid, parameters),
    encodeBitString(
      key.kind === 'rsa' ? rsaPublicKey(rsaNumbers(key)) : data.bytes.subarray(data.at, data.end),
    ),
  );
}

const NO_PARAMETERS = new Uint8Array();

function rsaPublicKey({ modulus, exponent }: ReturnType<typeof rsaNumbers>): Uint8Array {
  return encode(Tag.sequence, encode(Tag.integer, modulus), encode(Tag.integer, exponent));
}

/** Of a key that has been read before. */
function partsOf(spki: Uint8Array): { algorithm: DerReader; data: DerReader } {
  const info = new DerReader(spki).enter(Tag.sequence, SPKI);
  const algorithm = info.enter(Tag.sequence, SPKI);
  return { algorithm, data: keyOctets(info, info.bitString(SPKI)) };
}

/** Whether two keys are one: their SubjectPublicKeyInfo are the same bytes. */
export function sameKey(a: PublicKey, b: PublicKey): boolean {
  return equalBytes(a.spki, b.spki);
}

/** 160 bits: RFC 7093, 2. */
const IDENTIFIER_OCTETS = 20;

/**
 * The subject key identifier of a key: the first 160 bits of SHA-256 over the bits of the public key
 * (RFC 7093, method 1), as Go makes it since 1.25. 20 octets.
 */
export function keyIdentifier(key: PublicKey): Uint8Array {
  const info = new DerReader(key.spki).enter(Tag.sequence, SPKI);
  info.open(Tag.sequence, `${SPKI}.algorithm`);
  const start = info.bitString(`${SPKI}.subjectPublicKey`) + 1;
  const digest = hash('sha256', info.bytes.subarray(start, info.at), 'buffer');
  return new Uint8Array(digest.buffer, digest.byteOffset, IDENTIFIER_OCTETS);
}
