import { Oid } from './oid.ts';
import type { ExtendedKeyUsage, KeyUsage } from './types.ts';

/** Words for people: what openssl prints, so that both outputs can be compared. */

const KEY_USAGE_TEXT: Readonly<Record<KeyUsage, string>> = {
  digitalSignature: 'Digital Signature',
  nonRepudiation: 'Non Repudiation',
  keyEncipherment: 'Key Encipherment',
  dataEncipherment: 'Data Encipherment',
  keyAgreement: 'Key Agreement',
  keyCertSign: 'Certificate Sign',
  cRLSign: 'CRL Sign',
  encipherOnly: 'Encipher Only',
  decipherOnly: 'Decipher Only',
};

export function keyUsageText(usage: KeyUsage): string {
  return KEY_USAGE_TEXT[usage];
}

const EXTENDED_KEY_USAGE_TEXT: ReadonlyMap<string, string> = new Map([
  ['any', 'Any Extended Key Usage'],
  ['serverAuth', 'TLS Web Server Authentication'],
  ['clientAuth', 'TLS Web Client Authentication'],
  ['codeSigning', 'Code Signing'],
  ['emailProtection', 'E-mail Protection'],
  ['timeStamping', 'Time Stamping'],
  ['ocspSigning', 'OCSP Signing'],
]);

/** An unknown one as its OID. */
export function extendedKeyUsageText(usage: ExtendedKeyUsage): string {
  return EXTENDED_KEY_USAGE_TEXT.get(usage) ?? usage;
}

const EXTENSION_TEXT: ReadonlyMap<string, string> = new Map([
  [Oid.subjectKeyIdentifier, 'X509v3 Subject Key Identifier'],
  [Oid.keyUsage, 'X509v3 Key Usage'],
  [Oid.subjectAltName, 'X509v3 Subject Alternative Name'],
  [Oid.basicConstraints, 'X509v3 Basic Constraints'],
  [Oid.nameConstraints, 'X509v3 Name Constraints'],
  [Oid.crlDistributionPoints, 'X509v3 CRL Distribution Points'],
  [Oid.certificatePolicies, 'X509v3 Certificate Policies'],
  [Oid.policyMappings, 'X509v3 Policy Mappings'],
  [Oid.authorityKeyIdentifier, 'X509v3 Authority Key Identifier'],
  [Oid.policyConstraints, 'X509v3 Policy Constraints'],
  [Oid.extendedKeyUsage, 'X509v3 Extended Key Usage'],
  [Oid.inhibitAnyPolicy, 'X509v3 Inhibit Any Policy'],
  [Oid.authorityInfoAccess, 'Authority Information Access'],
]);

/** An unknown one as its OID. */
export function extensionText(oid: string): string {
  return EXTENSION_TEXT.get(oid) ?? oid;
}
