import { asBuffer } from '../base/index.ts';
import { isPrintable } from './printable.ts';

const SHORT: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** A Go string literal, as `%q` and strconv.Quote print it. */
export function quote(text: string): string {
  return /^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : `"${Array.from(text, escaped).join('')}"`;
}

/** A well-formed sequence (Unicode, table 3-7), or an octet that begins none. */
const RUNES = new RegExp(
  [
    '[\\0-\\x7f]',
    '[\\xc2-\\xdf][\\x80-\\xbf]',
    '\\xe0[\\xa0-\\xbf][\\x80-\\xbf]',
    '\\xed[\\x80-\\x9f][\\x80-\\xbf]',
    '[\\xe1-\\xec\\xee\\xef][\\x80-\\xbf]{2}',
    '\\xf0[\\x90-\\xbf][\\x80-\\xbf]{2}',
    '[\\xf1-\\xf3][\\x80-\\xbf]{3}',
    '\\xf4[\\x80-\\x8f][\\x80-\\xbf]{2}',
    '[\\x80-\\xff]',
  ].join('|'),
  'g',
);

/** The same of octets, each that belongs to no UTF-8 as `\x..`. */
export function quoteOctets(octets: Uint8Array): string {
  const runes = asBuffer(octets).toString('latin1').match(RUNES) ?? [];
  return `"${runes.map(escapedRune).join('')}"`;
}

function escapedRune(rune: string): string {
  const first = rune.charCodeAt(0);
  if (rune.length === 1 && first >= 0x80) return `\\x${hex(first, 2)}`;
  return escaped(Buffer.from(rune, 'latin1').toString('utf8'));
}

function escaped(character: string): string {
  return SHORT[character] ?? (isPrintable(character) ? character : escape(character));
}

function escape(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  // A lone surrogate cannot be in a Go string: there it became U+FFFD, which is printable.
  if (code >= 0xd800 && code < 0xe000) return '\ufffd';
  return code < 0x1_0000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
