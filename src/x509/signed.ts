import { Tag } from './der.ts';
import { written } from './der-writer.ts';

/** The frame that certificates and requests share: what is signed, by which algorithm, the signature. */
export function encodeSigned(
  signed: Uint8Array,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): Uint8Array {
  return written((writer) => {
    writer.octets(signature);
    writer.octet(0);
    writer.header(Tag.bitString, 0);
    writer.octets(signatureAlgorithm);
    writer.octets(signed);
    writer.header(Tag.sequence, 0);
  });
}
