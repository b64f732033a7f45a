import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../test/judges/code-of.ts';
import { DerReader, Tag } from './der.ts';
import { encode } from './der-encode.ts';
import { oidElement, readOid } from './oid.ts';

const read = (element: Uint8Array) => readOid(new DerReader(element), 'oid');
const element = (hex: string) => encode(Tag.oid, Buffer.from(hex, 'hex'));
const arc = fc.integer({ min: 0, max: 2 ** 31 - 81 });

describe('object identifiers', () => {
  it.each([
    ['1.2.840.113549.1.1.11', '2a864886f70d01010b'],
    ['2.5.29.17', '551d11'],
    ['2.5.4.3', '550403'],
    ['0.0', '00'],
    ['1.39', '4f'],
    ['2.0', '50'],
    ['2.999.3', '883703'],
    ['1.3.6.1.4.1.57683.2', '2b0601040183c25302'],
  ])('%s is %s', (oid, hex) => {
    expect(Buffer.from(oidElement(oid)).toString('hex').slice(4)).toBe(hex);
    expect(read(element(hex))).toBe(oid);
  });

  it('gives back what was written', () => {
    const first = fc.oneof(
      fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 39 })),
      fc.tuple(fc.constant(2), arc),
    );
    fc.assert(
      fc.property(first, fc.array(arc, { maxLength: 12 }), (start, rest) => {
        const oid = [...start, ...rest].join('.');
        expect(read(oidElement(oid))).toBe(oid);
      }),
    );
  });

  it.each([
    ['nothing', ''],
    ['a leading 80', '2a8001'],
    ['an arc that does not end', '2a86'],
    ['an arc of 2^31, as in 2.25.UUID', '2a8880808000'],
    ['an arc of six octets', '2a818080808000'],
  ])('refuses %s', (_, hex) => {
    expect(codeOf(() => read(element(hex)))).toBe('x509/oid');
  });

  it.each(['', '1', '3.1', '0.40', '1.2.', '1..2', '01.2', '1.02', '1.2.x', '1.2.4294967296', '-1.2'])(
    'does not write %j',
    (oid) => {
      expect(codeOf(() => oidElement(oid))).toBe('x509/oid');
    },
  );
});
