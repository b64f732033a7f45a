// Certificates that are not as they should be: refused as Go does, in time.
import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf, failureOf } from '../../test/judges/code-of.ts';
import { KubetlsError, utf8 } from '../base/index.ts';
import { contextConstructedTag, Tag } from './der.ts';
import { encode, encodeAll } from './der-encode.ts';
import { generalNameText, nameText, parseCertificate } from './index.ts';
import { key, algorithm, fields, certificate, allOf } from './certificate.fixture.ts';

/** Parts of a certificate in order, some of them replaced. */
function assembled(
  changes: Readonly<Record<string, Uint8Array>> = {},
  behind: Uint8Array = new Uint8Array(),
): Uint8Array {
  const whole = fields();
  const int = (...octets: number[]) => encode(Tag.integer, Uint8Array.from(octets));
  const date = encode(Tag.utcTime, utf8('260101000000Z'));
  const parts: Record<string, Uint8Array> = {
    version: encode(contextConstructedTag(0), int(2)),
    serial: int(1),
    signature: algorithm,
    issuer: whole.issuer.der,
    validity: encode(Tag.sequence, date, date),
    subject: whole.subject.der,
    spki: key.publicKey.spki,
    extensions: new Uint8Array(),
    outer: algorithm,
    value: encode(Tag.bitString, Uint8Array.of(0, 1, 2)),
    ...changes,
  };
  const { outer, value, ...tbs } = parts;
  return encode(Tag.sequence, encode(Tag.sequence, ...Object.values(tbs)), outer!, value!, behind);
}

const int = (...octets: number[]) => encode(Tag.integer, Uint8Array.from(octets));
const version = (n: number) => encode(contextConstructedTag(0), int(n));
const extensionsOf = (...list: Uint8Array[]) =>
  encode(contextConstructedTag(3), encode(Tag.sequence, ...list));
const extension = (oidHex: string, value: Uint8Array | string, critical = false) =>
  encode(
    Tag.sequence,
    encode(Tag.oid, Buffer.from(oidHex, 'hex')),
    critical ? encode(Tag.boolean, Uint8Array.of(0xff)) : new Uint8Array(),
    encode(Tag.octetString, typeof value === 'string' ? Buffer.from(value, 'hex') : value),
  );

