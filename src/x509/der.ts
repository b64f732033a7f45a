/**
 * The one DER reader (X.690, distinguished encoding rules); writing: `der-encode.ts`, `der-writer.ts`.
 *
 * It is a cursor over one byte array: it allocates nothing per element, and nested readers share
 * the array, so that every refusal can name its offset in the whole. It accepts what Go's cryptobyte
 * accepts: definite, minimal lengths of at most four octets, tag numbers below 31; nothing is left over.
 */
import { KubetlsError } from '../base/index.ts';
import type { X509Code } from './codes.ts';

export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** `[n] IMPLICIT` of a primitive. */
export function contextTag(n: number): number {
  return 0x80 | n;
}

/** `[n] EXPLICIT`, or `[n] IMPLICIT` of a constructed type. */
export function contextConstructedTag(n: number): number {
  return 0xa0 | n;
}

export class DerReader {
  readonly bytes: Uint8Array;
  readonly end: number;
  /** Offset of the next element. */
  at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** Tag of the next element, or -1 at the end. */
  peek(): number {
    return this.at < this.end ? this.bytes[this.at]! : -1;
  }

  /** A reader of another part of the same bytes. */
  inside(start: number, end: number): DerReader {
    return new DerReader(this.bytes, start, end);
  }

  /** Enters the next element, which must have this tag: a reader of its content. */
  enter(tag: number, path: string): DerReader {
    const start = this.open(tag, path);
    return new DerReader(this.bytes, start, this.at);
  }

  /** Content octets of the next element, which must have this tag. A view, not a copy. */
  content(tag: number, path: string): Uint8Array {
    const start = this.open(tag, path);
    return this.bytes.subarray(start, this.at);
  }

  /** The next element whole, header included. A view, not a copy. */
  element(tag: number, path: string): Uint8Array {
    const start = this.at;
    this.open(tag, path);
    return this.bytes.subarray(start, this.at);
  }

  /** Passes the next element if it has this tag. */
  skipOptional(tag: number, path: string): void {
    if (this.peek() === tag) this.open(tag, path);
  }

  /** BOOLEAN: one octet, 00 or FF (X.690, 11.1). */
  boolean(path: string): boolean {
    const at = this.at;
    const start = this.open(Tag.boolean, path);
    const octet = this.bytes[start];
    if (this.at - start !== 1 || (octet !== 0 && octet !== 0xff)) {
      this.fail('x509/der-value', 'a BOOLEAN is one octet, 00 or FF', path, at);
    }
    return octet === 0xff;
  }

  /** INTEGER (or one with an implicit tag): where its content starts; shortest form (X.690, 8.3.2). */
  integer(path: string, tag: number = Tag.integer): number {
    const at = this.at;
    const start = this.open(tag, path);
    const first = this.bytes[start]!;
    const second = this.bytes[start + 1]!;
    const length = this.at - start;
    if (
      length === 0 ||
      (length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    ) {
      this.fail('x509/der-value', 'an INTEGER is empty or not in its shortest form', path, at);
    }
    return start;
  }

  /** BIT STRING: where its count of unused bits stands; its octets follow. Unused bits are zero. */
  bitString(path: string): number {
    const at = this.at;
    const start = this.open(Tag.bitString, path);
    const unused = this.bytes[start]!;
    const last = this.bytes[this.at - 1]!;
    const length = this.at - start;
    if (length === 0 || unused > 7 || (length === 1 ? unused !== 0 : (last & ((1 << unused) - 1)) !== 0)) {
      this.fail('x509/der-value', 'a BIT STRING has a wrong count of unused bits', path, at);
    }
    return start;
  }

  /** The next element whole, whatever its tag. */
  any(path: string): Uint8Array {
    return this.element(this.peek(), path);
  }

  /** Passes the next element, whatever its tag. */
  skip(path: string): void {
    this.open(this.peek(), path);
  }

  /** Nothing may be left. */
  finish(path: string): void {
    if (this.at < this.end) this.fail('x509/der-trailing', 'data follows where the structure ends', path);
  }

  fail(code: X509Code, message: string, path: string, offset = this.at): never {
    throw new KubetlsError({ code, message, where: { offset, path } });
  }

  /** Moves past the next element, which must have this tag: where its content starts; it ends at `at`. */
  open(tag: number, path: string): number {
    const { bytes, end } = this;
    const begin = this.at;
    if (begin + 2 > end) this.fail('x509/der-truncated', 'an element is cut off or missing', path);
    const found = bytes[begin]!;
    if ((found & 0x1f) === 0x1f)
      this.fail('x509/der-tag', 'tag numbers of 31 and more are not used here', path);
    if (found !== tag) {
      this.fail('x509/der-tag', `expected tag 0x${hex(tag)}, found 0x${hex(found)}`, path);
    }
    return this.#pass(begin + 1, path);
  }

  /**
   * Moves past the next element, whatever its tag. Go's encoding/asn1 reads numbers of 31 and more, as far as they
   * have 31 bits and are in their shortest form (asn1.go, parseTagAndLength); its cryptobyte does not.
   */
  openAny(path: string): number {
    const { bytes, end } = this;
    const tag = this.peek();
    if ((tag & 0x1f) !== 0x1f) return this.open(tag, path);
    let number = 0;
    let at = this.at + 1;
    if (bytes[at] === 0x80) this.fail('x509/der-tag', 'a tag number is not in its shortest form', path);
    for (let octet = 0x80; octet >= 0x80; at++) {
      if (at >= end || number >= 2 ** 31)
        this.fail('x509/der-tag', 'a tag number is cut off or too large', path);
      octet = bytes[at]!;
      number = number * 128 + (octet & 0x7f);
    }
    if (number < 0x1f || number >= 2 ** 31)
      this.fail('x509/der-tag', 'a tag number is too small or too large', path);
    if (at >= end) this.fail('x509/der-truncated', 'an element is cut off or missing', path);
    return this.#pass(at, path);
  }

  /** Moves past the element whose length stands there: where its content starts. */
  #pass(lengthAt: number, path: string): number {
    const { bytes, end } = this;
    let length = bytes[lengthAt]!;
    let start = lengthAt + 1;
    if (length >= 0x80) {
      const octets = length & 0x7f;
      if (octets === 0 || octets > 4) this.fail('x509/der-length', 'length is indefinite or too large', path);
      if (start + octets > end) this.fail('x509/der-truncated', 'a length is cut off', path);
      length = 0;
      for (let i = 0; i < octets; i++) length = length * 256 + bytes[start + i]!;
      start += octets;
      if (length < 0x80 || length < 2 ** (8 * (octets - 1))) {
        this.fail('x509/der-length', 'length is not in its shortest form', path);
      }
    }
    if (length > end - start)
      this.fail('x509/der-truncated', 'an element is longer than what holds it', path);
    this.at = start + length;
    return start;
  }
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}

/** A part of the bytes, by its offsets. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The octets of a BIT STRING from its content, unused bits shifted out. */
export function bitStringOctets(bytes: Uint8Array, { start, end }: Range): Uint8Array {
  return rightAligned(bytes.subarray(start + 1, end), bytes[start]!);
}

/** asn1.BitString.RightAlign of Go. `unused` is 0 to 7. */
export function rightAligned(octets: Uint8Array, unused: number): Uint8Array {
  if (unused === 0) return octets;
  return octets.map((octet, i) => (octet >> unused) | (((octets[i - 1] ?? 0) << (8 - unused)) & 0xff));
}
