import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../test/judges/code-of.ts';
import { concatBytes, equalBytes } from '../base/index.ts';
import { contextConstructedTag, contextTag, DerReader, Tag } from './der.ts';
import { encode } from './der-encode.ts';

const bytes = (...octets: number[]) => Uint8Array.from(octets);
const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

describe('DER', () => {
  it('gives back what was written, whatever its length', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(Tag), contextTag(3), contextConstructedTag(30)),
        fc.oneof(fc.nat(300), fc.nat(70_000)),
        (tag, length) => {
          const content = new Uint8Array(length).fill(tag);
          const element = encode(tag, content);
          const reader = new DerReader(concatBytes([element, bytes(5, 0)]));
          expect(equalBytes(reader.content(tag, 'x'), content)).toBe(true);
          expect(reader.element(Tag.null, 'x')).toEqual(bytes(5, 0));
          expect(reader.done).toBe(true);
        },
      ),
    );
  });

  it.each([
    [127, '7f'],
    [128, '8180'],
    [255, '81ff'],
    [256, '820100'],
    [65_535, '82ffff'],
    [65_536, '83010000'],
    [16_777_216, '8401000000'],
  ])('writes a length of %i as %s', (length, header) => {
    const element = encode(Tag.octetString, new Uint8Array(length));
    expect(Buffer.from(element.subarray(0, 1 + header.length / 2)).toString('hex')).toBe(`04${header}`);
    expect(new DerReader(element).content(Tag.octetString, 'x')).toHaveLength(length);
  });

  it.each([
    ['x509/der-truncated', ''],
    ['x509/der-truncated', '04'],
    ['x509/der-truncated', '0401'],
    ['x509/der-truncated', '0482ff'],
    ['x509/der-truncated', '0484ffffffff'],
    ['x509/der-length', '0480'],
    ['x509/der-length', '04850000000001'],
    ['x509/der-length', '04817f'],
    ['x509/der-length', '048200ff'],
    ['x509/der-tag', '1f2001'],
    ['x509/der-tag', '0500'],
  ])('refuses with %s: %s', (code, input) => {
    expect(codeOf(() => new DerReader(hex(input)).content(Tag.octetString, 'x'))).toBe(code);
  });

  it('says where, from the start of the whole, in nested readers too', () => {
    const outer = new DerReader(hex('3006300404010105')).enter(Tag.sequence, 'outer');
    const inner = outer.enter(Tag.sequence, 'inner');
    inner.open(Tag.octetString, 'first');
    expect(() => inner.open(Tag.null, 'second')).toThrow(
      expect.objectContaining({ code: 'x509/der-truncated', where: { offset: 7, path: 'second' } }),
    );
  });

  it.each([
    ['010100', false],
    ['0101ff', true],
    ['010101', 'x509/der-value'],
    ['01020000', 'x509/der-value'],
    ['0100', 'x509/der-value'],
  ])('reads a BOOLEAN %s as %s', (input, expected) => {
    const reader = new DerReader(hex(input));
    if (typeof expected === 'boolean') expect(reader.boolean('x')).toBe(expected);
    else expect(codeOf(() => reader.boolean('x'))).toBe(expected);
  });

  it.each([
    ['020100', 'none'],
    ['020180', 'none'],
    ['02020080', 'none'],
    ['0202ff7f', 'none'],
    ['0200', 'x509/der-value'],
    ['0202007f', 'x509/der-value'],
    ['0202ff80', 'x509/der-value'],
  ])('takes an INTEGER in shortest form only: %s %s', (input, code) => {
    expect(codeOf(() => new DerReader(hex(input)).integer('x'))).toBe(code);
  });

  it.each([
    ['030100', 'none'],
    ['03020780', 'none'],
    ['030207ff', 'x509/der-value'],
    ['030101', 'x509/der-value'],
    ['03020800', 'x509/der-value'],
    ['0300', 'x509/der-value'],
  ])('takes a BIT STRING whose unused bits are zero: %s %s', (input, code) => {
    expect(codeOf(() => new DerReader(hex(input)).bitString('x'))).toBe(code);
  });
});
