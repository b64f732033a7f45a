import { createECDH, generateKeyPairSync, X509Certificate } from 'node:crypto';
import {
  assembleCertificate,
  authorityKeyIdExtension,
  basicConstraintsExtension,
  type Certificate,
  dnsName,
  encodeTbsCertificate,
  extendedKeyUsageExtension,
  ipName,
  keyUsageExtension,
  makeName,
  parseCertificate,
  publicKeyFromSpki,
  readCertificates,
  signatureAlgorithmFor,
  subjectAltNameExtension,
  type TbsCertificateFields,
  writePem,
} from '../src/x509/index.ts';

/**
 * Reading and writing the certificate that a cluster has most of: P-256, nine alternative names. The
 * reference is node's X509Certificate, which is OpenSSL, asked for the same fields in the same run.
 */
const SANS = 9;
const ROUNDS = 15;
const BATCH = 2_000;

export async function bench(): Promise<{ name: string; ratio: number; unit: string; detail: string }[]> {
  const fields = tbsFields();
  const ders = Array.from({ length: BATCH }, () => certificate(tbsFields()).der);
  const bundle = Buffer.from(ders.map((der) => writePem('CERTIFICATE', der)).join(''));
  const nodePem = ders.map((der) => writePem('CERTIFICATE', der));
  let sink = 0;
  const [read = 0, nodeRead = 0, encode = 0, pem = 0, nodeFromPem = 0] = interleaved([
    () => ders.forEach((der) => (sink += askOurs(parseCertificate(der)))),
    () => ders.forEach((der) => (sink += askNode(new X509Certificate(der)))),
    () => ders.forEach(() => (sink += certificate(fields).der.length)),
    () => (sink += readCertificates(bundle).certificates.length),
    () => nodePem.forEach((text) => (sink += new X509Certificate(text).raw.length)),
  ]);
  if (sink === 0) throw new Error('nothing was read');
  const row = (name: string, ours: number, theirs: number) => ({
    name,
    ratio: ours / theirs,
    unit: 'x node X509Certificate',
    detail: `${Math.round(ours).toLocaleString('en')}/s against ${Math.round(theirs).toLocaleString('en')}/s`,
  });
  return [
    row('x509 parse and ask', read, nodeRead),
    row('x509 read a PEM bundle', pem, nodeFromPem),
    row('x509 encode, against node parse', encode, nodeRead),
  ];
}

function askOurs({ subject, notBefore, notAfter, subjectAltNames }: Certificate): number {
  return subject.rdns.length + notAfter - notBefore + (subjectAltNames?.length ?? 0);
}

function askNode({ subject, validFrom, validTo, subjectAltName }: X509Certificate): number {
  return subject.length + validFrom.length + validTo.length + (subjectAltName?.length ?? 0);
}

/** Medians of the tasks, in certificates per second, taken in turns so that a slow moment hits all alike. */
function interleaved(tasks: readonly (() => void)[]): number[] {
  const times = tasks.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, task] of tasks.entries()) {
      const start = process.hrtime.bigint();
      task();
      times[i]?.push(Number(process.hrtime.bigint() - start) / 1e9);
    }
  }
  return times.map((list) => BATCH / list.sort((a, b) => a - b)[ROUNDS >> 1]!);
}

const SPKI_PREFIX = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  .publicKey.export({ format: 'der', type: 'spki' })
  .subarray(0, -65);

function tbsFields(): TbsCertificateFields {
  const spki = Buffer.concat([SPKI_PREFIX, createECDH('prime256v1').generateKeys()]);
  const publicKey = publicKeyFromSpki(spki);
  const dns = Array.from({ length: SANS - 3 }, (_, i) => dnsName(`node-${i}.cluster.example.test`));
  const ips = ['10.96.0.1', '127.0.0.1', '2001:db8::10'].map(ipName);
  return {
    serial: spki.subarray(-16),
    signatureAlgorithm: signatureAlgorithmFor(publicKey).identifier,
    issuer: makeName([{ type: 'CN', value: 'KUBERNETES-CA' }]),
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2027, 0, 1),
    subject: makeName([
      { type: 'O', value: 'system:nodes' },
      { type: 'CN', value: 'system:node:worker-1' },
    ]),
    publicKey,
    extensions: [
      keyUsageExtension(['digitalSignature', 'keyEncipherment']),
      extendedKeyUsageExtension(['serverAuth', 'clientAuth']),
      basicConstraintsExtension({ ca: false, pathLength: undefined }),
      authorityKeyIdExtension(spki.subarray(-20)),
      subjectAltNameExtension([...dns, ...ips], false),
    ],
  };
}

/** The signature is not what is measured: any octets do. */
function certificate(fields: TbsCertificateFields): Certificate {
  return assembleCertificate(encodeTbsCertificate(fields), fields.signatureAlgorithm, SIGNATURE);
}

const SIGNATURE = Buffer.alloc(71, 0x30);
