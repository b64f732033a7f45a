/** @peculiar/x509 on WebCrypto: the same key, certificate and PEM; the same certificate read, and its signature. */
// oxlint-disable-next-line import/no-unassigned-import -- the way that it is meant to be loaded
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { CertificateTemplate } from '../../src/issue/index.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export async function peculiarIssuer({
  dnsNames,
  ipAddresses,
}: CertificateTemplate): Promise<() => Promise<string>> {
  x509.cryptoProvider.set(webcrypto as never);
  const authority = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return async () => {
    const { publicKey, privateKey } = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.create({
      subject: 'CN=kube-apiserver',
      issuer: 'CN=KUBERNETES-CA',
      notBefore: new Date('2026-01-01'),
      notAfter: new Date('2027-01-01'),
      publicKey,
      signingKey: authority.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.SubjectAlternativeNameExtension([
          ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
          ...ipAddresses.map((value) => ({ type: 'ip' as const, value })),
        ]),
      ],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', privateKey);
    return certificate.toString('pem') + x509.PemConverter.encode(key, 'PRIVATE KEY');
  };
}

/** All that it has a name for. */
export function peculiarReader(der: Uint8Array): () => unknown {
  return () => {
    const certificate = new x509.X509Certificate(der);
    const { serialNumber, issuer, subject, notBefore, notAfter, publicKey, signature, extensions } =
      certificate;
    return [serialNumber, issuer, subject, notBefore, notAfter, publicKey, signature, extensions];
  };
}

/** The signature and the dates: it knows no names and no usages. */
export function peculiarVerifier(der: Uint8Array, root: Uint8Array, at: number): () => Promise<void> {
  x509.cryptoProvider.set(webcrypto as never);
  const { publicKey } = new x509.X509Certificate(root);
  const leaf = new x509.X509Certificate(der);
  return async () => {
    if (!(await leaf.verify({ publicKey, date: new Date(at) }))) throw new Error('a good chain was refused');
  };
}
