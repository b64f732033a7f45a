import { generateKeyPairSync } from 'node:crypto';
import {
  assembleCertificate,
  authorityKeyIdExtension,
  basicConstraintsExtension,
  type Certificate,
  dnsName,
  emailName,
  encodeTbsCertificate,
  extendedKeyUsageExtension,
  type Extension,
  ipName,
  keyUsageExtension,
  makeName,
  readPrivateKey,
  signatureAlgorithmFor,
  signBytes,
  subjectAltNameExtension,
  subjectKeyIdExtension,
  type TbsCertificateFields,
  uriName,
} from './index.ts';

export const key = readPrivateKey(
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'der', type: 'pkcs8' }),
);
export const algorithm = signatureAlgorithmFor(key.publicKey).identifier;

export const SANS = [
  dnsName('kubernetes'),
  dnsName('*.example.test'),
  ipName('10.96.0.1'),
  ipName('2001:db8::1'),
  emailName('a@b.test'),
  uriName('spiffe://td/ns/a'),
];
export const EXTENSIONS: readonly Extension[] = [
  keyUsageExtension(['digitalSignature', 'keyCertSign', 'decipherOnly']),
  extendedKeyUsageExtension(['serverAuth', 'clientAuth', '1.2.3.4']),
  basicConstraintsExtension({ ca: true, pathLength: 300 }),
  subjectKeyIdExtension(Uint8Array.of(1, 2, 3, 4)),
  authorityKeyIdExtension(Uint8Array.of(9, 8, 7)),
  subjectAltNameExtension(SANS, false),
];

export function fields(changes: Partial<TbsCertificateFields> = {}): TbsCertificateFields {
  return {
    serial: Uint8Array.of(0, 0, 0xfe, 0xdc),
    signatureAlgorithm: algorithm,
    issuer: makeName([{ type: 'CN', value: 'KUBERNETES-CA' }]),
    notBefore: Date.UTC(2026, 0, 2, 3, 4, 5),
    notAfter: Date.UTC(2055, 0, 1),
    subject: makeName([
      { type: 'O', value: 'system:masters' },
      { type: 'CN', value: 'kube-admin' },
    ]),
    publicKey: key.publicKey,
    extensions: EXTENSIONS,
    ...changes,
  };
}

export function certificate(changes: Partial<TbsCertificateFields> = {}): Certificate {
  const tbs = encodeTbsCertificate(fields(changes));
  return assembleCertificate(tbs, algorithm, signBytes(key, tbs));
}

const FIELDS = [
  'der',
  'tbs',
  'version',
  'serial',
  'notBefore',
  'notAfter',
  'utcOffsets',
  'publicKey',
  'signatureAlgorithm',
  'signatureParameters',
  'signature',
  'extensions',
  'basicConstraints',
  'keyUsage',
  'extendedKeyUsage',
  'subjectAltNames',
  'subjectKeyId',
  'authorityKeyId',
  'nameConstraints',
  'unhandledCritical',
] as const satisfies readonly (keyof Certificate)[];

/** Every field, so that two certificates can be compared: getters are no own properties. */
export function allOf(cert: Certificate): Record<string, unknown> {
  const names = { issuer: cert.issuer.rdns, subject: cert.subject.rdns };
  return { ...names, ...Object.fromEntries(FIELDS.map((field) => [field, cert[field]])) };
}
