import { Name as PeculiarName } from '@peculiar/asn1-x509';
import { AsnConvert } from '@peculiar/asn1-schema';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../test/judges/code-of.ts';
import { Tag } from './der.ts';
import { encode } from './der-encode.ts';
import { attributeValues, commonName, makeName, nameText, organizations, parseName } from './index.ts';
import { Oid, oidElement } from './oid.ts';

const admin = makeName([
  { type: 'O', value: 'system:masters' },
  { type: 'CN', value: 'kube-admin' },
]);

function rdn(...attributes: readonly [oid: string, tag: number, value: Uint8Array][]): Uint8Array {
  const pairs = attributes.map(([oid, tag, value]) =>
    encode(Tag.sequence, oidElement(oid), encode(tag, value)),
  );
  return encode(Tag.set, ...pairs);
}
const nameOf = (...rdns: Uint8Array[]) => encode(Tag.sequence, ...rdns);
const text = (value: string) => Buffer.from(value);

describe('names that we write', () => {
  it('are, byte for byte, what Go writes for kubeadm', () => {
    expect(Buffer.from(admin.der).toString('hex')).toBe(
      '302e31173015060355040a130e73797374656d3a6d617374657273311330110603550403130a6b7562652d61646d696e',
    );
  });

  it('gather the values of a type in one SET, in DER order, types in the order given', () => {
    const name = makeName([
      { type: 'CN', value: 'x' },
      { type: 'O', value: 'longer-group' },
      { type: 'O', value: 'b' },
      { type: 'O', value: 'a' },
    ]);
    expect(name.rdns.map((set) => set.map(({ type, text }) => `${type}=${text}`))).toEqual([
      ['2.5.4.3=x'],
      ['2.5.4.10=a', '2.5.4.10=b', '2.5.4.10=longer-group'],
    ]);
    expect(organizations(name)).toEqual(['a', 'b', 'longer-group']);
  });

  it('use PrintableString where they can, else UTF8String', () => {
    const name = makeName([
      { type: 'CN', value: 'system:node:a' },
      { type: 'O', value: 'a@b' },
      { type: 'OU', value: '*.x' },
      { type: 'L', value: 'Köln' },
    ]);
    expect(name.rdns.map(([attribute]) => attribute?.der[0])).toEqual([
      Tag.printableString,
      Tag.utf8String,
      Tag.utf8String,
      Tag.utf8String,
    ]);
  });

  it('know the UID of Kubernetes', () => {
    const name = makeName([{ type: 'UID', value: '7f3c' }]);
    expect(attributeValues(name, Oid.kubernetesUid)).toEqual(['7f3c']);
    expect(nameText(name)).toBe('1.3.6.1.4.1.57683.2=#130437663363');
  });

  it.each([
    ['x509/name-string', 'CN', ''],
    ['x509/name-string', 'CN', 'x'.repeat(4_097)],
    ['x509/name-string', 'CN', 'a\ud800b'],
    ['x509/oid', 'XX', 'x'],
    ['x509/oid', 'toString', 'x'],
  ])('are refused with %s: %s=%j', (code, type, value) => {
    expect(codeOf(() => makeName([{ type, value }]))).toBe(code);
  });

  it('come back as they were given, and another decoder reads the same', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((s) => !/\p{Surrogate}/u.test(s));
    const type = fc.constantFrom('CN', 'O', 'OU', 'L', 'C', '1.2.3.4', 'UID');
    const list = fc.uniqueArray(fc.record({ type, value }), { minLength: 1, selector: (each) => each.type });
    fc.assert(
      fc.property(list, (attributes) => {
        const name = makeName(attributes);
        const again = parseName(name.der);
        expect(again.rdns.map((set) => set[0]?.text)).toEqual(attributes.map((attribute) => attribute.value));
        const judged = AsnConvert.parse(name.der, PeculiarName);
        const pairs = [...judged].map((set) => set[0]!);
        expect(pairs.map((pair) => pair.type)).toEqual(again.rdns.map((set) => set[0]?.type));
        expect(pairs.map((pair) => String(pair.value))).toEqual(
          attributes.map((attribute) => attribute.value),
        );
      }),
    );
  });
});

