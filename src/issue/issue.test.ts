import { X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, YEAR } from '../base/index.ts';
import {
  type CertificateRequest,
  checkSignature,
  KEY_ALGORITHMS,
  makeName,
  parseCertificate,
  parseRequest,
} from '../x509/index.ts';
import {
  createRequest,
  issueCertificate,
  issueForRequest,
  newPersonId,
  personIdentity,
  signerFor,
} from './index.ts';
import type { NameTexts } from './names.ts';
import { verifyChain } from '../verify/index.ts';
import { codeOf } from '../../test/judges/code-of.ts';
import { LEAF } from '../../test/judges/templates.ts';
import { NOW, keys, random, newAuthority, authority, leaf, publicKey } from '../../test/judges/issuing.ts';

describe('issueCertificate', () => {
  it('says what the template says, and node agrees', () => {
    const certificate = leaf();
    const seen = new X509Certificate(certificate.der);
    expect(seen.subject).toBe('O=system:masters\nCN=kube-apiserver');
    expect(seen.issuer).toBe('CN=KUBERNETES-CA');
    expect(seen.subjectAltName).toBe(
      'DNS:kubernetes, DNS:kubernetes.default.svc, DNS:api.example.test, IP Address:10.96.0.1, IP Address:FD00:0:0:0:0:0:0:1',
    );
    expect(seen.validFrom).toBe('Nov 23 05:09:30 2026 GMT');
    expect(seen.validTo).toBe('Nov 23 05:14:30 2027 GMT');
    expect(seen.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(seen.ca).toBe(false);
    const issuer = new X509Certificate(authority.certificate.der);
    expect(seen.checkIssued(issuer)).toBe(true);
    expect(seen.verify(issuer.publicKey)).toBe(true);
    expect(issuer.verify(issuer.publicKey)).toBe(true);
    expect(issuer.ca).toBe(true);
  });

  it('is what its bytes say when they are read again', () => {
    const certificate = leaf();
    const again = parseCertificate(certificate.der);
    expect(again.tbs).toEqual(certificate.tbs);
    expect(again.basicConstraints).toEqual({ ca: false, pathLength: undefined });
    expect(again.keyUsage).toEqual(['digitalSignature']);
    expect(again.issuer.der).toEqual(authority.certificate.subject.der);
    expect(again.publicKey.spki).toEqual(publicKey.spki);
  });

  it.each(KEY_ALGORITHMS.filter((name) => name !== 'rsa-4096'))(
    'signs with %s what checkSignature takes',
    (algorithm) => {
      const by = newAuthority({}, algorithm);
      const { tbs, signature, signatureAlgorithm, signatureParameters } = leaf({}, by);
      const key = by.certificate.publicKey;
      expect(checkSignature(key, signatureAlgorithm, signatureParameters, tbs, signature)).toBe('ok');
      expect(
        new X509Certificate(leaf({}, by).der).verify(new X509Certificate(by.certificate.der).publicKey),
      ).toBe(true);
      const forged = Uint8Array.from(tbs);
      forged[40] = forged[40]! ^ 1;
      expect(checkSignature(key, signatureAlgorithm, signatureParameters, forged, signature)).toBe('invalid');
    },
  );
});

describe('modifiers', () => {
  const usages = ['digitalSignature', 'keyEncipherment'] as const;

  it('leave encipherment to RSA keys, unless the template is taken to the letter', () => {
    expect(leaf({ keyUsage: usages }).keyUsage).toEqual(['digitalSignature']);
    expect(leaf({ keyUsage: usages, exactUsages: true }).keyUsage).toEqual(usages);
    const rsa = keys.generate('rsa-2048').publicKey;
    const template = { ...LEAF, keyUsage: usages };
    expect(issueCertificate({ template, publicKey: rsa, authority, now: NOW, random }).keyUsage).toEqual(
      usages,
    );
  });

  it('bring names into one form, once each', () => {
    const certificate = leaf({
      dnsNames: ['B.example', 'a.example', 'b.EXAMPLE'],
      ipAddresses: ['10.0.0.1', '::ffff:10.0.0.1', 'FD00:0::1', 'fd00::1'],
      emails: ['ops@Example.test', 'ops@example.test'],
      uris: ['spiffe://cluster.local/ns/a/sa/b'],
    });
    expect(certificate.subjectAltNames?.map((name) => (name.kind === 'other' ? '' : name.value))).toEqual([
      'b.example',
      'a.example',
      'ops@example.test',
      '10.0.0.1',
      'fd00::1',
      'spiffe://cluster.local/ns/a/sa/b',
    ]);
  });

  it('sort DNS names where the template asks for it', () => {
    const sorted = leaf({
      dnsNames: ['master', 'kubernetes.default', 'kubernetes'],
      sortDnsNames: true,
      ipAddresses: ['10.0.0.2', '10.0.0.1'],
    });
    expect(new X509Certificate(sorted.der).subjectAltName).toBe(
      'DNS:kubernetes, DNS:kubernetes.default, DNS:master, IP Address:10.0.0.2, IP Address:10.0.0.1',
    );
  });
});

describe('identity of people', () => {
  it('goes in as UID and as DNS name', () => {
    const id = newPersonId(random);
    expect(id).toMatch(/^[a-z2-7]{16}$/);
    const { subject, dnsName } = personIdentity('Ärzte:kube_admin@example', id);
    expect(dnsName).toBe(`${id}.arzte-kube-admin-example.c.kubetls.internal`);
    const certificate = leaf({
      subject: [...LEAF.subject, subject],
      dnsNames: [dnsName],
      ipAddresses: [],
      extendedKeyUsage: ['clientAuth'],
    });
    expect(certificate.subject.der).toEqual(
      makeName([...LEAF.subject, { type: '1.3.6.1.4.1.57683.2', value: id }]).der,
    );
    expect(new X509Certificate(certificate.der).subjectAltName).toBe(`DNS:${dnsName}`);
  });

  it('makes a DNS label of any user', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (user) => {
        const { dnsName } = personIdentity(user, newPersonId(random));
        expect(dnsName).toMatch(/^[a-z2-7]{16}\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.c\.kubetls\.internal$/);
      }),
      { numRuns: 300 },
    );
    expect(new Set(Array.from({ length: 2000 }, () => newPersonId(random))).size).toBe(2000);
  });
});

