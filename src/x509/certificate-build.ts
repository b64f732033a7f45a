import type { Instant } from '../base/index.ts';
import { contextConstructedTag, Tag } from './der.ts';
import { encode } from './der-encode.ts';
import { written } from './der-writer.ts';
import { writeExtensions } from './extension-build.ts';
import { writeSerial } from './serial.ts';
import { writeTime } from './time.ts';
import type { Extension, Name, PublicKey } from './types.ts';

/** What is signed. */
export interface TbsCertificateFields {
  /** Unsigned, big endian, 1 to 20 octets, not zero; a sign octet is added where it is needed. */
  readonly serial: Uint8Array;
  /** DER of the AlgorithmIdentifier that it will be signed with. */
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Name;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  readonly extensions: readonly Extension[];
}

const VERSION_3 = encode(contextConstructedTag(0), encode(Tag.integer, Uint8Array.of(2)));

/**
 * DER of a TBSCertificate, version 3.
 *
 * @throws KubetlsError `x509/serial` for a serial number that RFC 5280, 4.1.2.2 forbids,
 *   `x509/duplicate-extension`, `x509/time`
 */
export function encodeTbsCertificate(fields: TbsCertificateFields): Uint8Array {
  return written((writer) => {
    if (fields.extensions.length > 0) {
      writeExtensions(writer, fields.extensions);
      writer.header(contextConstructedTag(3), 0);
    }
    writer.octets(fields.publicKey.spki);
    writer.octets(fields.subject.der);
    const validity = writer.length;
    writeTime(writer, fields.notAfter);
    writeTime(writer, fields.notBefore);
    writer.header(Tag.sequence, validity);
    writer.octets(fields.issuer.der);
    writer.octets(fields.signatureAlgorithm);
    writeSerial(writer, fields.serial);
    writer.octets(VERSION_3);
    writer.header(Tag.sequence, 0);
  });
}
