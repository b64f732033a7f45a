import { type DerReader, Tag } from './der.ts';
import { encode } from './der-encode.ts';
import { oidElement, readOid } from './oid.ts';

/** AlgorithmIdentifier (RFC 5280, 4.1.1.2), both ways. */

export interface AlgorithmIdentifier {
  readonly oid: string;
  /** DER of the parameters; undefined when there are none. */
  readonly parameters: Uint8Array | undefined;
}

/** The content of an AlgorithmIdentifier; what follows its parameters is passed over, as in Go. */
export function readAlgorithm(content: DerReader, path: string): AlgorithmIdentifier {
  const oid = readOid(content, `${path}.algorithm`);
  return { oid, parameters: content.done ? undefined : content.any(`${path}.parameters`) };
}

/**
 * The signature algorithm stands inside and outside of what is signed, and must be the same. Go looks at the
 * outer one before it looks into the inner one. `path` is what is signed.
 */
export function readBothAlgorithms(signed: DerReader, outside: DerReader, path: string): AlgorithmIdentifier {
  const inner = signed.enter(Tag.sequence, `${path}.signature`);
  const start = outside.at;
  const outer = outside.enter(Tag.sequence, 'signatureAlgorithm');
  if (!sameBytes(inner.bytes, inner.at, inner.end, outer.at, outer.end)) {
    const message = `the signature algorithms inside and outside of ${path} differ`;
    outside.fail('x509/algorithm-mismatch', message, 'signatureAlgorithm', start);
  }
  return readAlgorithm(inner, `${path}.signature`);
}

function sameBytes(bytes: Uint8Array, aStart: number, aEnd: number, bStart: number, bEnd: number): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let a = aStart, b = bStart; a < aEnd; a++, b++) if (bytes[a] !== bytes[b]) return false;
  return true;
}

/** Parameters that say nothing, which RSA has (RFC 8017, A.1) and ECDSA and Ed25519 have not. */
export const NULL = Uint8Array.of(Tag.null, 0);

/** `parameters` is a whole element; absent when not given. */
export function encodeAlgorithm(oid: string, ...parameters: readonly Uint8Array[]): Uint8Array {
  return encode(Tag.sequence, oidElement(oid), ...parameters);
}
