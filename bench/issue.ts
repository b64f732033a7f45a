// Speed of the main job: key, certificate and both PEMs, against the same key and signature without any of it.
import { createECDH, generateKeyPairSync, sign } from 'node:crypto';
import { systemKeys, systemRandom } from '../src/apply/system-keys.ts';
import { YEAR } from '../src/base/index.ts';
import { type CertificateTemplate, issueAuthority, issueCertificate, signerFor } from '../src/issue/index.ts';
import { writePem, writePrivateKey } from '../src/x509/index.ts';

const now = Date.UTC(2026, 0, 1);

const authorityTemplate: CertificateTemplate = {
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

/** kube-apiserver: nine alternative names. */
const serverTemplate: CertificateTemplate = {
  ...authorityTemplate,
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

const ROUNDS = 80;
const PER_ROUND = 100;

export async function bench(): Promise<{ name: string; ratio: number; unit: string; detail: string }[]> {
  const keys = systemKeys();
  const random = systemRandom();
  const key = keys.generate('ecdsa-p256');
  const signer = signerFor(key);
  const certificate = issueAuthority({ template: authorityTemplate, signer, now, random });
  const authority = { certificate, signer };
  const whole = () => {
    const leaf = keys.generate('ecdsa-p256');
    const issued = issueCertificate({
      template: serverTemplate,
      publicKey: leaf.publicKey,
      authority,
      now,
      random,
    });
    return [writePem('CERTIFICATE', issued.der), writePrivateKey(leaf, 'traditional')];
  };

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const tbs = certificate.tbs;
  const raw = () => {
    createECDH('prime256v1').generateKeys();
    return sign('sha256', tbs, privateKey);
  };

  // Turn by turn, so that both see the same machine; the best round of each is the least disturbed.
  const rates = { whole: 0, raw: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    rates.whole = Math.max(rates.whole, ratePerSecond(whole));
    rates.raw = Math.max(rates.raw, ratePerSecond(raw));
  }
  return [
    {
      name: 'issue: ECDSA P-256 key, certificate with 9 SANs, PEM',
      ratio: rates.whole / rates.raw,
      unit: 'of raw createECDH + sign',
      detail: `${Math.round(rates.whole)} against ${Math.round(rates.raw)} a second of processor time`,
    },
  ];
}

/** Of processor time, which other programs on the machine disturb less than the clock on the wall. */
function ratePerSecond(work: () => unknown): number {
  const start = process.cpuUsage();
  for (let i = 0; i < PER_ROUND; i++) work();
  const { user, system } = process.cpuUsage(start);
  return (PER_ROUND * 1e6) / (user + system);
}
