import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipRangeText, ipText, parseIp, unmapIp } from './ip.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('IP addresses', () => {
  // The texts are Go's, net.IP.String.
  it.each([
    ['0a000001', '10.0.0.1'],
    ['00000000000000000000ffff0a000001', '10.0.0.1'],
    ['fd000000000000000001000000000000', 'fd00::1:0:0:0'],
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
    ['20010db8000100000000000100000000', '2001:db8:1::1:0:0'],
    ['00010000000000000000000000000000', '1::'],
    ['0a0001', '?0a0001'],
  ])('%s reads %s', (hex, text) => {
    expect(ipText(bytes(hex))).toBe(text);
  });

  it.each([
    ['0a000000ff000000', '10.0.0.0/8'],
    ['0a600001fff00000', '10.96.0.1/12'],
    ['0000000000000000', '0.0.0.0/0'],
    ['fd000000000000000000000000000000ff000000000000000000000000000000', 'fd00::/8'],
    ['00000000000000000000ffff0a000000ffffffffffffffffffffffffff000000', '10.0.0.0/8'],
  ])('range %s reads %s', (hex, text) => {
    expect(ipRangeText(bytes(hex))).toBe(text);
  });

  it('takes what node takes, less zones', () => {
    const part = fc.constantFrom(
      '0',
      '1',
      'ff',
      'ABCD',
      '12345',
      '',
      ':',
      '.',
      '::',
      '255',
      '256',
      '01',
      '%lo',
      'g',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4(),
          fc.ipV6(),
          fc.array(part, { maxLength: 12 }).map((list) => list.join(':')),
          fc.array(part, { maxLength: 6 }).map((list) => list.join('.')),
        ),
        (text) => {
          const version = text.includes('%') ? 0 : isIP(text);
          expect(parseIp(text)?.length ?? 0).toBe(version === 4 ? 4 : version === 6 ? 16 : 0);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('gives back the address that it printed', () => {
    const address = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(address, (octets) => {
        expect(parseIp(ipText(octets))).toEqual(Uint8Array.from(unmapIp(octets)));
      }),
    );
  });
});
