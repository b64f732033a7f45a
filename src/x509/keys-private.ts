import { createECDH, createPrivateKey, createPublicKey, type ECDH } from 'node:crypto';
import { asBuffer, equalBytes } from '../base/index.ts';
import { contextConstructedTag, contextTag, DerReader, Tag } from './der.ts';
import { Algorithm, type Curve, curveByOid } from './keys-algorithms.ts';
import { ecdsaKey, ed25519Key } from './keys-build.ts';
import { keyError } from './keys-errors.ts';
import { readRsaPrivateKey } from './keys-rsa.ts';
import { readVersion } from './keys-version.ts';
import { readOid } from './oid.ts';
import type { PrivateKey } from './types.ts';

/**
 * Unencrypted private keys from DER. The structure is read here, so that a refusal names its place, and
 * the numbers are checked against each other, so that a pair that signs nonsense never gets further: an
 * ECDSA point and an Ed25519 point are computed anew, an RSA key must satisfy RFC 8017, 3.2.
 */

/** PrivateKeyInfo or OneAsymmetricKey: RFC 5958, 2. */
export function privateKeyFromPkcs8(der: Uint8Array): PrivateKey {
  const outer = new DerReader(der);
  const info = outer.enter(Tag.sequence, 'privateKeyInfo');
  outer.finish('privateKeyInfo');
  readVersion(info, 'privateKeyInfo.version', [0, 1]);
  const algorithm = info.enter(Tag.sequence, 'privateKeyInfo.algorithm');
  const oid = readOid(algorithm, 'privateKeyInfo.algorithm');
  const inner = info.enter(Tag.octetString, 'privateKeyInfo.privateKey');
  if (info.peek() === contextConstructedTag(0)) info.any('privateKeyInfo.attributes');
  const publicPart =
    info.peek() === contextTag(1) ? info.content(contextTag(1), 'privateKeyInfo.publicKey') : undefined;
  info.finish('privateKeyInfo');
  switch (oid) {
    case Algorithm.rsa:
      return readRsaPrivateKey(inner);
    case Algorithm.ecdsa:
      return readSec1(inner, namedCurve(algorithm, 'privateKeyInfo.algorithm.parameters'));
    case Algorithm.ed25519:
      // RFC 8410, 3: there must be no parameters.
      algorithm.finish('privateKeyInfo.algorithm');
      return readEd25519(inner, publicPart);
    default:
      throw keyError('x509/key-unsupported', `private keys of algorithm ${oid} are not read`);
  }
}

/** ECPrivateKey: RFC 5915, 3, with a named curve. */
export function privateKeyFromSec1(der: Uint8Array): PrivateKey {
  return readSec1(new DerReader(der), undefined);
}

function readSec1(outer: DerReader, named: Curve | undefined): PrivateKey {
  const key = outer.enter(Tag.sequence, 'ecPrivateKey');
  outer.finish('ecPrivateKey');
  readVersion(key, 'ecPrivateKey.version', [1]);
  const scalar = key.content(Tag.octetString, 'ecPrivateKey.privateKey');
  const inside =
    key.peek() === contextConstructedTag(0)
      ? namedCurve(key.enter(contextConstructedTag(0), 'ecPrivateKey.parameters'), 'ecPrivateKey.parameters')
      : undefined;
  const point =
    key.peek() === contextConstructedTag(1)
      ? key
          .enter(contextConstructedTag(1), 'ecPrivateKey.publicKey')
          .content(Tag.bitString, 'ecPrivateKey.publicKey')
      : undefined;
  key.finish('ecPrivateKey');
  const curve = named ?? inside;
  if (!curve)
    throw keyError('x509/key-unsupported', 'the EC key names no curve', { path: 'ecPrivateKey.parameters' });
  if (inside && inside !== curve)
    throw keyError('x509/key-mismatch', 'the EC key names two different curves');
  return ecdsaKeyFromScalar(curve, scalar, point);
}

function ecdsaKeyFromScalar(curve: Curve, padded: Uint8Array, stated: Uint8Array | undefined): PrivateKey {
  const zeros = padded.findIndex((octet) => octet !== 0);
  const scalar = padded.subarray(zeros < 0 ? padded.length : zeros);
  const ecdh = ecdhOf(curve);
  try {
    ecdh.setPrivateKey(scalar);
  } catch {
    throw keyError('x509/key-invalid', `the private number is out of range for ${curve.name}`);
  }
  const point = ecdh.getPublicKey();
  if (stated && !isSamePoint(stated, point)) {
    throw keyError('x509/key-mismatch', 'the EC key holds a public key that is not its own');
  }
  return ecdsaKey(curve, scalar, point);
}

const ecdhs = new Map<Curve, ECDH>();

/** One for all keys of a curve: to make it takes longer than to compute a point. It holds what was last set. */
export function ecdhOf(curve: Curve): ECDH {
  const known = ecdhs.get(curve) ?? createECDH(curve.openssl);
  ecdhs.set(curve, known);
  return known;
}

/** `stated` is the content of a BIT STRING; its point may be compressed (SEC 1, 2.3.3). */
function isSamePoint(stated: Uint8Array, point: Uint8Array): boolean {
  const bytes = stated.subarray(1);
  if (stated[0] !== 0) return false;
  if (bytes[0] === 4) return equalBytes(bytes, point);
  const octets = (point.length - 1) / 2;
  const sign = 2 + (point[point.length - 1]! & 1);
  return bytes[0] === sign && equalBytes(bytes.subarray(1), point.subarray(1, 1 + octets));
}

function namedCurve(reader: DerReader, path: string): Curve {
  if (reader.peek() === Tag.sequence) {
    const hint = 'openssl ec -in KEY -param_enc named_curve -out NEW';
    throw keyError(
      'x509/key-unsupported',
      'the EC key spells its curve out instead of naming it',
      { path },
      hint,
    );
  }
  const oid = readOid(reader, path);
  reader.finish(path);
  const curve = curveByOid(oid);
  if (!curve) throw keyError('x509/key-unsupported', `keys on the curve ${oid} are not read`, { path });
  return curve;
}

function readEd25519(outer: DerReader, stated: Uint8Array | undefined): PrivateKey {
  const path = 'privateKeyInfo.privateKey';
  const seed = outer.content(Tag.octetString, path);
  outer.finish(path);
  if (seed.length !== 32)
    throw keyError('x509/key-invalid', 'an Ed25519 private key has 32 octets', { path });
  const key = ed25519KeyFromSeed(seed);
  if (stated && !(stated[0] === 0 && equalBytes(stated.subarray(1), key.publicKey.spki.subarray(-32)))) {
    throw keyError('x509/key-mismatch', 'the Ed25519 key holds a public key that is not its own');
  }
  return key;
}

/** From the 32 octets that are the private key; the public one is computed (RFC 8032, 5.1.5). */
export function ed25519KeyFromSeed(seed: Uint8Array): PrivateKey {
  const pkcs8 = ed25519Key(seed, new Uint8Array(32)).pkcs8.reveal();
  const key = createPrivateKey({ key: asBuffer(pkcs8), format: 'der', type: 'pkcs8' });
  return ed25519Key(seed, createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
}
