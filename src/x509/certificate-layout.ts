import type { Instant } from '../base/index.ts';
import { type AlgorithmIdentifier, readBothAlgorithms } from './algorithm-identifier.ts';
import { contextConstructedTag, contextTag, DerReader, type Range, Tag } from './der.ts';
import { type ExtensionAt, type ExtensionValues, readExtensions, readExtensionValues } from './extensions.ts';
import { namePaths, readName } from './name.ts';
import { readSubjectPublicKey } from './keys-public.ts';
import type { Reading } from './reading.ts';
import { readTime } from './time.ts';
import type { Name, PublicKey } from './types.ts';

/** What one pass over a certificate finds: small values, and where the large ones are. */
export interface CertificateLayout {
  readonly tbs: Range;
  readonly version: number;
  readonly serial: Range;
  readonly algorithm: AlgorithmIdentifier;
  readonly issuer: Name;
  /** Content of the Validity. */
  readonly validity: Range;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  readonly extensions: readonly ExtensionAt[];
  readonly values: ExtensionValues;
  /** From the count of unused bits on. */
  readonly signature: Range;
}

const ISSUER = namePaths('tbsCertificate.issuer');
const SUBJECT = namePaths('tbsCertificate.subject');

/**
 * Refuses what Go's parser refuses (crypto/x509 parser.go, parseCertificate), in its order. As there,
 * elements behind the last known one are passed over in Certificate, TBSCertificate and Validity, and
 * extensions exist in version 3 only.
 */
export function readCertificateLayout(der: Uint8Array, reading: Reading): CertificateLayout {
  const file = new DerReader(der);
  const certificate = file.enter(Tag.sequence, 'certificate');
  const tbsStart = certificate.at;
  const tbs = certificate.enter(Tag.sequence, 'tbsCertificate');
  const tbsRange = { start: tbsStart, end: certificate.at };
  const version = readVersion(tbs);
  const serial = readSerial(tbs, reading);
  const algorithm = readBothAlgorithms(tbs, certificate, 'tbsCertificate');
  const issuer = readName(tbs, ISSUER);
  const validityReader = tbs.enter(Tag.sequence, 'tbsCertificate.validity');
  const validity = { start: validityReader.at, end: validityReader.end };
  const notBefore = readTime(validityReader, 'tbsCertificate.validity.notBefore');
  const notAfter = readTime(validityReader, 'tbsCertificate.validity.notAfter');
  const subject = readName(tbs, SUBJECT);
  const publicKey = readSubjectPublicKey(tbs, 'tbsCertificate.subjectPublicKeyInfo');
  const extensions = readOptionalParts(tbs, version);
  const values = readExtensionValues(extensions, tbs, reading);
  const signature = { start: certificate.bitString('signatureValue'), end: certificate.at };
  file.finish('certificate');
  return {
    tbs: tbsRange,
    version,
    serial,
    algorithm,
    issuer,
    validity,
    notBefore,
    notAfter,
    subject,
    publicKey,
    extensions,
    values,
    signature,
  };
}

/** 1, 2 or 3; an absent one is 1 (RFC 5280, 4.1.2.1). */
function readVersion(tbs: DerReader): number {
  const tag = contextConstructedTag(0);
  if (tbs.peek() !== tag) return 1;
  const explicit = tbs.enter(tag, 'tbsCertificate.version');
  const start = explicit.integer('tbsCertificate.version');
  const length = explicit.at - start;
  const value = explicit.bytes[start]!;
  if (length > 8 || value >= 0x80) {
    explicit.fail('x509/der-value', 'the version is negative or too large', 'tbsCertificate.version', start);
  }
  explicit.finish('tbsCertificate.version');
  if (length > 1 || value > 2) {
    explicit.fail('x509/version', 'the version is not 1, 2 or 3', 'tbsCertificate.version', start);
  }
  return value + 1;
}

function readSerial(tbs: DerReader, { refusesNegativeSerials }: Reading): Range {
  const start = tbs.integer('tbsCertificate.serialNumber');
  if (tbs.bytes[start]! >= 0x80 && refusesNegativeSerials) {
    tbs.fail('x509/negative-serial', 'the serial number is negative', 'tbsCertificate.serialNumber', start);
  }
  return { start, end: tbs.at };
}

/** What follows the public key, by version: unique identifiers (passed over) and extensions. */
function readOptionalParts(tbs: DerReader, version: number): ExtensionAt[] {
  if (version === 1) return [];
  tbs.skipOptional(contextTag(1), 'tbsCertificate.issuerUniqueID');
  tbs.skipOptional(contextTag(2), 'tbsCertificate.subjectUniqueID');
  const tag = contextConstructedTag(3);
  if (version !== 3 || tbs.peek() !== tag) return [];
  return readExtensions(tbs.enter(tag, 'tbsCertificate.extensions'));
}
