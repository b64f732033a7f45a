import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../test/judges/code-of.ts';
import { DerReader, Tag } from './der.ts';
import { encode } from './der-encode.ts';
import { written } from './der-writer.ts';
import { readTime, readTimeOffset, writeTime } from './time.ts';

const encodeTime = (at: number) => written((writer) => writeTime(writer, at));
const tagged = (tag: number, text: string) => encode(tag, Buffer.from(text, 'latin1'));
const read = (tag: number, text: string) =>
  new Date(readTime(new DerReader(tagged(tag, text)), 'x')).toISOString();

describe('times', () => {
  // The verdicts are those of Go 1.26, cryptobyte ReadASN1UTCTime.
  it.each([
    ['260101000000Z', '2026-01-01T00:00:00.000Z'],
    ['500101000000Z', '1950-01-01T00:00:00.000Z'],
    ['491231235959Z', '2049-12-31T23:59:59.000Z'],
    ['240229120000Z', '2024-02-29T12:00:00.000Z'],
    ['2601010000Z', '2026-01-01T00:00:00.000Z'],
    ['260101000000+0100', '2025-12-31T23:00:00.000Z'],
    ['2601010000-0130', '2026-01-01T01:30:00.000Z'],
    ['260101000000+2400', '2025-12-31T00:00:00.000Z'],
  ])('UTCTime %s is %s', (text, iso) => {
    expect(read(Tag.utcTime, text)).toBe(iso);
  });

  it.each([
    ['20260101000000Z', '2026-01-01T00:00:00.000Z'],
    ['00000101000000Z', '0000-01-01T00:00:00.000Z'],
    ['99991231235959Z', '9999-12-31T23:59:59.000Z'],
    ['20260101000000-0030', '2026-01-01T00:30:00.000Z'],
  ])('GeneralizedTime %s is %s', (text, iso) => {
    expect(read(Tag.generalizedTime, text)).toBe(iso);
  });

  it.each([
    [Tag.utcTime, '260101000000+0000'],
    [Tag.utcTime, '260101000000-0000'],
    [Tag.utcTime, '260101000000+2360'],
    [Tag.utcTime, '260101000000+2500'],
    [Tag.utcTime, '260229000000Z'],
    [Tag.utcTime, '261301000000Z'],
    [Tag.utcTime, '260100000000Z'],
    [Tag.utcTime, '260101240000Z'],
    [Tag.utcTime, '260101006000Z'],
    [Tag.utcTime, '260101000060Z'],
    [Tag.utcTime, '260101000000'],
    [Tag.utcTime, '260101000000z'],
    [Tag.utcTime, '26010100000éZ'],
    [Tag.utcTime, '20260101000000Z'],
    [Tag.generalizedTime, '260101000000Z'],
    [Tag.generalizedTime, '202601010000Z'],
    [Tag.generalizedTime, '20260101000000.5Z'],
    [Tag.generalizedTime, ''],
    [Tag.octetString, '260101000000Z'],
  ])('refuses tag %i with %j', (tag, text) => {
    expect(codeOf(() => read(tag, text))).toBe('x509/time');
  });

  it('keeps the offset that a time was written with', () => {
    const offset = (text: string) => readTimeOffset(new DerReader(tagged(Tag.utcTime, text)), 'x');
    expect([offset('260101000000Z'), offset('260101000000+0130'), offset('2601010000-0800')]).toEqual([
      0, 90, -480,
    ]);
  });

  it('gives back what was written, in UTCTime from 1950 to 2049 and in GeneralizedTime outside', () => {
    const instants = fc.integer({
      min: Date.parse('0000-01-01T00:00:00Z') / 1_000,
      max: Date.UTC(9999, 11, 31) / 1_000,
    });
    fc.assert(
      fc.property(instants, (seconds) => {
        const der = encodeTime(seconds * 1_000 + 999);
        expect(readTime(new DerReader(der), 'x')).toBe(seconds * 1_000);
        const year = new Date(seconds * 1_000).getUTCFullYear();
        expect(der[0]).toBe(year >= 1950 && year < 2050 ? Tag.utcTime : Tag.generalizedTime);
      }),
    );
  });

  it.each([Number.NaN, Infinity, Date.UTC(10_000, 0, 1), Date.parse('-000001-12-31T23:59:59Z')])(
    'does not write %s',
    (at) => {
      expect(codeOf(() => encodeTime(at))).toBe('x509/time');
    },
  );
});
