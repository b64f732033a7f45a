import { expect, it } from 'vitest';
import { serialDecimal, serialHex } from './serial.ts';

it.each([
  ['00', '0', '00'],
  ['7f', '127', '7f'],
  ['00ff', '255', 'ff'],
  ['0102030405060708090a', '4759477275222530853130', '01:02:03:04:05:06:07:08:09:0a'],
])('serial %s is %s in decimal and %s in hexadecimal', (hex, decimal, colons) => {
  const serial = Uint8Array.from(Buffer.from(hex, 'hex'));
  expect([serialDecimal(serial), serialHex(serial)]).toEqual([decimal, colons]);
});
