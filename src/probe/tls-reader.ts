/** What a peer sent is not what the protocol says: reading ends, and what came before was seen. */
export class Malformed extends Error {}

/** @throws Malformed when there is none */
export function byteAt(bytes: Uint8Array, index: number): number {
  const byte = bytes[index];
  if (byte === undefined) throw new Malformed();
  return byte;
}

/** The presentation language of TLS (RFC 8446, 3): big-endian numbers and length-prefixed vectors. */
export class TlsReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Malformed();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  number(bytes: number): number {
    let sum = 0;
    for (const byte of this.take(bytes)) sum = sum * 256 + byte;
    return sum;
  }

  vector(lengthBytes: number): Uint8Array {
    return this.take(this.number(lengthBytes));
  }
}
