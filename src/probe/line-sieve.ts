/**
 * A body of any length of which a few lines are wanted: what a component says of itself under /metrics is some
 * hundred kilobytes, a busy kube-apiserver's many megabytes. As it arrives, so that little is ever held.
 */
export class LineSieve {
  readonly #prefixes: readonly string[];
  readonly #chunks: Dechunker | undefined;
  /** The last line, which may go on. */
  #open = '';
  #size = 0;
  #kept = '';

  /** Lines that begin with one of these are kept. */
  constructor(prefixes: readonly string[], chunked: boolean) {
    this.#prefixes = prefixes;
    this.#chunks = chunked ? new Dechunker() : undefined;
  }

  push(bytes: Buffer): void {
    this.#size += bytes.length;
    if (this.#chunks) this.#chunks.push(bytes, (part) => this.#take(part));
    else this.#take(bytes);
  }

  /** Bytes as they came, with what frames the chunks. */
  get size(): number {
    return this.#size;
  }

  /** Has the last chunk come, or more than anybody sends? */
  get ended(): boolean {
    return this.#chunks?.ended === true || this.#size > MOST || this.#kept.length > MOST_KEPT;
  }

  /** Whole lines: of a number that broke off nobody could tell. */
  kept(): string {
    return this.#kept;
  }

  #take(bytes: Buffer): void {
    const text = this.#open + bytes.toString('latin1');
    let at = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      if (this.#prefixes.some((prefix) => text.startsWith(prefix, at))) this.#kept += text.slice(at, end + 1);
      at = end + 1;
    }
    this.#open = text.slice(at, at + LONGEST_LINE);
  }
}

/** Bytes: a kube-apiserver of 5,000 nodes was said to have 100 MB of metrics. Ours. */
const MOST = 256 * 1024 * 1024;
const MOST_KEPT = 256 * 1024;
const LONGEST_LINE = 16 * 1024;

/** RFC 9112, 7.1, as it arrives; what is malformed ends it. */
class Dechunker {
  ended = false;
  #left = 0;
  #line = '';

  push(bytes: Buffer, take: (part: Buffer) => void): void {
    for (let at = 0; at < bytes.length && !this.ended; ) {
      if (this.#left > 0) {
        const part = bytes.subarray(at, at + this.#left);
        this.#left -= part.length;
        at += part.length;
        take(part);
        continue;
      }
      const end = bytes.indexOf(LINE_FEED, at);
      this.#line += bytes.toString('latin1', at, end < 0 ? bytes.length : end);
      if (this.#line.length > LONGEST_SIZE) this.ended = true;
      if (end < 0) return;
      at = end + 1;
      this.#sized(this.#line.trim());
      this.#line = '';
    }
  }

  /** An empty line ends the chunk before. */
  #sized(line: string): void {
    if (line === '') return;
    const size = /^[0-9a-f]{1,8}(?=$|[ ;])/i.exec(line)?.[0];
    this.#left = size === undefined ? 0 : Number.parseInt(size, 16);
    this.ended = this.#left === 0;
  }
}

const LINE_FEED = 0x0a;
/** A size with its extensions: net/http takes 4,096 (maxLineLength). */
const LONGEST_SIZE = 4_096;
