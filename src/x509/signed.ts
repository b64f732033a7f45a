import { Tag } from './der.ts';
import { encode, encodeBitString } from './der-encode.ts';

/** The frame that certificates and requests share: what is signed, by which algorithm, the signature. */
export function encodeSigned(
  signed: Uint8Array,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): Uint8Array {
  return encode(Tag.sequence, signed, signatureAlgorithm, encodeBitString(signature));
}
