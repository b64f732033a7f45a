import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../test/judges/code-of.ts';
import { DerReader } from './der.ts';
import { written } from './der-writer.ts';
import { eachGeneralName, writeGeneralName } from './general-name.ts';
import { STRICTEST } from './reading.ts';
import { dnsName, emailName, generalNameText, type GeneralName, ipName, uriName } from './index.ts';

const encodeGeneralName = (name: GeneralName) => written((writer) => writeGeneralName(writer, name));
const long = (length: number) => 'a'.repeat(length);

describe('names that we put into certificates', () => {
  it.each([
    ['kubernetes.default.svc.cluster.local', 'kubernetes.default.svc.cluster.local'],
    ['API.Example.TEST', 'api.example.test'],
    ['*.example.test', '*.example.test'],
    ['node_1', 'node_1'],
    [`${long(63)}.x`, `${long(63)}.x`],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ])('DNS %s becomes %s', (text, value) => {
    expect(dnsName(text)).toEqual({ kind: 'dns', value });
  });

  it.each([
    '',
    '.',
    '.a',
    'a.',
    'a..b',
    '*',
    '*.',
    'a.*.b',
    'a*.b',
    '*a.b',
    '10.0.0.1',
    '010.0.0.1',
    '1.2.3',
    '::1',
    '-a.b',
    'a-.b',
    'a b',
    'bücher.example',
    'a/b',
    'a:6443',
    `${long(64)}.x`,
    Array.from({ length: 64 }, () => 'abc').join('.'),
  ])('DNS %j is refused', (text) => {
    expect(codeOf(() => dnsName(text))).toBe('x509/general-name');
  });

  it('says where an IP address belongs', () => {
    expect(() => dnsName('10.0.0.1')).toThrow(
      expect.objectContaining({
        hint: 'an IP address stands in a certificate as iPAddress, never as dNSName',
      }),
    );
  });

  it.each([
    ['10.96.0.1', '10.96.0.1', 4],
    ['::ffff:10.0.0.1', '10.0.0.1', 4],
    ['::FFFF:a00:1', '10.0.0.1', 4],
    ['2001:DB8::0:1', '2001:db8::1', 16],
  ])('IP %s becomes %s, %i octets', (text, value, octets) => {
    const name = ipName(text);
    expect(name).toMatchObject({ kind: 'ip', value });
    expect(encodeGeneralName(name)).toHaveLength(2 + octets);
  });

  it.each(['', '10.0.0', '10.0.0.01', '10.0.0.0/8', 'fe80::1%eth0', '[::1]', 'localhost', '1::2::3'])(
    'IP %j is refused',
    (text) => {
      expect(codeOf(() => ipName(text))).toBe('x509/general-name');
    },
  );

  it.each(['', 'a/b', '//host', 'http://x y/', 'http://é/', 'spiffe://a..b/', 'x:\n'])(
    'URI %j is refused',
    (text) => {
      expect(codeOf(() => uriName(text))).toBe('x509/general-name');
    },
  );

  it.each(['', 'a', '@b', 'a@', 'a@b.', 'a@*.b', 'a b@c', 'é@b', 'a@10.0.0.1'])(
    'mailbox %j is refused',
    (text) => {
      expect(codeOf(() => emailName(text))).toBe('x509/general-name');
    },
  );

  it('keeps a URI and the local part of a mailbox as they are', () => {
    expect(uriName('spiffe://TD/ns/A')).toEqual({ kind: 'uri', value: 'spiffe://TD/ns/A' });
    expect(emailName('Ann@Example.TEST')).toEqual({ kind: 'email', value: 'Ann@example.test' });
  });
});

describe('general names', () => {
  const read = (der: Uint8Array): GeneralName[] => {
    const names: GeneralName[] = [];
    eachGeneralName(new DerReader(der), 'x', STRICTEST, names);
    return names;
  };

  it('come back as they were written', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9_-]{0,20}[a-z0-9])?$/);
    const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => `x${labels.join('.')}`);
    const name = fc.oneof(
      domain.map(dnsName),
      domain.map((text) => emailName(`a@${text}`)),
      domain.map((text) => uriName(`spiffe://${text}/x`)),
      fc.oneof(fc.ipV4(), fc.ipV6()).map(ipName),
    );
    fc.assert(
      fc.property(name, (value) => {
        expect(read(encodeGeneralName(value))).toEqual([value]);
      }),
    );
  });

  it('of other kinds are kept as bytes', () => {
    const der = Uint8Array.from(Buffer.from('a4043002310088032a0304a703010203', 'hex'));
    const names = read(der);
    expect(names.map(({ kind }) => kind)).toEqual(['other', 'other', 'other']);
    expect(Buffer.concat(names.map(encodeGeneralName))).toEqual(Buffer.from(der));
    expect(names.map(generalNameText)[1]).toBe('other[8]:88032a0304');
  });

  it.each([
    ['8201e9', 'x509/general-name', 'x.dNSName'],
    ['8101ff', 'x509/general-name', 'x.rfc822Name'],
    ['860180', 'x509/general-name', 'x.uniformResourceIdentifier'],
    ['8606613a2f2f2520', 'x509/uri', 'x.uniformResourceIdentifier'],
    ['87050102030405', 'x509/general-name', 'x.iPAddress'],
  ])('that Go refuses are refused: %s', (hex, code, path) => {
    expect(() => read(Uint8Array.from(Buffer.from(hex, 'hex')))).toThrow(
      expect.objectContaining({ code, where: { offset: 2, path } }),
    );
  });
});
