// What validators and enforcers say no to.
import { X509Certificate } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, toHex, YEAR } from '../base/index.ts';
import { keyIdentifier } from '../x509/index.ts';
import { type CertificateTemplate, type IssueCode, issueCertificate, signerFor } from './index.ts';
import { codeOf } from '../../test/judges/code-of.ts';
import { LEAF } from '../../test/judges/templates.ts';
import { NOW, keys, random, newAuthority, authority, leaf, publicKey } from '../../test/judges/issuing.ts';

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
