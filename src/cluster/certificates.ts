/** How certificates of each profile are made: the same roles, in flat's manner and in kubeadm's. */
import type { ExtendedKeyUsage, KeyAlgorithm, KeyUsage } from '../x509/index.ts';
import { type Names, type Subject, subject } from './identities.ts';
import type { CertificateProfile, ClusterSpec } from './types.ts';

export interface Leaf {
  readonly subject: Subject;
  readonly names?: Names;
  readonly usages: readonly ExtendedKeyUsage[];
  readonly person?: string;
}

export interface Style {
  authority(commonName: string, lifetime: number): CertificateProfile;
  leaf(leaf: Leaf, lifetime: number): CertificateProfile;
}

/** Shared, and every object written out: a cluster of 5,000 nodes has 15,000 of these. */
const NONE: readonly string[] = [];

export function styleOf({ profile, keys }: ClusterSpec): Style {
  return profile === 'flat' ? flatStyle(keys.algorithm) : kubeadmStyle;
}

/**
 * RFC 5280: an authority signs certificates and CRLs, and nothing else. Its path length is 1, not 0: in a
 * rotation the old authority certifies the new one, so that leaves of the new one verify everywhere at
 * once; and Go counts that certificate. RSA keys may encipher (TLS 1.2 key exchange); elliptic ones cannot.
 */
function flatStyle(algorithm: KeyAlgorithm): Style {
  const keyUsage: KeyUsage[] = ['digitalSignature'];
  if (algorithm.startsWith('rsa')) keyUsage.push('keyEncipherment');
  // 20 octets are the most (RFC 5280, 4.1.2.2); the top bit stays clear, so that the number is positive.
  const serialBits = 159;
  return {
    authority: (commonName, lifetime) => ({
      subject: subject(commonName),
      dnsNames: NONE,
      ipAddresses: NONE,
      uris: NONE,
      keyUsage: ['keyCertSign', 'cRLSign'],
      extendedKeyUsage: [],
      authority: { pathLength: 1 },
      subjectKeyId: true,
      lifetime,
      serialBits,
      exactUsages: false,
      person: undefined,
    }),
    leaf: ({ subject, names, usages, person }, lifetime) => ({
      subject,
      dnsNames: names?.dnsNames ?? NONE,
      ipAddresses: names?.ipAddresses ?? NONE,
      uris: NONE,
      keyUsage,
      extendedKeyUsage: usages,
      authority: undefined,
      subjectKeyId: true,
      lifetime,
      serialBits,
      exactUsages: false,
      person,
    }),
  };
}

/**
 * pkiutil.NewSelfSignedCACert and NewSignedCert (cmd/kubeadm/app/util/pkiutil/pki_helpers.go): keyEncipherment
 * whatever the key, never cRLSign, the authority's common name as its DNS name, 63-bit serial numbers.
 */
const kubeadmStyle: Style = {
  authority: (commonName, lifetime) => ({
    subject: subject(commonName),
    dnsNames: [commonName],
    ipAddresses: NONE,
    uris: NONE,
    keyUsage: ['digitalSignature', 'keyEncipherment', 'keyCertSign'],
    extendedKeyUsage: [],
    authority: { pathLength: undefined },
    subjectKeyId: true,
    lifetime,
    serialBits: 63,
    exactUsages: true,
    person: undefined,
  }),
  leaf: ({ subject, names, usages, person }, lifetime) => ({
    subject,
    dnsNames: names?.dnsNames ?? NONE,
    ipAddresses: names?.ipAddresses ?? NONE,
    uris: NONE,
    keyUsage: KUBEADM_LEAF,
    extendedKeyUsage: usages,
    authority: undefined,
    subjectKeyId: false,
    lifetime,
    serialBits: 63,
    exactUsages: true,
    person,
  }),
};

const KUBEADM_LEAF: readonly KeyUsage[] = ['digitalSignature', 'keyEncipherment'];
