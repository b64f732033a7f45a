import { isUtf8 } from 'node:buffer';
import { utf8 } from '../base/index.ts';
import { type DerReader, Tag } from './der.ts';
import { encode, encodeAscii } from './der-encode.ts';

/**
 * ASN.1 character strings as Go reads them (crypto/x509 parser.go, parseASN1String) and writes them
 * (encoding/asn1, makeField).
 */
const NUMERIC_STRING = 0x12;

/** 1: in PrintableString (X.680, 41.4); 2: accepted there when read, never written (`*` and `&`). */
const PRINTABLE = new Uint8Array(256);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?") {
  PRINTABLE[char.charCodeAt(0)] = 1;
}
for (const char of '*&') PRINTABLE[char.charCodeAt(0)] = 2;

/** Checks the content of a string that starts at `start` and ends at the reader's place. */
export function checkString(reader: DerReader, tag: number, start: number, path: string): void {
  const { bytes, at: end } = reader;
  switch (tag) {
    case Tag.t61String:
      return;
    case Tag.printableString:
      for (let at = start; at < end; at++) {
        if (PRINTABLE[bytes[at]!] === 0) fail('PrintableString', at);
      }
      return;
    case Tag.utf8String:
      if (!isAscii(bytes, start, end) && !isUtf8(bytes.subarray(start, end))) fail('UTF-8 string', start);
      return;
    case Tag.ia5String:
      if (!isAscii(bytes, start, end)) fail('IA5String', start);
      return;
    case Tag.bmpString:
      if ((end - start) % 2 !== 0) fail('BMPString', start);
      for (let at = start; at < bmpEnd(bytes, start, end); at += 2) {
        if (!isBmpPoint(bytes, at)) fail('BMPString', at);
      }
      return;
    case NUMERIC_STRING:
      for (let at = start; at < end; at++) {
        const octet = bytes[at]!;
        if (octet !== 0x20 && (octet < 0x30 || octet > 0x39)) fail('NumericString', at);
      }
      return;
    default:
      reader.fail('x509/name-string', `unsupported string type: ${tag}`, path, start);
  }
  function fail(type: string, offset: number): never {
    reader.fail('x509/name-string', `invalid ${type}`, path, offset);
  }
}

// On any Uint8Array: a Buffer over the same memory would cost more than the text.
type Slice = (this: Uint8Array, start: number, end: number) => string;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- they are there since Node 0.1, only untyped
const { latin1Slice, utf8Slice, hexSlice } = Buffer.prototype as unknown as Record<
  'latin1Slice' | 'utf8Slice' | 'hexSlice',
  Slice
>;

/** One character for each octet. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return latin1Slice.call(bytes, start, end);
}

/** Lower-case hexadecimal of a part. */
export function hexOf(bytes: Uint8Array, start: number, end: number): string {
  return hexSlice.call(bytes, start, end);
}

/** The text of a string that `checkString` has passed. */
export function stringText(bytes: Uint8Array, tag: number, start: number, end: number): string {
  if (tag === Tag.utf8String) return utf8Slice.call(bytes, start, end);
  if (tag !== Tag.bmpString) return latin1(bytes, start, end);
  let text = '';
  for (let at = start; at < bmpEnd(bytes, start, end); at += 2) {
    text += String.fromCharCode(bytes[at]! * 256 + bytes[at + 1]!);
  }
  return text;
}

/** A BMPString may end with a terminator, which is no part of it. */
function bmpEnd(bytes: Uint8Array, start: number, end: number): number {
  return end - start >= 2 && bytes[end - 1] === 0 && bytes[end - 2] === 0 ? end - 2 : end;
}

/** UCS-2 without surrogates and without the code points that are reserved for ever. */
function isBmpPoint(bytes: Uint8Array, at: number): boolean {
  const point = bytes[at]! * 256 + bytes[at + 1]!;
  return !(point >= 0xfffe || (point >= 0xfdd0 && point <= 0xfdef) || (point >= 0xd800 && point <= 0xdfff));
}

export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! >= 0x80) return false;
  return true;
}

/** PrintableString when every character allows it, else UTF8String. */
export function encodeString(text: string): Uint8Array {
  for (let at = 0; at < text.length; at++) {
    if (PRINTABLE[text.charCodeAt(at)] !== 1) return encode(Tag.utf8String, utf8(text));
  }
  return encodeAscii(Tag.printableString, text);
}
