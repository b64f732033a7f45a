import type { Instant, Secret } from '../base/index.ts';

/**
 * The values of this room. Each parsed value keeps the bytes it came from: names and signatures are
 * compared as DER, never as text.
 */

/** Algorithms that we generate. What we read is wider: see PublicKey. */
export type KeyAlgorithm =
  | 'rsa-2048'
  | 'rsa-3072'
  | 'rsa-4096'
  | 'ecdsa-p256'
  | 'ecdsa-p384'
  | 'ecdsa-p521'
  | 'ed25519';

export interface PublicKey {
  /** DER of SubjectPublicKeyInfo (RFC 5280, 4.1.2.7). */
  readonly spki: Uint8Array;
  readonly kind: 'rsa' | 'ecdsa' | 'ed25519' | 'unknown';
  /** Modulus bits for RSA, curve bits for ECDSA (224, 256, 384, 521), 256 for Ed25519, 0 when unknown. */
  readonly bits: number;
  /** For people and JSON: `rsa-2048`, `ecdsa-p256`, `ed25519`, or the OID when unknown. */
  readonly name: string;
}

export interface PrivateKey {
  readonly publicKey: PublicKey;
  /** DER of PKCS#8 PrivateKeyInfo, unencrypted. */
  readonly pkcs8: Secret;
}

/** One AttributeTypeAndValue. `type` is a dotted OID. `text` is undefined for a value that is no string. */
export interface NameAttribute {
  readonly type: string;
  readonly text: string | undefined;
  /** The value as DER, tag included. */
  readonly der: Uint8Array;
}

/** A distinguished name: RDNs in order, each a set of attributes. */
export interface Name {
  readonly der: Uint8Array;
  readonly rdns: readonly (readonly NameAttribute[])[];
}

export type GeneralName =
  | { readonly kind: 'dns' | 'email' | 'uri'; readonly value: string }
  | { readonly kind: 'ip'; readonly value: string; readonly bytes: Uint8Array }
  | { readonly kind: 'other'; readonly tag: number; readonly der: Uint8Array };

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** Content of the OCTET STRING. */
  readonly value: Uint8Array;
}

/** RFC 5280, 4.2.1.3, in bit order. */
export type KeyUsage =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/** Well-known extended key usages by name; any other as dotted OID. */
export type ExtendedKeyUsage =
  | 'any'
  | 'serverAuth'
  | 'clientAuth'
  | 'codeSigning'
  | 'emailProtection'
  | 'timeStamping'
  | 'ocspSigning'
  | (string & {});

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength: number | undefined;
}

export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

export interface Certificate {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  /** 1, 2 or 3. */
  readonly version: number;
  /** Content octets of the INTEGER, as encoded (two's complement, big endian). */
  readonly serial: Uint8Array;
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** Minutes east of UTC that the dates are written with, nearly always 0: Go prints the dates with them. */
  readonly utcOffsets: { readonly notBefore: number; readonly notAfter: number };
  readonly publicKey: PublicKey;
  /** Dotted OID; its name for people comes from `signatureAlgorithmName`. */
  readonly signatureAlgorithm: string;
  readonly signatureParameters: Uint8Array | undefined;
  readonly signature: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly basicConstraints: BasicConstraints | undefined;
  readonly keyUsage: readonly KeyUsage[] | undefined;
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[] | undefined;
  readonly subjectAltNames: readonly GeneralName[] | undefined;
  readonly subjectKeyId: Uint8Array | undefined;
  readonly authorityKeyId: Uint8Array | undefined;
  readonly nameConstraints: NameConstraints | undefined;
  /** OIDs of critical extensions that this room does not understand. */
  readonly unhandledCritical: readonly string[];
}

export interface CertificateRequest {
  readonly der: Uint8Array;
  readonly info: Uint8Array;
  readonly subject: Name;
  readonly publicKey: PublicKey;
  readonly extensions: readonly Extension[];
  readonly subjectAltNames: readonly GeneralName[] | undefined;
  readonly signatureAlgorithm: string;
  readonly signatureParameters: Uint8Array | undefined;
  readonly signature: Uint8Array;
}

/** One entry of a revocation list (RFC 5280, 5.3). */
export interface RevokedCertificate {
  /** Content octets of the INTEGER, as encoded. */
  readonly serial: Uint8Array;
  readonly revokedAt: Instant;
  /** CRLReason as encoded; undefined when there is none, which means unspecified. */
  readonly reasonCode: number | undefined;
  readonly extensions: readonly Extension[];
}

/** A CRL, version 2. */
export interface RevocationList {
  readonly der: Uint8Array;
  readonly tbs: Uint8Array;
  readonly issuer: Name;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant | undefined;
  readonly count: number;
  /** In order, read anew at each walk: a million of them take no memory. */
  readonly entries: Iterable<RevokedCertificate>;
  readonly authorityKeyId: Uint8Array | undefined;
  /** CRL number (RFC 5280, 5.2.3): content octets of the INTEGER. */
  readonly number: Uint8Array | undefined;
  readonly extensions: readonly Extension[];
  readonly signatureAlgorithm: string;
  readonly signatureParameters: Uint8Array | undefined;
  readonly signature: Uint8Array;
}

export interface PemBlock {
  readonly label: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  /** Line of its BEGIN, from 1. */
  readonly line: number;
}
