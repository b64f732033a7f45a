import { LineSieve } from './line-sieve.ts';

/** Bounds of an answer, in bytes: Go's clients take 1 MiB of headers; no answer that we ask for comes near. */
const HEADER_LIMIT = 64 * 1024;
const BODY_LIMIT = 256 * 1024;

export interface HttpResponse {
  readonly status: number;
  readonly body: string;
}

/** Reads one HTTP/1.x response (RFC 9112) as it arrives; memory is bounded by the two limits above. */
export class ResponseReader {
  /** Room for the headers, and how much of it is taken. */
  #room: Buffer = Buffer.alloc(0);
  #taken = 0;
  #chunks: Buffer[] = [];
  #size = 0;
  #head: Head | undefined;
  readonly #lines: readonly string[] | undefined;
  #sieve: LineSieve | undefined;

  /** `lines`: of a body of any length, only lines that begin with one of these are kept. */
  constructor(lines?: readonly string[]) {
    this.#lines = lines;
  }

  /** Was nothing at all received? */
  get silent(): boolean {
    return this.#size === 0 && this.#head === undefined;
  }

  /** Adds what arrived; the response once it is whole, a text when it is none. */
  push(chunk: Buffer): HttpResponse | { readonly malformed: string } | undefined {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#head === undefined) {
      const before = this.#taken;
      const bytes = this.#append(this.#chunks.splice(0));
      const read = readHead(bytes, before);
      if (read === undefined || 'malformed' in read) return read;
      this.#head = read;
      this.#size = bytes.length - read.length;
      this.#chunks = [bytes.subarray(read.length)];
      if (read.status < 200 || read.status === 204 || read.status === 304) return this.end();
      if (this.#lines && read.status < 300) this.#sieve = new LineSieve(this.#lines, read.chunked);
    }
    if (this.#sieve) return this.#sift(this.#sieve, this.#head);
    if (this.#size >= BODY_LIMIT || this.#size >= (this.#head.contentLength ?? Infinity)) return this.end();
    return this.#head.chunked && chunk.subarray(-5).toString('latin1').endsWith('0\r\n\r\n')
      ? this.end()
      : undefined;
  }

  #sift(sieve: LineSieve, { contentLength = Infinity }: Head): HttpResponse | undefined {
    for (const chunk of this.#chunks.splice(0)) sieve.push(chunk);
    return sieve.ended || sieve.size >= contentLength ? this.end() : undefined;
  }

  /** All of the headers so far. The room doubles: a byte at a time must not cost a copy of all before it. */
  #append(chunks: readonly Buffer[]): Buffer {
    for (const chunk of chunks) {
      const taken = this.#taken + chunk.length;
      if (taken > this.#room.length) {
        this.#room = Buffer.concat([this.#room.subarray(0, this.#taken)], 2 * taken);
      }
      chunk.copy(this.#room, this.#taken);
      this.#taken = taken;
    }
    return this.#room.subarray(0, this.#taken);
  }

  /** What there is when the connection ends; undefined when the headers were not whole. */
  end(): HttpResponse | undefined {
    if (this.#head === undefined) return undefined;
    if (this.#sieve) return { status: this.#head.status, body: this.#sieve.kept() };
    const body = Buffer.concat(this.#chunks).subarray(0, BODY_LIMIT);
    return { status: this.#head.status, body: (this.#head.chunked ? dechunk(body) : body).toString('utf8') };
  }
}

interface Head {
  readonly status: number;
  readonly contentLength: number | undefined;
  readonly chunked: boolean;
  /** Bytes up to and with the empty line. */
  readonly length: number;
}

const END_OF_HEADERS = '\r\n\r\n';
const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?: [^\r\n]*)?$/;

/** `from`: what stands before was looked at, and did not end the headers. */
function readHead(bytes: Buffer, from: number): Head | { malformed: string } | undefined {
  if (!'HTTP/1.'.startsWith(bytes.subarray(0, 7).toString('latin1'))) return malformed(bytes);
  const end = bytes.indexOf(END_OF_HEADERS, Math.max(0, from - END_OF_HEADERS.length));
  if (end < 0) {
    return bytes.length > HEADER_LIMIT
      ? { malformed: `net/http: server response headers exceeded ${HEADER_LIMIT} bytes; aborted` }
      : undefined;
  }
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = STATUS_LINE.exec(first)?.[1];
  if (status === undefined) return malformed(bytes);
  const length = header(lines, 'content-length');
  return {
    status: Number(status),
    contentLength: length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined,
    chunked: header(lines, 'transfer-encoding')?.toLowerCase() === 'chunked',
    length: end + 4,
  };
}

function malformed(bytes: Buffer): { malformed: string } {
  const line = bytes.subarray(0, 64).toString('latin1').split('\r\n', 1)[0] ?? '';
  return {
    malformed: `net/http: HTTP/1.x transport connection broken: malformed HTTP response ${JSON.stringify(line)}`,
  };
}

function header(lines: readonly string[], name: string): string | undefined {
  const line = lines.find((line) => line.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

/** RFC 9112, 7.1, as far as it goes: a truncated or malformed tail ends the body. */
function dechunk(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const eol = body.indexOf('\r\n', at);
    const size =
      eol < 0 ? undefined : /^[0-9a-f]{1,8}(?=$|[ ;])/i.exec(body.toString('latin1', at, eol))?.[0];
    const length = size === undefined ? 0 : Number.parseInt(size, 16);
    if (length === 0) return Buffer.concat(parts);
    parts.push(body.subarray(eol + 2, eol + 2 + length));
    at = eol + 2 + length + 2;
  }
}