describe('names that we read', () => {
  const cn = '2.5.4.3';
  const read = (tag: number, value: Uint8Array) => commonName(parseName(nameOf(rdn([cn, tag, value]))));

  it.each([
    ['PrintableString', Tag.printableString, text('a*b&c'), 'a*b&c'],
    ['UTF8String', Tag.utf8String, text('é'), 'é'],
    ['T61String, as Latin-1', Tag.t61String, Uint8Array.of(0xe9), 'é'],
    ['IA5String', Tag.ia5String, text('a@b'), 'a@b'],
    ['NumericString', 0x12, text('1 2'), '1 2'],
    ['BMPString', Tag.bmpString, Uint8Array.of(0, 0x41, 0x20, 0xac), 'A€'],
    ['BMPString with terminator', Tag.bmpString, Uint8Array.of(0, 0x41, 0, 0), 'A'],
  ])('decode a %s', (_, tag, value, expected) => {
    expect(read(tag, value)).toBe(expected);
  });

  it.each([
    ['PrintableString', Tag.printableString, text('a@b')],
    ['UTF8String', Tag.utf8String, Uint8Array.of(0xc3)],
    ['UTF8String with a surrogate', Tag.utf8String, Uint8Array.of(0xed, 0xa0, 0x80)],
    ['IA5String', Tag.ia5String, Uint8Array.of(0x80)],
    ['NumericString', 0x12, text('1a')],
    ['BMPString of odd length', Tag.bmpString, Uint8Array.of(0)],
    ['BMPString with a surrogate', Tag.bmpString, Uint8Array.of(0xd8, 0)],
    ['INTEGER', Tag.integer, Uint8Array.of(1)],
    ['OCTET STRING', Tag.octetString, text('a')],
  ])('refuse a bad %s', (_, tag, value) => {
    expect(codeOf(() => read(tag, value))).toBe('x509/name-string');
  });

  it('have the last CN, as Go does, and none when there is none', () => {
    const two = nameOf(rdn([cn, 0x13, text('first')]), rdn([cn, 0x13, text('last')]));
    expect(commonName(parseName(two))).toBe('last');
    expect(commonName(parseName(nameOf()))).toBe('');
  });

  it('refuse what follows', () => {
    expect(codeOf(() => parseName(Buffer.concat([admin.der, Uint8Array.of(0)])))).toBe('x509/der-trailing');
  });
});

describe('names as text', () => {
  // The expected texts are those of Go 1.26, pkix.Name.String.
  it.each([
    [
      [
        ['O', 'system:masters'],
        ['CN', 'kube-admin'],
      ],
      'CN=kube-admin,O=system:masters',
    ],
    [
      [
        ['CN', 'a'],
        ['O', 'x'],
        ['O', 'y'],
      ],
      'CN=a,O=x+O=y',
    ],
    [
      [
        ['CN', 'a,b+c"d\\e<f>g;h'],
        ['O', ' x '],
      ],
      'CN=a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h,O=\\ x\\ ',
    ],
    [[['CN', '#a#']], 'CN=\\#a#'],
    [
      [
        ['OU', 'u'],
        ['L', 'l'],
        ['C', 'DE'],
        ['ST', 's'],
        ['SERIALNUMBER', '1'],
      ],
      'SERIALNUMBER=1,OU=u,L=l,ST=s,C=DE',
    ],
    [
      [
        ['1.2.3', '*'],
        ['CN', 'a'],
      ],
      'CN=a,1.2.3=#0c012a',
    ],
    [[], ''],
  ] as const)('%j reads %s', (attributes, expected) => {
    const name = makeName(attributes.map(([type, value]) => ({ type, value })));
    expect(nameText(name)).toBe(expected);
  });
});
