import { describe, expect, it } from 'vitest';
import { CRL, unsignedList } from '../../test/support/revocation-list.ts';
import { toHex } from '../base/index.ts';
import { readPem } from './pem.ts';
import { parseRevocationList, revocationReason } from './revocation-list.ts';
import { serialDecimal } from './serial.ts';

const [der = new Uint8Array()] = readPem(CRL).map(({ bytes }) => bytes);

describe('parseRevocationList', () => {
  it('reads its entries in order, at every walk', () => {
    const { count, entries } = parseRevocationList(der);
    const walk = () => Array.from(entries, ({ serial, reasonCode }) => [serialDecimal(serial), reasonCode]);
    expect(count).toBe(2);
    expect(walk()).toEqual([
      ['1', undefined],
      [String(0xff00ff00ff00ffn), 1],
    ]);
    expect(walk()).toEqual(walk());
  });

  it('ends where the CRL ends, whatever follows, as in Go', () => {
    expect(toHex(parseRevocationList(Buffer.concat([der, Buffer.from('x')])).der)).toBe(toHex(der));
  });

  it('a negative serial number is read as it is', () => {
    const { entries } = parseRevocationList(unsignedList(1, () => Uint8Array.of(0xff)));
    expect(Array.from(entries, ({ serial }) => serialDecimal(serial))).toEqual(['-1']);
  });

  it('a hundred thousand entries', () => {
    const serial = Buffer.alloc(20, 0x55);
    const bytes = unsignedList(100_000, (i) => {
      serial.writeUInt32BE(i, 10);
      return Buffer.from(serial);
    });
    const list = parseRevocationList(bytes);
    expect(list.count).toBe(100_000);
    let last = '';
    for (const entry of list.entries) last = toHex(entry.serial);
    expect(last).toBe(`${'55'.repeat(10)}0001869f${'55'.repeat(6)}`);
  });

  it.each([
    [0, 'unspecified'],
    [1, 'keyCompromise'],
    [6, 'certificateHold'],
    [7, '7'],
    [10, 'aACompromise'],
    [-1, '-1'],
  ])('reason %i is %s', (code, text) => {
    expect(revocationReason(code)).toBe(text);
  });
});