it('issues for days to come', () => {
  const later = leaf({ lifetime: 30 * DAY, backdate: 0 }, authority, NOW + YEAR);
  expect(later.notAfter - later.notBefore).toBe(30 * DAY);
});

describe('issueForRequest', () => {
  const { subject: _, dnsNames: __, ipAddresses: ___, uris: ____, ...terms } = LEAF;
  const asked = (names: Partial<NameTexts>, subject = LEAF.subject) =>
    createRequest({
      subject,
      names: { dnsNames: [], ipAddresses: [], uris: [], ...names },
      signer: signerFor(keys.generate('ecdsa-p256')),
    });
  const sign = (request: CertificateRequest) =>
    issueForRequest({ terms, request, authority, now: NOW, random });

  it('takes subject, names and key from the request, and all else from the terms', () => {
    const dnsNames = ['b.example.test', 'A.example.test', '*.example.test'];
    const uris = ['spiffe://cluster.local/ns/a'];
    const request = asked({ dnsNames, ipAddresses: ['10.0.0.1', '::ffff:10.0.0.2', 'fd00::1'], uris });
    const certificate = sign(request);
    const same = leaf({ subject: LEAF.subject });
    expect(certificate.subject.der).toEqual(request.subject.der);
    expect(certificate.publicKey.spki).toEqual(request.publicKey.spki);
    expect(new X509Certificate(certificate.der).subjectAltName).toBe(
      'DNS:b.example.test, DNS:a.example.test, DNS:*.example.test, IP Address:10.0.0.1, IP Address:10.0.0.2, IP Address:FD00:0:0:0:0:0:0:1, URI:spiffe://cluster.local/ns/a',
    );
    expect(certificate.keyUsage).toEqual(same.keyUsage);
    expect(certificate.extendedKeyUsage).toEqual(same.extendedKeyUsage);
    expect(certificate.notAfter).toBe(same.notAfter);
    expect(
      verifyChain({
        leaf: certificate,
        intermediates: [],
        roots: [authority.certificate],
        at: NOW,
        usage: 'server',
      }).ok,
    ).toBe(true);
  });

  it('issues no name that a template could not have', () => {
    const dotted = asked({ uris: ['spiffe://x/y'] });
    const bytes = Buffer.from(dotted.der);
    // The URI becomes a DNS name of the same octets, and then a registeredID, of which we issue none.
    const at = bytes.indexOf('spiffe://x/y') - 2;
    bytes[at] = 0x82;
    expect(codeOf(() => sign(parseRequest(bytes)))).toBe('x509/general-name');
    bytes[at] = 0x88;
    expect(codeOf(() => sign(parseRequest(bytes)))).toBe('x509/general-name');
  });

  it('needs somebody to name', () => {
    expect(codeOf(() => sign(asked({}, [])))).toBe('issue/no-san');
  });
});
