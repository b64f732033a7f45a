import { describe, expect, it } from 'vitest';
import { extendedKeyUsageText, extensionText, keyUsageText, serialDecimal, serialHex } from './index.ts';

describe('words for people', () => {
  it('are those of openssl, and the OID where there are none', () => {
    expect(keyUsageText('keyCertSign')).toBe('Certificate Sign');
    expect(['serverAuth', '1.2.3'].map(extendedKeyUsageText)).toEqual([
      'TLS Web Server Authentication',
      '1.2.3',
    ]);
    expect(['2.5.29.17', '1.2.3'].map(extensionText)).toEqual(['X509v3 Subject Alternative Name', '1.2.3']);
  });

  it.each([
    ['00', '0', '00'],
    ['7f', '127', '7f'],
    ['00ff', '255', 'ff'],
    ['0102030405060708090a', '4759477275222530853130', '01:02:03:04:05:06:07:08:09:0a'],
  ])('serial %s is %s in decimal and %s in hexadecimal', (hex, decimal, colons) => {
    const serial = Uint8Array.from(Buffer.from(hex, 'hex'));
    expect([serialDecimal(serial), serialHex(serial)]).toEqual([decimal, colons]);
  });
});
