import { Tag } from './der.ts';

/** DER of single elements. */

/** Below this many octets a loop copies faster than TypedArray.set, which is a call into the runtime. */
const SHORT = 48;

export function copyInto(out: Uint8Array, at: number, part: Uint8Array): void {
  if (part.length >= SHORT) out.set(part, at);
  else for (let i = 0; i < part.length; i++) out[at + i] = part[i]!;
}

/** One element: tag, shortest length, and the parts of its content. One allocation. */
export function encode(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return encodeAll(tag, parts);
}

/** For parts of any number: an argument list has its limit at some 100,000. */
export function encodeAll(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = totalLength(parts);
  const start = 2 + lengthOctets(length);
  const out = new Uint8Array(start + length);
  writeHeader(out, tag, length);
  let at = start;
  for (const part of parts) {
    copyInto(out, at, part);
    at += part.length;
  }
  return out;
}

/** One element of ASCII text, an octet for each character. */
export function encodeAscii(tag: number, text: string): Uint8Array {
  const start = 2 + lengthOctets(text.length);
  const out = new Uint8Array(start + text.length);
  writeHeader(out, tag, text.length);
  for (let i = 0; i < text.length; i++) out[start + i] = text.charCodeAt(i);
  return out;
}

const NO_UNUSED_BITS = Uint8Array.of(0);

/** BIT STRING of whole octets. */
export function encodeBitString(octets: Uint8Array): Uint8Array {
  return encode(Tag.bitString, NO_UNUSED_BITS, octets);
}

function totalLength(parts: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

function writeHeader(out: Uint8Array, tag: number, length: number): void {
  const octets = lengthOctets(length);
  out[0] = tag;
  out[1] = octets === 0 ? length : 0x80 | octets;
  for (let i = 0; i < octets; i++) out[2 + i] = length >>> (8 * (octets - 1 - i));
}

/** How many octets the long form of a length has; 0 for the short form (X.690, 8.1.3). */
function lengthOctets(length: number): number {
  if (length < 0x80) return 0;
  if (length < 0x100) return 1;
  if (length < 0x1_0000) return 2;
  return length < 0x100_0000 ? 3 : 4;
}
