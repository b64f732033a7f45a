import { X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemKeys, systemRandom } from '../apply/system-keys.ts';
import { DAY, HOUR, MINUTE, toHex, YEAR } from '../base/index.ts';
import {
  type CertificateRequest,
  checkSignature,
  type KeyAlgorithm,
  keyIdentifier,
  KEY_ALGORITHMS,
  makeName,
  parseCertificate,
  parseRequest,
} from '../x509/index.ts';
import {
  type Authority,
  type CertificateTemplate,
  type IssueCode,
  issueAuthority,
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
import { AUTHORITY, LEAF } from '../../test/judges/templates.ts';

const NOW = Date.UTC(2026, 10, 23, 5, 14, 30) + 250;
const keys = systemKeys();
const random = systemRandom();

function newAuthority(
  over: Partial<CertificateTemplate> = {},
  algorithm: KeyAlgorithm = 'ecdsa-p256',
  parent?: Authority,
): Authority {
  const signer = signerFor(keys.generate(algorithm));
  const template = { ...AUTHORITY, ...over };
  return {
    certificate: issueAuthority({ template, signer, now: NOW, random, ...(parent && { parent }) }),
    signer,
  };
}

const authority = newAuthority();
const { publicKey } = keys.generate('ecdsa-p256');

function leaf(over: Partial<CertificateTemplate> = {}, by = authority, now = NOW) {
  return issueCertificate({ template: { ...LEAF, ...over }, publicKey, authority: by, now, random });
}

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

describe('validators', () => {
  const client: Partial<CertificateTemplate> = {
    dnsNames: [],
    ipAddresses: [],
    extendedKeyUsage: ['clientAuth'],
  };
  const refused: readonly (readonly [IssueCode | `x509/${string}`, string, Partial<CertificateTemplate>])[] =
    [
      ['issue/no-san', 'a server without a name', { dnsNames: [], ipAddresses: [] }],
      ['issue/no-identity', 'neither subject nor SAN', { ...client, subject: [] }],
      ['x509/name-string', 'an empty subject value', { subject: [{ type: 'CN', value: '' }] }],
      ['x509/general-name', 'an empty name', { dnsNames: [''] }],
      ['x509/general-name', 'a name that ends with a dot', { dnsNames: ['kubernetes.'] }],
      ['x509/general-name', 'an address as DNS name', { dnsNames: ['10.0.0.1'] }],
      ['x509/general-name', 'a name as address', { ipAddresses: ['localhost'] }],
      ['issue/no-usage', 'no extended key usage', { extendedKeyUsage: [] }],
      ['issue/no-usage', 'no key usage', { keyUsage: [] }],
      ['issue/authority-usage', 'an authority’s usage on a leaf', { keyUsage: ['keyCertSign'] }],
      ['issue/authority-usage', 'signing CRLs on a leaf', { keyUsage: ['digitalSignature', 'cRLSign'] }],
      ['issue/not-a-leaf', 'a CA by mistake', { basicConstraints: { ca: true, pathLength: undefined } }],
      ['issue/not-a-leaf', 'a path length on a leaf', { basicConstraints: { ca: false, pathLength: 0 } }],
      ['issue/lifetime', 'nine minutes', { lifetime: 9 * MINUTE }],
      ['issue/lifetime', 'no lifetime', { lifetime: Number.NaN }],
      ['issue/lifetime', 'for ever', { lifetime: 9000 * YEAR }],
      ['issue/lifetime', 'a start in the future', { backdate: -HOUR }],
      ['issue/serial', 'a short serial', { serialBits: 32 }],
      ['issue/serial', 'a serial of 21 octets', { serialBits: 160 }],
    ];
  it.each(refused)('%s: %s', (code, _, over) => {
    expect(codeOf(() => leaf(over))).toBe(code);
  });

  it('take a client without a name, and ten minutes', () => {
    expect(codeOf(() => leaf({ ...client, lifetime: 10 * MINUTE }))).toBe('none');
    expect(leaf({ subject: [] }).extensions.find(({ oid }) => oid === '2.5.29.17')?.critical).toBe(true);
  });

  it('refuse weak keys', () => {
    const template = LEAF;
    const order = (bits: number, kind: 'rsa' | 'ecdsa' | 'unknown') =>
      codeOf(() =>
        issueCertificate({ template, publicKey: { ...publicKey, bits, kind }, authority, now: NOW, random }),
      );
    expect(order(1024, 'rsa')).toBe('issue/weak-key');
    expect(order(2047, 'rsa')).toBe('issue/weak-key');
    expect(order(16_384, 'rsa')).toBe('issue/weak-key');
    expect(order(224, 'ecdsa')).toBe('issue/weak-key');
    expect(order(0, 'unknown')).toBe('issue/weak-key');
  });

  it('refuse an authority that is none', () => {
    const order = (over: Partial<CertificateTemplate>) => codeOf(() => newAuthority(over));
    expect(order({ keyUsage: ['digitalSignature'] })).toBe('issue/authority-usage');
    expect(order({ basicConstraints: { ca: false, pathLength: undefined } })).toBe('issue/not-an-authority');
    expect(order({ basicConstraints: { ca: true, pathLength: -1 } })).toBe('issue/not-an-authority');
    expect(order({ subject: [], dnsNames: ['a'] })).toBe('issue/no-identity');
  });

  it('refuse an issuer that cannot be one', () => {
    const { signer } = authority;
    expect(codeOf(() => leaf({}, { certificate: leaf(), signer }))).toBe('issue/issuer-key');
    const key = keys.generate('ecdsa-p256');
    const own = { template: LEAF, publicKey: key.publicKey, authority, now: NOW, random };
    const notCa = { certificate: issueCertificate(own), signer: signerFor(key) };
    expect(codeOf(() => leaf({}, notCa))).toBe('issue/issuer-not-authority');
    const ended = authority.certificate.notAfter;
    expect(codeOf(() => leaf({}, authority, ended + 1000))).toBe('issue/issuer-expired');
    expect(codeOf(() => leaf({}, authority, ended - 9 * MINUTE))).toBe('issue/issuer-expired');
    expect(codeOf(() => leaf({}, authority, authority.certificate.notBefore - 1000))).toBe(
      'issue/issuer-not-yet-valid',
    );
    const limited = newAuthority({ extendedKeyUsage: ['clientAuth'] });
    expect(codeOf(() => leaf({}, limited))).toBe('issue/issuer-usage');
    expect(codeOf(() => leaf({ extendedKeyUsage: ['clientAuth'] }, limited))).toBe('none');
  });

  it('hold path lengths down the chain', () => {
    const of = (pathLength: number | undefined) => ({ basicConstraints: { ca: true, pathLength } });
    const top = newAuthority(of(1));
    const middle = newAuthority(of(0), 'ecdsa-p256', top);
    expect(codeOf(() => leaf({}, middle))).toBe('none');
    expect(codeOf(() => newAuthority(of(0), 'ecdsa-p256', middle))).toBe('issue/issuer-path-length');
    expect(codeOf(() => newAuthority(of(1), 'ecdsa-p256', top))).toBe('issue/issuer-path-length');
  });
});

describe('enforcers', () => {
  it('let no certificate outlive its issuer', () => {
    const { notAfter } = authority.certificate;
    fc.assert(
      fc.property(
        fc.integer({ min: 10 * MINUTE, max: 30 * YEAR }),
        fc.integer({ min: 0, max: 9 * YEAR }),
        (lifetime, later) => {
          const certificate = leaf({ lifetime }, authority, NOW + later);
          expect(certificate.notAfter).toBeLessThanOrEqual(notAfter);
          expect(certificate.notAfter).toBe(
            Math.min(notAfter, Math.floor((NOW + later + lifetime) / 1000) * 1000),
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  it('draw serials that are unique, positive, and never longer than 20 octets', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.integer({ min: 63, max: 159 }),
        fc.infiniteStream(fc.uint8Array({ minLength: 20, maxLength: 20 })),
        (serialBits, draws) => {
          const source = { bytes: (count: number) => [...draws.take(1)][0]!.slice(0, count) };
          const isTaken = (serial: Uint8Array) => seen.has(toHex(serial));
          let certificate: ReturnType<typeof leaf>;
          try {
            certificate = issueCertificate({
              template: { ...LEAF, serialBits },
              publicKey,
              authority,
              now: NOW,
              random: source,
              isTaken,
            });
          } catch (error) {
            // A source that gives nothing but zeros or repeats itself.
            expect(error).toMatchObject({ code: 'issue/serial' });
            return;
          }
          const { serial } = certificate;
          expect(serial.length).toBeGreaterThan(0);
          expect(serial.length).toBeLessThanOrEqual(20);
          expect(serial[0]).toBeLessThan(0x80);
          const value = BigInt(`0x${toHex(serial)}`);
          expect(value > 0n && value < 2n ** BigInt(serialBits)).toBe(true);
          expect(seen.has(toHex(serial))).toBe(false);
          expect(new X509Certificate(certificate.der).serialNumber.toLowerCase()).toBe(
            value.toString(16).padStart(2 * Math.ceil(value.toString(16).length / 2), '0'),
          );
          seen.add(toHex(serial));
        },
      ),
      { numRuns: 300 },
    );
    expect(seen.size).toBeGreaterThan(100);
  });

  it('give up on a source that repeats itself, and pass over what is taken', () => {
    const order = { template: LEAF, publicKey, authority, now: NOW };
    const zeros = { bytes: (count: number) => new Uint8Array(count) };
    expect(codeOf(() => issueCertificate({ ...order, random: zeros }))).toBe('issue/serial');
    expect(codeOf(() => issueCertificate({ ...order, random, isTaken: () => true }))).toBe('issue/serial');
    let asked = 0;
    const certificate = issueCertificate({ ...order, random, isTaken: () => asked++ < 3 });
    expect(asked).toBe(4);
    expect(certificate.serial.length).toBeGreaterThan(8);
  });

  it('name the issuer’s key, and the own key of an authority', () => {
    const skid = authority.certificate.subjectKeyId;
    expect(skid).toEqual(keyIdentifier(authority.certificate.publicKey));
    expect(skid).toHaveLength(20);
    expect(authority.certificate.authorityKeyId).toBeUndefined();
    expect(leaf().authorityKeyId).toEqual(skid);
    expect(leaf().subjectKeyId).toBeUndefined();
    expect(leaf({ subjectKeyId: true }).subjectKeyId).toEqual(keyIdentifier(publicKey));
    const below = newAuthority(
      { subject: [{ type: 'CN', value: 'KUBERNETES-CA' }] },
      'ecdsa-p256',
      authority,
    );
    expect(below.certificate.authorityKeyId).toEqual(skid);
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
