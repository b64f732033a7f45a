import { createDecipheriv, createHmac, type DecipherGCM } from 'node:crypto';

/**
 * What the server sent in its handshake, read from the bytes on the wire: the only place where the chain
 * is seen exactly as presented, also when the handshake fails, and where the acceptable authorities are
 * seen at all (Node exposes neither SSL_get0_peer_CA_list nor the chain of a failed handshake).
 *
 * Up to TLS 1.2 these messages are in clear (RFC 5246, 7.4). In TLS 1.3 they are encrypted under the
 * server's handshake traffic secret (RFC 8446, 7.1), which OpenSSL tells to its key-log callback.
 */
export interface Transcript {
  readonly protocol: string | undefined;
  /** DER, in the order sent; undefined when no Certificate message was seen. */
  readonly certificates: readonly Uint8Array[] | undefined;
  /** DER of names; undefined when the server sent no CertificateRequest. */
  readonly authorities: readonly Uint8Array[] | undefined;
}

const RECORD = { handshake: 22, applicationData: 23 };
const MESSAGE = { serverHello: 2, certificate: 11, certificateRequest: 13, finished: 20 };
const SUPPORTED_VERSIONS = 43;
const CERTIFICATE_AUTHORITIES = 47;
const TAG = { authTagLength: 16 };

interface Suite {
  readonly decipher: (key: Uint8Array, nonce: Uint8Array) => DecipherGCM;
  readonly hash: 'sha256' | 'sha384';
  readonly keyBytes: number;
}

/** RFC 8446, B.4; the CCM suites are never offered by OpenSSL's defaults. */
const SUITES: Readonly<Record<number, Suite>> = {
  0x1301: {
    decipher: (key, nonce) => createDecipheriv('aes-128-gcm', key, nonce),
    hash: 'sha256',
    keyBytes: 16,
  },
  0x1302: {
    decipher: (key, nonce) => createDecipheriv('aes-256-gcm', key, nonce),
    hash: 'sha384',
    keyBytes: 32,
  },
  0x1303: {
    decipher: (key, nonce) => createDecipheriv('chacha20-poly1305', key, nonce, TAG),
    hash: 'sha256',
    keyBytes: 32,
  },
};

/**
 * @param wire all that the server sent up to the end of the handshake
 * @param secret the line's last field of SERVER_HANDSHAKE_TRAFFIC_SECRET; undefined before TLS 1.3
 */
export function readTranscript(wire: Uint8Array, secret: Uint8Array | undefined): Transcript {
  const seen = { protocol: undefined, certificates: undefined, authorities: undefined } as {
    -readonly [Key in keyof Transcript]: Transcript[Key];
  };
  try {
    collect(wire, secret, seen);
  } catch (error) {
    // A truncated or malformed handshake: what stood before it was seen, and OpenSSL reports the rest.
    if (!(error instanceof Malformed)) throw error;
  }
  return seen;
}

class Malformed extends Error {}

function collect(
  wire: Uint8Array,
  secret: Uint8Array | undefined,
  seen: { -readonly [Key in keyof Transcript]: Transcript[Key] },
): void {
  let hello: ServerHello | undefined;
  for (const { type, body } of messages(handshakeBytes(wire, () => hello, secret))) {
    if (type === MESSAGE.serverHello) {
      hello = readServerHello(body);
      seen.protocol = hello.tls13 ? 'TLSv1.3' : VERSIONS[hello.version];
    } else if (type === MESSAGE.certificate) {
      seen.certificates = readCertificates(body, hello?.tls13 === true);
    } else if (type === MESSAGE.certificateRequest) {
      seen.authorities = readAuthorities(body, hello?.tls13 === true);
    } else if (type === MESSAGE.finished) {
      return;
    }
  }
}

const VERSIONS: Readonly<Record<number, string>> = { 0x0301: 'TLSv1', 0x0302: 'TLSv1.1', 0x0303: 'TLSv1.2' };

interface ServerHello {
  readonly version: number;
  readonly suite: number;
  readonly tls13: boolean;
}

function* handshakeBytes(
  wire: Uint8Array,
  hello: () => ServerHello | undefined,
  secret: Uint8Array | undefined,
): Generator<Uint8Array> {
  let open: ((header: Uint8Array, sealed: Uint8Array) => Uint8Array) | undefined;
  for (const rest = new Reader(wire); !rest.atEnd; ) {
    const header = rest.take(5);
    const fragment = rest.take((byteAt(header, 3) << 8) | byteAt(header, 4));
    if (header[0] === RECORD.handshake) {
      yield fragment;
    } else if (header[0] === RECORD.applicationData) {
      const suite = SUITES[hello()?.suite ?? 0];
      if (suite === undefined || secret === undefined) return;
      open ??= recordOpener(suite, secret);
      const { type, content } = innerPlaintext(open(header, fragment));
      if (type === RECORD.handshake) yield content;
    }
  }
}

