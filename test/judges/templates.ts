import { YEAR } from '../../src/base/index.ts';
import type { CertificateTemplate } from '../../src/issue/index.ts';

/** A cluster authority and a server certificate, for tests that issue. */
export const AUTHORITY: CertificateTemplate = {
  subject: [{ type: 'CN', value: 'KUBERNETES-CA' }],
  dnsNames: [],
  ipAddresses: [],
  uris: [],
  keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
  extendedKeyUsage: [],
  basicConstraints: { ca: true, pathLength: undefined },
  subjectKeyId: true,
  lifetime: 10 * YEAR,
  serialBits: 159,
  exactUsages: false,
};

export const LEAF: CertificateTemplate = {
  ...AUTHORITY,
  subject: [
    { type: 'O', value: 'system:masters' },
    { type: 'CN', value: 'kube-apiserver' },
  ],
  dnsNames: ['kubernetes', 'kubernetes.default.svc', 'api.example.test'],
  ipAddresses: ['10.96.0.1', 'fd00::1'],
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['serverAuth'],
  basicConstraints: { ca: false, pathLength: undefined },
  subjectKeyId: false,
  lifetime: YEAR,
};
