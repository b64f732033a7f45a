import { hash } from 'node:crypto';
import { DerReader, Tag } from './der.ts';
import type { PublicKey } from './types.ts';

/** 160 bits: RFC 7093, 2. */
const OCTETS = 20;

/**
 * The subject key identifier of a key: the first 160 bits of SHA-256 over the bits of the public key
 * (RFC 7093, method 1), as Go makes it since 1.25. 20 octets.
 */
export function keyIdentifier(key: PublicKey): Uint8Array {
  const info = new DerReader(key.spki).enter(Tag.sequence, 'subjectPublicKeyInfo');
  info.open(Tag.sequence, 'subjectPublicKeyInfo.algorithm');
  const start = info.bitString('subjectPublicKeyInfo.subjectPublicKey') + 1;
  const digest = hash('sha256', info.bytes.subarray(start, info.at), 'buffer');
  return new Uint8Array(digest.buffer, digest.byteOffset, OCTETS);
}