/** Messages may span records and share them (RFC 8446, 5.1). */
function* messages(fragments: Iterable<Uint8Array>): Generator<{ type: number; body: Uint8Array }> {
  let pending: Uint8Array = new Uint8Array();
  for (const fragment of fragments) {
    pending = pending.length === 0 ? fragment : Buffer.concat([pending, fragment]);
    for (;;) {
      if (pending.length < 4) break;
      const length = (byteAt(pending, 1) << 16) | (byteAt(pending, 2) << 8) | byteAt(pending, 3);
      if (pending.length < 4 + length) break;
      yield { type: byteAt(pending, 0), body: pending.subarray(4, 4 + length) };
      pending = pending.subarray(4 + length);
    }
  }
}

/** RFC 8446, 5.2 and 5.3: nonce = IV xor sequence number, additional data = record header. */
function recordOpener(
  suite: Suite,
  secret: Uint8Array,
): (header: Uint8Array, sealed: Uint8Array) => Uint8Array {
  const key = expandLabel(suite.hash, secret, 'key', suite.keyBytes);
  const iv = expandLabel(suite.hash, secret, 'iv', 12);
  let sequence = 0;
  return (header, sealed) => {
    if (sealed.length < 17) throw new Malformed();
    const nonce = Buffer.from(iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence++) >>> 0, 8);
    const decipher = suite.decipher(key, nonce);
    decipher.setAAD(header);
    decipher.setAuthTag(sealed.subarray(-16));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
    } catch {
      throw new Malformed();
    }
  };
}

/** HKDF-Expand-Label of RFC 8446, 7.1, with an empty context and at most one block of output. */
function expandLabel(hash: string, secret: Uint8Array, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}

/** RFC 8446, 5.2: content, its type, zeros. */
function innerPlaintext(plain: Uint8Array): { type: number; content: Uint8Array } {
  let end = plain.length - 1;
  while (end >= 0 && plain[end] === 0) end--;
  if (end < 0) throw new Malformed();
  return { type: byteAt(plain, end), content: plain.subarray(0, end) };
}

function readServerHello(body: Uint8Array): ServerHello {
  const reader = new Reader(body);
  const version = reader.number(2);
  reader.take(32);
  reader.vector(1);
  const suite = reader.number(2);
  reader.take(1);
  const tls13 = !reader.atEnd && extensions(reader).some(({ type }) => type === SUPPORTED_VERSIONS);
  return { version, suite, tls13 };
}

/** RFC 8446, 4.4.2; RFC 5246, 7.4.2. */
function readCertificates(body: Uint8Array, tls13: boolean): Uint8Array[] {
  const reader = new Reader(body);
  if (tls13) reader.vector(1);
  const certificates: Uint8Array[] = [];
  for (const list = new Reader(reader.vector(3)); !list.atEnd; ) {
    certificates.push(Uint8Array.from(list.vector(3)));
    if (tls13) list.vector(2);
  }
  return certificates;
}

/** RFC 8446, 4.3.2 and 4.2.4; RFC 5246, 7.4.4. A request without a list accepts any authority. */
function readAuthorities(body: Uint8Array, tls13: boolean): Uint8Array[] {
  const reader = new Reader(body);
  reader.vector(1);
  if (!tls13) {
    reader.vector(2);
    return names(reader.vector(2));
  }
  const extension = extensions(reader).find(({ type }) => type === CERTIFICATE_AUTHORITIES);
  return extension === undefined ? [] : names(new Reader(extension.data).vector(2));
}

function names(list: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const reader = new Reader(list); !reader.atEnd; ) found.push(Uint8Array.from(reader.vector(2)));
  return found;
}

function extensions(reader: Reader): { type: number; data: Uint8Array }[] {
  const found: { type: number; data: Uint8Array }[] = [];
  for (const list = new Reader(reader.vector(2)); !list.atEnd; ) {
    found.push({ type: list.number(2), data: list.vector(2) });
  }
  return found;
}

function byteAt(bytes: Uint8Array, index: number): number {
  const byte = bytes[index];
  if (byte === undefined) throw new Malformed();
  return byte;
}

/** The presentation language of TLS (RFC 8446, 3): big-endian numbers and length-prefixed vectors. */
class Reader {
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
    return this.take(bytes).reduce((sum, byte) => sum * 256 + byte, 0);
  }

  vector(lengthBytes: number): Uint8Array {
    return this.take(this.number(lengthBytes));
  }
}
