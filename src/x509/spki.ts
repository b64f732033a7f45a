import { equalBytes } from '../base/index.ts';
import { isOnCurve } from './curve-points.ts';
import { DerReader, Tag } from './der.ts';
import { Algorithm, curveByOid } from './keys-algorithms.ts';
import { readOid } from './oid.ts';
import type { PublicKey } from './types.ts';

/**
 * SubjectPublicKeyInfo inside a certificate or request, with all that Go checks when it parses one
 * (crypto/x509 parser.go, parsePublicKey): a key of a known algorithm must be whole, its point on its
 * curve; a key of an unknown algorithm passes.
 */
const DSA = '1.2.840.10040.4.1';
const NULL_PARAMETERS = Uint8Array.of(Tag.null, 0);

interface Parts {
  readonly spki: Uint8Array;
  readonly parameters: DerReader;
  /** The key's octets, unused bits shifted out. */
  readonly data: DerReader;
  readonly path: string;
}

export function readSubjectPublicKey(reader: DerReader, path: string): PublicKey {
  const begin = reader.at;
  const info = reader.enter(Tag.sequence, path);
  const algorithm = info.enter(Tag.sequence, `${path}.algorithm`);
  const oid = readOid(algorithm, `${path}.algorithm`);
  const parameters = readParameters(algorithm, `${path}.algorithm`);
  const unused = info.bitString(`${path}.subjectPublicKey`);
  const data = rightAligned(info, unused);
  const known = KEYS[oid];
  const spki = reader.bytes.subarray(begin, reader.at);
  return known ? known({ spki, parameters, data, path }) : { spki, kind: 'unknown', bits: 0, name: oid };
}

/** What follows the OID of an AlgorithmIdentifier: one element or nothing; more is passed over, as in Go. */
function readParameters(algorithm: DerReader, path: string): DerReader {
  const start = algorithm.at;
  if (!algorithm.done) algorithm.open(algorithm.peek(), path);
  return new DerReader(algorithm.bytes, start, algorithm.at);
}

function rightAligned(info: DerReader, countAt: number): DerReader {
  const unused = info.bytes[countAt] as number;
  if (unused === 0) return new DerReader(info.bytes, countAt + 1, info.at);
  return new DerReader(shiftRight(info.bytes.subarray(countAt + 1, info.at), unused));
}

/** Go's asn1.BitString.RightAlign. `bits` is 1 to 7. */
export function shiftRight(octets: Uint8Array, bits: number): Uint8Array {
  return octets.map((octet, i) => (octet >> bits) | (((octets[i - 1] ?? 0) << (8 - bits)) & 0xff));
}

const KEYS: Readonly<Record<string, (parts: Parts) => PublicKey>> = {
  [Algorithm.rsa]: rsaKey,
  [Algorithm.ecdsa]: ecdsaKey,
  [Algorithm.ed25519]: ({ spki, parameters, data, path }) => {
    edwardsKey(parameters, data, path);
    return { spki, kind: 'ed25519', bits: 256, name: 'ed25519' };
  },
  [DSA]: dsaKey,
};

function rsaKey({ spki, parameters, data, path }: Parts): PublicKey {
  if (!equalBytes(parameters.bytes.subarray(parameters.at, parameters.end), NULL_PARAMETERS)) {
    parameters.fail('x509/public-key', 'an RSA key has NULL parameters', `${path}.algorithm`);
  }
  const numbers = data.enter(Tag.sequence, `${path}.subjectPublicKey`);
  const modulus = positive(numbers, `${path}.subjectPublicKey.modulus`);
  const start = numbers.at;
  const exponent = positive(numbers, `${path}.subjectPublicKey.publicExponent`);
  if (numbers.at - exponent > 8) {
    const message = 'the public exponent has more than 63 bits';
    numbers.fail('x509/public-key', message, `${path}.subjectPublicKey.publicExponent`, start);
  }
  const bits = integerBits(numbers.bytes, modulus, start);
  return { spki, kind: 'rsa', bits, name: `rsa-${bits}` };
}

/** Where the content of the next INTEGER starts, which must be above zero. */
function positive(reader: DerReader, path: string): number {
  const start = reader.integer(path);
  const first = reader.bytes[start] as number;
  if (first >= 0x80 || (first === 0 && reader.at - start === 1)) {
    reader.fail('x509/public-key', 'the number is not positive', path, start);
  }
  return start;
}

/** Bits of a positive INTEGER whose content is between the two offsets. */
function integerBits(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === 0 ? start + 1 : start;
  return (end - first) * 8 - Math.clz32(bytes[first] as number) + 24;
}

function ecdsaKey({ spki, parameters, data, path }: Parts): PublicKey {
  const at = parameters.at;
  const curve = curveByOid(readOid(parameters, `${path}.algorithm.parameters`));
  if (!curve)
    return parameters.fail(
      'x509/public-key',
      'the curve is not supported',
      `${path}.algorithm.parameters`,
      at,
    );
  if (!isOnCurve(data.bytes, data.at, data.end, curve.bits)) {
    data.fail('x509/public-key', `P${curve.bits} point not on curve`, `${path}.subjectPublicKey`);
  }
  return { spki, kind: 'ecdsa', bits: curve.bits, name: curve.name };
}

/** RFC 8410, 3: no parameters, 32 octets. */
function edwardsKey(parameters: DerReader, data: DerReader, path: string): void {
  if (!parameters.done) parameters.fail('x509/public-key', 'the key has parameters', `${path}.algorithm`);
  if (data.end - data.at !== 32) {
    data.fail('x509/public-key', 'the key does not have 32 octets', `${path}.subjectPublicKey`);
  }
}

function dsaKey({ spki, parameters, data, path }: Parts): PublicKey {
  positive(data, `${path}.subjectPublicKey`);
  const numbers = parameters.enter(Tag.sequence, `${path}.algorithm.parameters`);
  for (let i = 0; i < 3; i++) positive(numbers, `${path}.algorithm.parameters`);
  return { spki, kind: 'unknown', bits: 0, name: DSA };
}
