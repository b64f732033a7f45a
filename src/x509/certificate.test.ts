import { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate as PeculiarCertificate, SubjectAlternativeName } from '@peculiar/asn1-x509';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasOpenssl, openssl } from '../../test/judges/openssl.ts';
import { codeOf } from '../../test/judges/code-of.ts';
import { toHex } from '../base/index.ts';
import {
  encodeTbsCertificate,
  fingerprint,
  nameText,
  parseCertificate,
  serialDecimal,
  serialHex,
} from './index.ts';
import { key, SANS, EXTENSIONS, fields, certificate, allOf } from './certificate.fixture.ts';

describe('a certificate that we write', () => {
  const cert = certificate();

  it('has the fields that it was made of', () => {
    expect(allOf(cert)).toMatchObject({
      version: 3,
      serial: Uint8Array.of(0, 0xfe, 0xdc),
      notBefore: Date.UTC(2026, 0, 2, 3, 4, 5),
      notAfter: Date.UTC(2055, 0, 1),
      utcOffsets: { notBefore: 0, notAfter: 0 },
      publicKey: key.publicKey,
      signatureAlgorithm: '1.2.840.10045.4.3.2',
      signatureParameters: undefined,
      basicConstraints: { ca: true, pathLength: 300 },
      keyUsage: ['digitalSignature', 'keyCertSign', 'decipherOnly'],
      extendedKeyUsage: ['serverAuth', 'clientAuth', '1.2.3.4'],
      subjectAltNames: SANS,
      subjectKeyId: Uint8Array.of(1, 2, 3, 4),
      authorityKeyId: Uint8Array.of(9, 8, 7),
      nameConstraints: undefined,
      unhandledCritical: [],
    });
    expect(cert.extensions.map(({ oid, critical, value }) => ({ oid, critical, value }))).toEqual(EXTENSIONS);
    expect(nameText(cert.subject)).toBe('CN=kube-admin,O=system:masters');
    expect([serialDecimal(cert.serial), serialHex(cert.serial)]).toEqual(['65244', 'fe:dc']);
  });

  it('is the same value when it is read from its bytes', () => {
    expect(allOf(parseCertificate(cert.der))).toEqual(allOf(cert));
  });

  it('is read alike by node', () => {
    const judged = new X509Certificate(cert.der);
    expect(judged.subject).toBe('O=system:masters\nCN=kube-admin');
    expect(judged.issuer).toBe('CN=KUBERNETES-CA');
    expect(judged.serialNumber.toLowerCase()).toBe(toHex(cert.serial).replace(/^00/, ''));
    expect([Date.parse(judged.validFrom), Date.parse(judged.validTo)]).toEqual([
      cert.notBefore,
      cert.notAfter,
    ]);
    expect(judged.ca).toBe(true);
    expect(judged.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(fingerprint(cert.der));
    expect(judged.subjectAltName).toBe(
      'DNS:kubernetes, DNS:*.example.test, IP Address:10.96.0.1, IP Address:2001:DB8:0:0:0:0:0:1, email:a@b.test, URI:spiffe://td/ns/a',
    );
    expect(judged.verify(judged.publicKey)).toBe(true);
  });

  it('is read alike by another decoder', () => {
    const judged = AsnConvert.parse(cert.der, PeculiarCertificate).tbsCertificate;
    expect(judged.version).toBe(2);
    expect(Buffer.from(judged.serialNumber)).toEqual(Buffer.from(cert.serial));
    expect(judged.validity.notAfter.getTime().getTime()).toBe(cert.notAfter);
    expect(judged.extensions?.map(({ extnID, critical }) => [extnID, critical])).toEqual(
      cert.extensions.map(({ oid, critical }) => [oid, critical]),
    );
    const san = judged.extensions?.find(({ extnID }) => extnID === '2.5.29.17')?.extnValue;
    const names = AsnConvert.parse(san?.buffer ?? new ArrayBuffer(), SubjectAlternativeName);
    expect(
      names.map(
        (name) => name.dNSName ?? name.iPAddress ?? name.rfc822Name ?? name.uniformResourceIdentifier,
      ),
    ).toEqual([
      'kubernetes',
      '*.example.test',
      '10.96.0.1',
      expect.stringMatching(/^2001:(0?db8)/),
      'a@b.test',
      'spiffe://td/ns/a',
    ]);
  });

  it.skipIf(!hasOpenssl())('is read alike by openssl (needs openssl)', () => {
    const text = openssl(
      ['x509', '-inform', 'DER', '-noout', '-text', '-ext', 'all'].slice(0, -2),
      cert.der,
    ).toString();
    for (const line of [
      'Version: 3 (0x2)',
      'Signature Algorithm: ecdsa-with-SHA256',
      'Not Before: Jan  2 03:04:05 2026 GMT',
      'Not After : Jan  1 00:00:00 2055 GMT',
      'Subject: O = system:masters, CN = kube-admin',
      'Digital Signature, Certificate Sign, Decipher Only',
      'TLS Web Server Authentication, TLS Web Client Authentication, 1.2.3.4',
      'CA:TRUE, pathlen:300',
      '01:02:03:04',
      '09:08:07',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('comes back whatever it is made of', () => {
    const serial = fc
      .uint8Array({ minLength: 1, maxLength: 19 })
      .filter((octets) => octets.some((octet) => octet > 0));
    const instant = fc.integer({ min: 0, max: 250_000_000_000 }).map((seconds) => seconds * 1_000);
    const extension = fc.uniqueArray(
      fc.record({
        oid: fc.integer({ min: 0, max: 9_999 }).map((n) => `1.3.6.1.4.1.57683.9.${n}`),
        critical: fc.boolean(),
        value: fc.uint8Array({ maxLength: 300 }),
      }),
      { selector: ({ oid }) => oid },
    );
    fc.assert(
      fc.property(serial, instant, instant, extension, (octets, notBefore, notAfter, extensions) => {
        const made = certificate({ serial: octets, notBefore, notAfter, extensions });
        const read = parseCertificate(made.der);
        expect(allOf(read)).toEqual(allOf(made));
        expect(BigInt(serialDecimal(read.serial))).toBe(BigInt(`0x${toHex(octets)}`));
        expect([read.notBefore, read.notAfter]).toEqual([notBefore, notAfter]);
        expect(read.extensions).toEqual(extensions);
        expect(read.unhandledCritical).toEqual(
          extensions.filter(({ critical }) => critical).map(({ oid }) => oid),
        );
      }),
    );
  });

  it.each([
    ['x509/serial', { serial: new Uint8Array(4) }],
    ['x509/serial', { serial: new Uint8Array(20).fill(0x80) }],
    ['x509/time', { notAfter: Date.UTC(10_000, 0, 1) }],
    ['x509/duplicate-extension', { extensions: [...EXTENSIONS, ...EXTENSIONS] }],
  ])('is refused with %s', (code, changes) => {
    expect(codeOf(() => encodeTbsCertificate(fields(changes)))).toBe(code);
  });
});
