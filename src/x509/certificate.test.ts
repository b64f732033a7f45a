import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate as PeculiarCertificate, SubjectAlternativeName } from '@peculiar/asn1-x509';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasOpenssl, openssl } from '../../test/judges/openssl.ts';
import { codeOf, failureOf } from '../../test/judges/code-of.ts';
import { KubetlsError, toHex, utf8 } from '../base/index.ts';
import { contextConstructedTag, Tag } from './der.ts';
import { encode, encodeAll } from './der-encode.ts';
import {
  assembleCertificate,
  authorityKeyIdExtension,
  basicConstraintsExtension,
  type Certificate,
  dnsName,
  emailName,
  encodeTbsCertificate,
  extendedKeyUsageExtension,
  type Extension,
  fingerprint,
  generalNameText,
  ipName,
  keyUsageExtension,
  makeName,
  nameText,
  parseCertificate,
  readPrivateKey,
  serialDecimal,
  serialHex,
  signatureAlgorithmFor,
  signBytes,
  subjectAltNameExtension,
  subjectKeyIdExtension,
  type TbsCertificateFields,
  uriName,
} from './index.ts';

const key = readPrivateKey(
  generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'der', type: 'pkcs8' }),
);
const algorithm = signatureAlgorithmFor(key.publicKey).identifier;

const SANS = [
  dnsName('kubernetes'),
  dnsName('*.example.test'),
  ipName('10.96.0.1'),
  ipName('2001:db8::1'),
  emailName('a@b.test'),
  uriName('spiffe://td/ns/a'),
];
const EXTENSIONS: readonly Extension[] = [
  keyUsageExtension(['digitalSignature', 'keyCertSign', 'decipherOnly']),
  extendedKeyUsageExtension(['serverAuth', 'clientAuth', '1.2.3.4']),
  basicConstraintsExtension({ ca: true, pathLength: 300 }),
  subjectKeyIdExtension(Uint8Array.of(1, 2, 3, 4)),
  authorityKeyIdExtension(Uint8Array.of(9, 8, 7)),
  subjectAltNameExtension(SANS, false),
];

function fields(changes: Partial<TbsCertificateFields> = {}): TbsCertificateFields {
  return {
    serial: Uint8Array.of(0, 0, 0xfe, 0xdc),
    signatureAlgorithm: algorithm,
    issuer: makeName([{ type: 'CN', value: 'KUBERNETES-CA' }]),
    notBefore: Date.UTC(2026, 0, 2, 3, 4, 5),
    notAfter: Date.UTC(2055, 0, 1),
    subject: makeName([
      { type: 'O', value: 'system:masters' },
      { type: 'CN', value: 'kube-admin' },
    ]),
    publicKey: key.publicKey,
    extensions: EXTENSIONS,
    ...changes,
  };
}

function certificate(changes: Partial<TbsCertificateFields> = {}): Certificate {
  const tbs = encodeTbsCertificate(fields(changes));
  return assembleCertificate(tbs, algorithm, signBytes(key, tbs));
}

const FIELDS = [
  'der',
  'tbs',
  'version',
  'serial',
  'notBefore',
  'notAfter',
  'utcOffsets',
  'publicKey',
  'signatureAlgorithm',
  'signatureParameters',
  'signature',
  'extensions',
  'basicConstraints',
  'keyUsage',
  'extendedKeyUsage',
  'subjectAltNames',
  'subjectKeyId',
  'authorityKeyId',
  'nameConstraints',
  'unhandledCritical',
] as const satisfies readonly (keyof Certificate)[];

/** Every field, so that two certificates can be compared: getters are no own properties. */
function allOf(cert: Certificate): Record<string, unknown> {
  const names = { issuer: cert.issuer.rdns, subject: cert.subject.rdns };
  return { ...names, ...Object.fromEntries(FIELDS.map((field) => [field, cert[field]])) };
}

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
