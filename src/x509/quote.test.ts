import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { isPrintable } from './printable.ts';
import { quote, quoteOctets } from './quote.ts';

/** Text, and what Go 1.26 prints for `%q`. */
const GO: readonly (readonly [string, string])[] = [
  ['plain', '"plain"'],
  ['a"b\\c', String.raw`"a\"b\\c"`],
  ['\x07\b\f\n\r\t\v', String.raw`"\a\b\f\n\r\t\v"`],
  ['\x00\x1f\x7f', String.raw`"\x00\x1f\x7f"`],
  ['\u00a0\u200b\u00e4\u2028', '"\\u00a0\\u200bä\\u2028"'],
  ['\u{1f600}\u{e0001}\ufffd\ufeff', '"\u{1f600}\\U000e0001\ufffd\\ufeff"'],
  ['日本', '"日本"'],
];

it.each(GO)('%j', (text, quoted) => {
  expect(quote(text)).toBe(quoted);
});

it('quotes octets that are no UTF-8 one by one', () => {
  expect(quoteOctets(Buffer.from('aé"'))).toBe(String.raw`"aé\""`);
  expect(quoteOctets(Uint8Array.of(0x61, 0xe9, 0x22))).toBe(String.raw`"a\xe9\""`);
  // Surrogates, an overlong form and a cut-off sequence are none; what stands between them is.
  const mixed = Buffer.from('fced8093eda080c0af41f09f9880f09f98', 'hex');
  expect(quoteOctets(mixed)).toBe('"\\xfc\ud013\\xed\\xa0\\x80\\xc0\\xafA\u{1f600}\\xf0\\x9f\\x98"');
});

it('finds the same characters printable as Go 1.26, whose Unicode is 15', () => {
  const printable = createHash('sha256');
  for (let code = 0; code < 0x11_0000; code++) {
    if (isPrintable(String.fromCodePoint(code))) printable.update(`${code.toString(16)}\n`);
  }
  // Of `%x\n` of every rune that strconv.IsPrint takes, printed by a Go program.
  expect(printable.digest('hex')).toBe('bcadbcc872e93563a5a1689ff9b4b41c87f958cbc551a248e90105e138ecb48e');
});
