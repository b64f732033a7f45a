import { copyInto } from './der-encode.ts';

/**
 * DER written from its end to its beginning, so that the length of an element is known when its header is
 * written, and a structure of any depth is laid out once, in one buffer. `encode` in `der-encode.ts` reads better
 * and is for everything small; this is for certificates by the thousand, of which it saves a fifth.
 */

/** Pieces share memory, as Node's small buffers do: memory of its own costs as much as what is written there. */
const SLAB = 2 ** 14;

const ZERO = 0x30;

class Writer {
  #buffer = new Uint8Array(SLAB);
  /** Where in the buffer this piece ends; behind it stand earlier ones. */
  #end = SLAB;
  /** Octets written so far. An element that is begun now ends here. */
  length = 0;

  get capacity(): number {
    return this.#buffer.length;
  }

  octet(value: number): void {
    this.#make(1);
    this.#buffer[this.#end - this.length] = value;
  }

  octets(bytes: Uint8Array): void {
    this.#make(bytes.length);
    copyInto(this.#buffer, this.#end - this.length, bytes);
  }

  /** Text of octets, one for each character. */
  ascii(text: string): void {
    const { length } = text;
    this.#make(length);
    const buffer = this.#buffer;
    const at = this.#end - this.length;
    for (let i = 0; i < length; i++) buffer[at + i] = text.charCodeAt(i);
  }

  /** The header of the element whose content is what was written since `length` was `end`. */
  header(tag: number, end: number): void {
    let length = this.length - end;
    if (length < 0x80) {
      this.#make(2);
      const at = this.#end - this.length;
      this.#buffer[at] = tag;
      this.#buffer[at + 1] = length;
      return;
    }
    let octets = 0;
    for (; length > 0; length >>>= 8, octets++) this.octet(length & 0xff);
    this.octet(0x80 | octets);
    this.octet(tag);
  }

  /** Two decimal digits. */
  digits(number: number): void {
    this.#make(2);
    const at = this.#end - this.length;
    this.#buffer[at] = ZERO + Math.floor(number / 10);
    this.#buffer[at + 1] = ZERO + (number % 10);
  }

  /** What was written. */
  take(): Uint8Array {
    const start = this.#end - this.length;
    const taken = new Uint8Array(this.#buffer.buffer, start, this.length);
    this.#end = start;
    this.length = 0;
    return taken;
  }

  /** Room for so many octets more, in front. */
  #make(octets: number): void {
    this.length += octets;
    if (this.length <= this.#end) return;
    const written = this.length - octets;
    const next = new Uint8Array(Math.max(SLAB, 2 * this.length));
    next.set(this.#buffer.subarray(this.#end - written, this.#end), next.length - written);
    this.#buffer = next;
    this.#end = next.length;
  }
}

export type DerWriter = Writer;

/** One writer is kept, for its buffer; a write inside a write has another. Never for private keys. */
let spare: Writer | undefined;

/** What `write` writes, last part first. */
export function written(write: (writer: DerWriter) => void): Uint8Array {
  const writer = spare ?? new Writer();
  spare = undefined;
  write(writer);
  const der = writer.take();
  if (writer.capacity <= MAX_KEPT) spare = writer;
  return der;
}

const MAX_KEPT = 2 ** 16;
