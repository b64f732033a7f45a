// A certificate without what two issuances of it may differ in: key, serial, dates, signature. Read by a decoder
// that is not ours.
import { createHash, createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  Certificate,
  id_ce_authorityKeyIdentifier,
  id_ce_subjectKeyIdentifier,
  type SubjectPublicKeyInfo,
  type Time,
} from '@peculiar/asn1-x509';
import type { NodeFile, NodeFiles } from './node-files.ts';

export interface CertificateShape {
  version: number;
  /** DER, hex. */
  subject: string;
  issuer: string;
  /** OID and parameters, DER, hex: of the public key, and of the signature in both of its places. */
  keyAlgorithm: string;
  signatureAlgorithm: string;
  innerSignatureAlgorithm: string;
  /** Length in bits of what the key has: a modulus, a point. */
  keyBits: number;
  /** `utcTime` or `generalTime`, of the start and of the end. */
  timeForms: readonly string[];
  /** In order: OID, criticality, value as DER; identifiers of keys by how they were made. */
  extensions: readonly { oid: string; critical: boolean; value: string }[];
}

/** What may differ, and by how much is for the test to say. Milliseconds. */
export interface CertificateMoment {
  notBefore: number;
  notAfter: number;
  /** Bits that the serial number takes; one more with a sign that is no sign of health. */
  serialBits: number;
  positive: boolean;
}

/** `issuer` is the certificate that `pem` is to be signed by: its key is what the authority key identifier names. */
export function shapeOf(pem: Uint8Array | string, issuer: Uint8Array | string = pem): CertificateShape {
  const { tbsCertificate: tbs, signatureAlgorithm } = decoded(pem);
  const { validity } = tbs;
  const spki = tbs.subjectPublicKeyInfo;
  return {
    version: tbs.version,
    subject: hex(AsnConvert.serialize(tbs.subject)),
    issuer: hex(AsnConvert.serialize(tbs.issuer)),
    keyAlgorithm: hex(AsnConvert.serialize(spki.algorithm)),
    signatureAlgorithm: hex(AsnConvert.serialize(signatureAlgorithm)),
    innerSignatureAlgorithm: hex(AsnConvert.serialize(tbs.signature)),
    keyBits: spki.subjectPublicKey.byteLength * 8,
    timeForms: [validity.notBefore, validity.notAfter].map(formOf),
    extensions: [...(tbs.extensions ?? [])].map(({ extnID, critical, extnValue }) => ({
      oid: extnID,
      critical,
      value: extensionValue(extnID, extnValue.buffer, spki, decoded(issuer)),
    })),
  };
}

export function momentOf(pem: Uint8Array | string): CertificateMoment {
  const { serialNumber, validFrom, validTo } = new X509Certificate(pem);
  const octets = new Uint8Array(decoded(pem).tbsCertificate.serialNumber);
  return {
    notBefore: Date.parse(validFrom),
    notAfter: Date.parse(validTo),
    serialBits: BigInt(`0x${serialNumber}`).toString(2).length,
    positive: (octets[0] ?? 0) < 0x80 && serialNumber !== '00',
  };
}

/** One certificate as Go's encoding/pem writes it. */
export const CERTIFICATE_PEM =
  /^-----BEGIN CERTIFICATE-----\n(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{1,64}={0,2}\n-----END CERTIFICATE-----\n$/;

/** The authority beside it, among a node's files, that has signed this certificate. */
export function issuerOf({ path, bytes }: NodeFile, { files }: NodeFiles): Buffer {
  const certificate = new X509Certificate(bytes);
  const issuer = files.find(
    (file) => file.path.endsWith('ca.crt') && certificate.verify(new X509Certificate(file.bytes).publicKey),
  );
  if (!issuer) throw new Error(`nobody here has signed ${path}`);
  return issuer.bytes;
}

/** The PEM label, and what kind of key it is. */
export function keyForm(pem: Uint8Array): object {
  const text = Buffer.from(pem).toString();
  const [, label = ''] = /^-----BEGIN ([A-Z ]+)-----\n/.exec(text) ?? [];
  const read = label === 'PUBLIC KEY' ? createPublicKey : createPrivateKey;
  const { asymmetricKeyType, asymmetricKeyDetails } = read(text);
  const ended = text.endsWith(`\n-----END ${label}-----\n`);
  const lines = text.split('\n').slice(1, -2);
  const full = lines.slice(0, -1).every((line) => line.length === 64);
  return { label, asymmetricKeyType, asymmetricKeyDetails, ended, full, lines: lines.length };
}

function decoded(pem: Uint8Array | string): Certificate {
  return AsnConvert.parse(new X509Certificate(pem).raw, Certificate);
}

function extensionValue(
  oid: string,
  value: ArrayBuffer,
  own: SubjectPublicKeyInfo,
  issuer: Certificate,
): string {
  if (oid === id_ce_subjectKeyIdentifier) return keyIdentifierForm(Buffer.from(value).subarray(2), own);
  if (oid !== id_ce_authorityKeyIdentifier) return hex(value);
  const { keyIdentifier, authorityCertIssuer, authorityCertSerialNumber } = AsnConvert.parse(
    value,
    AuthorityKeyIdentifier,
  );
  if (!keyIdentifier || authorityCertIssuer || authorityCertSerialNumber) return hex(value);
  return keyIdentifierForm(Buffer.from(keyIdentifier.buffer), issuer.tbsCertificate.subjectPublicKeyInfo);
}

/** RFC 5280, 4.2.1.2 (1), and RFC 7093, 2 (1), which Go makes since 1.25. */
function keyIdentifierForm(id: Buffer, { subjectPublicKey }: SubjectPublicKeyInfo): string {
  for (const hash of ['sha1', 'sha256']) {
    const made = createHash(hash).update(Buffer.from(subjectPublicKey)).digest().subarray(0, 20);
    if (made.equals(id)) return `first 20 octets of ${hash} of the key`;
  }
  return id.toString('hex');
}

const formOf = (time: Time) => (time.utcTime ? 'utcTime' : 'generalTime');

function hex(bytes: ArrayBuffer | Uint8Array): string {
  return Buffer.from(bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes)).toString('hex');
}
