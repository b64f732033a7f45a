import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { systemKeys } from '../apply/index.ts';
import { makeName } from '../x509/index.ts';
import { nameCarriers } from './name-carriers.ts';
import { ownPair } from './own-certificate.ts';

const NOW = Date.UTC(2026, 10, 23, 5, 0, 0);

describe('the certificate that a component makes for itself', () => {
  const pair = ownPair(systemKeys(), NOW);
  const [leaf, authority] = pair.certificate
    .toString()
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .map((pem) => new X509Certificate(pem));

  it('is what client-go makes, for Node too', () => {
    expect(leaf?.subject).toBe(`CN=localhost@${NOW / 1000}`);
    expect(leaf?.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1');
    expect(leaf?.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(leaf && authority && leaf.checkIssued(authority) && leaf.verify(authority.publicKey)).toBe(true);
    expect([leaf?.validFrom, leaf?.validTo].map((text) => Date.parse(text ?? '') - NOW)).toEqual([
      -3_600_000,
      (365 * 24 - 1) * 3_600_000,
    ]);
    expect(leaf?.serialNumber).not.toBe(authority?.serialNumber);
  });

  it('goes with its key', () => {
    const key = Buffer.from(pair.key.reveal());
    expect(() => createSecureContext({ cert: pair.certificate, key })).not.toThrow();
  });
});

describe('certificates that carry a name', () => {
  const names = ['KUBERNETES-CA', 'ETCD-CA', 'KUBERNETES-CA'].map((value) =>
    makeName([{ type: 'CN', value }]),
  );
  const carriers = nameCarriers(names)
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .map((pem) => new X509Certificate(pem));

  it('have these subjects, each once, and are no authority for OpenSSL', () => {
    expect(carriers.map(({ subject }) => subject)).toEqual(['CN=KUBERNETES-CA', 'CN=ETCD-CA']);
    expect(carriers.map(({ ca }) => ca)).toEqual([false, false]);
  });
});
