/** What the benchmarks of the engine issue: an authority, a server with nine names, requests for it. */
import { systemKeys, systemRandom } from '../../src/apply/index.ts';
import { YEAR } from '../../src/base/index.ts';
import {
  type CertificateTemplate,
  type CertificateTerms,
  createRequest,
  issueAuthority,
  issueCertificate,
  signerFor,
} from '../../src/issue/index.ts';
import {
  type Certificate,
  type CertificateRequest,
  writePem,
  writePrivateKey,
} from '../../src/x509/index.ts';
import { AUTHORITY } from '../../test/judges/templates.ts';
import type { Material } from './peers.ts';

export const now = Date.UTC(2026, 0, 1);
export const keys = systemKeys();
export const random = systemRandom();

/** kube-apiserver, as the flat profile has it. */
export const serverTemplate: CertificateTemplate = {
  ...AUTHORITY,
  subject: [{ type: 'CN', value: 'kube-apiserver' }],
  dnsNames: [
    'kubernetes',
    'kubernetes.default',
    'kubernetes.default.svc',
    'kubernetes.default.svc.cluster.local',
    'master',
    'api.example.test',
  ],
  ipAddresses: ['10.96.0.1', '10.0.0.10', '203.0.113.7'],
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['serverAuth'],
  basicConstraints: { ca: false, pathLength: undefined },
  lifetime: YEAR,
};

/** As Kubernetes' own signer: no subject key identifier. */
export const requestTerms: CertificateTerms = { ...serverTemplate, subjectKeyId: false };

const authorityKey = keys.generate('ecdsa-p256');
const signer = signerFor(authorityKey);
const certificate = issueAuthority({ template: AUTHORITY, signer, now, random });
export const authority = { certificate, signer };
/** For other processes, which cannot be given a signer. */
export const authorityWithKey = { certificate, key: authorityKey };

export function newLeaf(): Certificate {
  const { publicKey } = keys.generate('ecdsa-p256');
  return issueCertificate({ template: serverTemplate, publicKey, authority, now, random });
}

export function newRequest(): CertificateRequest {
  const { subject, dnsNames, ipAddresses, uris } = serverTemplate;
  const own = signerFor(keys.generate('ecdsa-p256'));
  return createRequest({ subject, names: { dnsNames, ipAddresses, uris }, signer: own });
}

const pem = (label: string, der: Uint8Array) => writePem(label, der);

/** The same for peers. */
export const peerMaterial = {
  issuing: (): Material => ({
    der: pem('CERTIFICATE REQUEST', newRequest().der),
    cert: pem('CERTIFICATE', certificate.der),
    key: Buffer.from(writePrivateKey(authorityKey, 'pkcs8').reveal()).toString(),
  }),
  parsing: ({ der }: Certificate): Material => ({ der: pem('CERTIFICATE', der) }),
  verifying: ({ der }: Certificate, name: string): Material => ({
    leaf: pem('CERTIFICATE', der),
    roots: [pem('CERTIFICATE', certificate.der)],
    at: new Date(now).toISOString(),
    usage: 'server',
    name,
  }),
};