describe('what Go refuses when it parses is refused', () => {
  it('and what it minds not is taken', () => {
    expect(codeOf(() => parseCertificate(assembled()))).toBe('none');
    // A zero serial, 21 octets, version 1 with "extensions", elements behind the last: all pass in Go.
    expect(codeOf(() => parseCertificate(assembled({ serial: int(0) })))).toBe('none');
    expect(codeOf(() => parseCertificate(assembled({ serial: int(...new Uint8Array(21).fill(1)) })))).toBe(
      'none',
    );
    expect(codeOf(() => parseCertificate(assembled({}, int(1))))).toBe('none');
    const v1 = parseCertificate(assembled({ version: new Uint8Array(), extensions: extensionsOf(int(1)) }));
    expect([v1.version, v1.extensions]).toEqual([1, []]);
  });

  const cases: [string, string, string, Record<string, Uint8Array>][] = [
    ['x509/version', 'tbsCertificate.version', 'version 4', { version: version(3) }],
    ['x509/der-value', 'tbsCertificate.version', 'a negative version', { version: version(0x80) }],
    ['x509/negative-serial', 'tbsCertificate.serialNumber', 'a negative serial', { serial: int(0x80) }],
    ['x509/der-value', 'tbsCertificate.serialNumber', 'a padded serial', { serial: int(0, 1) }],
    ['x509/algorithm-mismatch', 'signatureAlgorithm', 'two algorithms', { outer: encode(Tag.sequence) }],
    ['x509/der-tag', 'tbsCertificate.issuer', 'an issuer that is a SET', { issuer: encode(Tag.set) }],
    [
      'x509/time',
      'tbsCertificate.validity.notBefore',
      'no dates',
      { validity: encode(Tag.sequence, int(1)) },
    ],
    ['x509/der-truncated', 'signatureValue', 'no signature', { value: new Uint8Array() }],
    [
      'x509/duplicate-extension',
      'extensions',
      'an extension twice',
      { extensions: extensionsOf(extension('2a03', ''), extension('2a03', '')) },
    ],
    [
      'x509/extension-critical',
      'extensions.subjectKeyIdentifier',
      'a critical SKI',
      { extensions: extensionsOf(extension('551d0e', '040101', true)) },
    ],
    [
      'x509/extension-critical',
      'extensions.authorityKeyIdentifier',
      'a critical AKI',
      { extensions: extensionsOf(extension('551d23', '3000', true)) },
    ],
    [
      'x509/extension-critical',
      'extensions.authorityInfoAccess',
      'a critical AIA',
      { extensions: extensionsOf(extension('2b06010505070101', '3000', true)) },
    ],
    [
      'x509/extension-value',
      'extensions.basicConstraints.pathLenConstraint',
      'a negative path length',
      { extensions: extensionsOf(extension('551d13', '30030201ff')) },
    ],
    [
      'x509/der-value',
      'extensions.basicConstraints.cA',
      'a BOOLEAN of 01',
      { extensions: extensionsOf(extension('551d13', '3003010101')) },
    ],
    [
      'x509/general-name',
      'extensions.subjectAltName.name.iPAddress',
      'an IP of 5 octets',
      { extensions: extensionsOf(extension('551d11', '300787050102030405')) },
    ],
    [
      'x509/oid',
      'extensions.extnID',
      'an OID of UUID form',
      { extensions: extensionsOf(extension('69ffffffffff01', '')) },
    ],
    [
      'x509/name-constraint',
      'extensions.nameConstraints',
      'empty name constraints',
      { extensions: extensionsOf(extension('551d1e', '3000')) },
    ],
    [
      'x509/name-constraint',
      'extensions.nameConstraints.permittedSubtrees',
      'a mask with holes',
      { extensions: extensionsOf(extension('551d1e', '300ea00c300a87080a000000ff00ff00')) },
    ],
  ];
  it.each(cases)('with %s at %s: %s', (code, path, _, changes) => {
    const der = assembled(changes);
    const { where, ...failure } = failureOf(() => parseCertificate(der));
    expect([failure.code, where?.path]).toEqual([code, path]);
    expect(where?.offset).toBeGreaterThan(0);
    expect(where?.offset).toBeLessThanOrEqual(der.length);
  });

  it('and data behind the certificate', () => {
    const der = Buffer.concat([certificate().der, Uint8Array.of(0)]);
    expect(() => parseCertificate(der)).toThrow(
      expect.objectContaining({
        code: 'x509/der-trailing',
        where: { path: 'certificate', offset: der.length - 1 },
      }),
    );
  });

  it('and a point that is not on its curve', () => {
    for (const namedCurve of ['prime256v1', 'secp384r1', 'secp521r1', 'secp224r1']) {
      const spki = generateKeyPairSync('ec', { namedCurve }).publicKey.export({
        format: 'der',
        type: 'spki',
      });
      expect(codeOf(() => parseCertificate(assembled({ spki })))).toBe('none');
      spki[spki.length - 1] = spki.at(-1)! ^ 1;
      expect(codeOf(() => parseCertificate(assembled({ spki })))).toBe('x509/public-key');
    }
  });

  it('and RSA keys without NULL; a key of an unknown algorithm passes', () => {
    const spki = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
      format: 'der',
      type: 'spki',
    });
    expect(parseCertificate(assembled({ spki })).publicKey).toMatchObject({
      kind: 'rsa',
      bits: 1024,
      name: 'rsa-1024',
    });
    spki[spki.indexOf('0500', 'hex')] = Tag.octetString;
    expect(codeOf(() => parseCertificate(assembled({ spki })))).toBe('x509/public-key');
    const x25519 = generateKeyPairSync('x25519').publicKey.export({ format: 'der', type: 'spki' });
    expect(parseCertificate(assembled({ spki: x25519 })).publicKey).toMatchObject({
      kind: 'unknown',
      name: '1.3.101.110',
    });
  });

  it('and what is larger than a TLS message can hold', () => {
    expect(codeOf(() => parseCertificate(new Uint8Array(2 ** 24)))).toBe('x509/too-large');
  });
});

describe('what is hostile', () => {
  const cert = certificate();

  it('gives a KubetlsError or a certificate whose every field can be read', () => {
    const flips = fc.array(fc.tuple(fc.nat(cert.der.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 4,
    });
    let refused = 0;
    fc.assert(
      fc.property(flips, fc.nat(cert.der.length), fc.boolean(), (changes, length, cut) => {
        const der = cert.der.slice(0, cut ? length : undefined);
        for (const [at, octet] of changes) if (at < der.length) der[at] = octet;
        try {
          const read = parseCertificate(der);
          expect(Object.values(allOf(read))).not.toHaveLength(0);
          nameText(read.subject);
          read.subjectAltNames?.map(generalNameText);
        } catch (error) {
          if (!(error instanceof KubetlsError)) throw error;
          expect(error.where?.offset).toBeLessThanOrEqual(der.length);
          expect(error.where?.path).toBeTruthy();
          refused++;
        }
      }),
      { numRuns: 3_000 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  it('in any bytes too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (der) => {
        expect(codeOf(() => parseCertificate(der))).toMatch(/^x509\//);
      }),
    );
  });

  it('takes time in proportion to its size', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => encode(0x82, utf8(`h${i}.test`)));
    const san = { oid: '2.5.29.17', critical: false, value: encodeAll(Tag.sequence, many) };
    const extensions = Array.from({ length: 50_000 }, (_, i) => ({
      oid: `1.2.3.${i}`,
      critical: true,
      value: Uint8Array.of(),
    }));
    const read = parseCertificate(certificate({ extensions: [san].concat(extensions) }).der);
    expect(read.subjectAltNames).toHaveLength(200_000);
    expect(read.unhandledCritical).toHaveLength(50_000);
    const long = Buffer.concat([Uint8Array.of(0x2a), new Uint8Array(200_000).fill(1)]);
    const policy = encode(Tag.sequence, encode(Tag.sequence, encode(Tag.oid, long)));
    expect(
      parseCertificate(assembled({ extensions: extensionsOf(extension('551d20', policy)) })).version,
    ).toBe(3);
  });
});
