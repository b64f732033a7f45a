import type {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  KeyAlgorithm,
  KeyUsage,
  PrivateKey,
  PublicKey,
} from '../x509/index.ts';

/** Where new private keys come from. The rooms of floors 0 to 2 draw none themselves. */
export interface KeySource {
  generate(algorithm: KeyAlgorithm): PrivateKey;
}

/**
 * The port behind which an authority's private key is kept: in memory (`signerFor`), later in a PKCS#11
 * token or another process. `sign` gives the signature that `signatureAlgorithmFor(publicKey)` names.
 */
export interface Signer {
  readonly publicKey: PublicKey;
  sign(bytes: Uint8Array): Uint8Array;
}

/** One that may sign: its certificate, and the key that belongs to it. */
export interface Authority {
  readonly certificate: Certificate;
  readonly signer: Signer;
}

/**
 * What a certificate shall say. The table rows of the profiles in room `cluster` have this shape too.
 * Durations are in milliseconds.
 */
export interface CertificateTemplate extends CertificateTerms {
  /** In order; all values of a type go into one RDN, as Go's pkix writes them. May be empty when SANs are given. */
  readonly subject: readonly SubjectAttribute[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly emails?: readonly string[];
}

/** What it shall say besides whom it names. */
export interface CertificateTerms {
  readonly keyUsage: readonly KeyUsage[];
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
  /** `issueCertificate` wants `ca` false, `issueAuthority` true: none becomes the other by mistake. */
  readonly basicConstraints: BasicConstraints;
  /** Leaves only: an authority's certificate always has one. kubeadm's leaves have none. */
  readonly subjectKeyId: boolean;
  /** From `now` to notAfter; whatever `backdate` says. */
  readonly lifetime: number;
  /** How far notBefore lies before `now`, for clocks that are behind. Five minutes when not given. */
  readonly backdate?: number;
  /** Bits of the random serial number, 63 (Go's and kubeadm's) to 159 (20 octets with the top bit clear). */
  readonly serialBits: number;
  /** Usages are taken to the letter, even keyEncipherment on an ECDSA key, as kubeadm does. */
  readonly exactUsages: boolean;
  /** DNS names are sorted, as kubeadm does; otherwise they keep their order. */
  readonly sortDnsNames?: boolean;
}

export interface SubjectAttribute {
  /** Short (`CN`, `O`, `OU`, `UID`, ...) or a dotted OID. */
  readonly type: string;
  readonly value: string;
}

/** Why no certificate is issued. */
export type IssueCode =
  /** No subject and no SAN, or an empty value. */
  | 'issue/no-identity'
  /** A server certificate without any SAN: Go ignores the common name. */
  | 'issue/no-san'
  | 'issue/no-usage'
  /** Usages of an authority on a leaf, or an authority without keyCertSign. */
  | 'issue/authority-usage'
  /** A CA where a leaf is asked for, or the reverse. */
  | 'issue/not-a-leaf'
  | 'issue/not-an-authority'
  | 'issue/weak-key'
  | 'issue/lifetime'
  | 'issue/serial'
  /** The issuer's certificate is no CA, or may not sign certificates. */
  | 'issue/issuer-not-authority'
  | 'issue/issuer-expired'
  | 'issue/issuer-not-yet-valid'
  | 'issue/issuer-path-length'
  /** The issuer's extended key usages leave out one of the certificate's. */
  | 'issue/issuer-usage'
  /** The signing key is not the one in the issuer's certificate. */
  | 'issue/issuer-key';
