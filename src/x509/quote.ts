import { isUtf8 } from 'node:buffer';
import { asBuffer } from '../base/index.ts';

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

/** strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the ASCII space. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** A Go string literal, as `%q` and strconv.Quote print it. */
export function quote(text: string): string {
  return /^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : `"${Array.from(text, escaped).join('')}"`;
}

/** The same of octets, each that is not ASCII as `\x..` where they are no UTF-8. */
export function quoteOctets(octets: Uint8Array): string {
  if (isUtf8(octets)) return quote(asBuffer(octets).toString('utf8'));
  const texts = Array.from(octets, (octet) =>
    octet < 0x80 ? escaped(String.fromCharCode(octet)) : `\\x${hex(octet, 2)}`,
  );
  return `"${texts.join('')}"`;
}

function escaped(character: string): string {
  return SHORT[character] ?? (PRINTABLE.test(character) ? character : escape(character));
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
