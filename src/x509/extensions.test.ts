import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../test/judges/code-of.ts';
import { DerReader, Tag } from './der.ts';
import { encode } from './der-encode.ts';
import { encodeExtensionList } from './extension-build.ts';
import { readExtensions, readExtensionValues } from './extensions.ts';
import { STRICTEST } from './reading.ts';
import {
  basicConstraintsExtension,
  dnsName,
  type Extension,
  extendedKeyUsageExtension,
  type GeneralName,
  ipName,
  type KeyUsage,
  keyUsageExtension,
  nameConstraintsExtension,
  subjectAltNameExtension,
} from './index.ts';

function valuesOf(...extensions: Extension[]) {
  const reader = new DerReader(encodeExtensionList(extensions));
  return readExtensionValues(readExtensions(reader), reader, STRICTEST);
}

const raw = (oid: string, hex: string, critical = false): Extension => ({
  oid,
  critical,
  value: Uint8Array.from(Buffer.from(hex, 'hex')),
});
const codeFor = (oid: string, hex: string) => codeOf(() => valuesOf(raw(oid, hex)));

const USAGES: readonly KeyUsage[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

describe('extensions', () => {
  it('come back as they were written', () => {
    const usage = fc.subarray([...USAGES]);
    const extended = fc.subarray(['any', 'serverAuth', 'clientAuth', 'ocspSigning', '1.2.3.4', '2.999.1']);
    const pathLength = fc.option(fc.oneof(fc.nat(70_000), fc.nat()), { nil: undefined });
    fc.assert(
      fc.property(usage, extended, pathLength, (keyUsage, extendedKeyUsage, length) => {
        const basicConstraints = { ca: true, pathLength: length };
        expect(
          valuesOf(
            keyUsageExtension(keyUsage),
            extendedKeyUsageExtension(extendedKeyUsage),
            basicConstraintsExtension(basicConstraints),
          ),
        ).toMatchObject({ keyUsage, extendedKeyUsage, basicConstraints });
      }),
    );
  });

  it.each([
    [['digitalSignature'], '03020780'],
    [['digitalSignature', 'keyEncipherment'], '030205a0'],
    [['keyCertSign', 'cRLSign'], '03020106'],
    [['decipherOnly'], '0303070080'],
    [[], '030100'],
  ] as const)('write key usage %j as Go does: %s', (usages, hex) => {
    expect(Buffer.from(keyUsageExtension(usages).value).toString('hex')).toBe(hex);
  });

  it('write basicConstraints without what is the default', () => {
    const value = (ca: boolean) =>
      Buffer.from(basicConstraintsExtension({ ca, pathLength: undefined }).value);
    expect([value(false).toString('hex'), value(true).toString('hex')]).toEqual(['3000', '30030101ff']);
  });

  it('that are unknown matter where they are critical', () => {
    const values = valuesOf(
      raw('1.2.3', '', true),
      raw('1.2.4', ''),
      raw('2.5.29.17', '300588032a0304', true),
    );
    // An alternative name of kinds that Go does not know counts as not understood.
    expect(values.unhandledCritical).toEqual(['1.2.3', '2.5.29.17']);
    expect(valuesOf(subjectAltNameExtension([dnsName('a')], true)).unhandledCritical).toEqual([]);
  });

  // The verdicts are those of Go 1.26, crypto/x509 processExtensions.
  it.each([
    ['2.5.29.15', '03020005', 'none'],
    ['2.5.29.15', '0500', 'x509/der-tag'],
    ['2.5.29.19', '30060101ff020103', 'none'],
    ['2.5.29.19', '300b0101ff02087fffffffffffffff', 'x509/der-truncated'],
    ['2.5.29.19', '300d0101ff02087fffffffffffffff', 'none'],
    ['2.5.29.19', '300e0101ff02090080000000000000', 'x509/der-truncated'],
    ['2.5.29.19', '300e0101ff0209008000000000000000', 'x509/extension-value'],
    ['2.5.29.37', '3000', 'none'],
    ['2.5.29.37', '30020500', 'x509/der-tag'],
    ['2.5.29.14', '04020102', 'none'],
    ['2.5.29.14', '0402010203', 'none'],
    ['2.5.29.14', '0500', 'x509/der-tag'],
    ['2.5.29.35', '30048002aabb', 'none'],
    ['2.5.29.35', '3002a100', 'none'],
    ['2.5.29.35', '8000', 'x509/der-tag'],
    ['2.5.29.32', '3006300406022a03', 'none'],
    ['2.5.29.32', '300c300406022a03300406022a03', 'x509/extension-value'],
    ['2.5.29.32', '30053003060180', 'x509/oid'],
    ['2.5.29.33', '300a300806022a0306022a04', 'none'],
    ['2.5.29.33', '3006300406022a03', 'x509/der-truncated'],
    ['2.5.29.36', '3006800103810100', 'none'],
    ['2.5.29.36', '300b8009010000000000000000', 'x509/extension-value'],
    ['2.5.29.54', '020102', 'none'],
    ['2.5.29.54', '0202ff80', 'x509/der-value'],
    ['2.5.29.31', '300a3008a006a00486026161', 'none'],
    ['2.5.29.31', '30043002a100', 'none'],
    ['2.5.29.31', '30043002a000', 'x509/der-truncated'],
    ['1.3.6.1.5.5.7.1.1', '300a300806022a0386026161', 'none'],
    ['1.3.6.1.5.5.7.1.1', '300430028600', 'x509/der-tag'],
  ])('%s of %s gives %s', (oid, hex, code) => {
    expect(codeFor(oid, hex)).toBe(code);
  });
});

describe('name constraints', () => {
  const range = (address: string, mask: string): GeneralName => {
    const [a, m] = [ipName(address), ipName(mask)];
    if (a.kind !== 'ip' || m.kind !== 'ip') throw new Error('no addresses');
    return { kind: 'ip', value: address, bytes: Buffer.concat([a.bytes, m.bytes]) };
  };

  it("come back as they were written, ranges in Go's text with their host bits", () => {
    const permitted: GeneralName[] = [
      { kind: 'dns', value: '.example.com' },
      range('10.96.0.1', '255.240.0.0'),
    ];
    const excluded: GeneralName[] = [
      { kind: 'email', value: 'a@b.c' },
      { kind: 'uri', value: '.x.y' },
    ];
    const read = valuesOf(nameConstraintsExtension({ critical: true, permitted, excluded })).nameConstraints;
    expect(read?.critical).toBe(true);
    expect(read?.permitted.map((name) => name.kind !== 'other' && name.value)).toEqual([
      '.example.com',
      '10.96.0.1/12',
    ]);
    expect(read?.excluded).toEqual(excluded);
  });

  const dns = (text: string, tag = 0x82) =>
    encode(Tag.sequence, encode(0xa0, encode(Tag.sequence, encode(tag, Buffer.from(text, 'latin1')))));
  const verdict = (value: Uint8Array) => codeOf(() => valuesOf({ oid: '2.5.29.30', critical: true, value }));

  it.each([
    [0x82, '', 'none'],
    [0x82, '.a.b', 'none'],
    [0x82, 'a..b', 'x509/name-constraint'],
    [0x82, 'a.', 'x509/name-constraint'],
    [0x82, 'a b', 'x509/name-constraint'],
    [0x82, 'é', 'x509/name-constraint'],
    [0x81, 'a@b', 'none'],
    [0x81, '"a b"@c', 'none'],
    [0x81, 'a..b@c', 'x509/name-constraint'],
    [0x81, '@c', 'x509/name-constraint'],
    [0x81, 'a@b@c', 'none'],
    [0x86, 'host', 'none'],
    [0x86, '10.0.0.1', 'x509/name-constraint'],
    [0x87, '\x0a\0\0\0\xff\0\0\0', 'none'],
    [0x87, '\x0a\0\0\0\xff\0\xff\0', 'x509/name-constraint'],
    [0x87, '\x0a\0\0\0\xff', 'x509/name-constraint'],
  ])('of tag %i with %j gives %s', (tag, text, code) => {
    expect(verdict(dns(text, tag))).toBe(code);
  });

  it('of kinds that Go does not know are not understood', () => {
    const value = dns('', 0xa4);
    expect(valuesOf({ oid: '2.5.29.30', critical: true, value }).unhandledCritical).toEqual(['2.5.29.30']);
    expect(valuesOf({ oid: '2.5.29.30', critical: false, value }).unhandledCritical).toEqual([]);
  });
});
