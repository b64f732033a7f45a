import { createDecipheriv, createHmac, type DecipherGCM } from 'node:crypto';
import { asBuffer } from '../base/index.ts';
import { byteAt, Malformed, TlsReader } from './tls-reader.ts';

const RECORD = { handshake: 22, applicationData: 23 };
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
 * The messages of a server's handshake, from the bytes of its connection.
 *
 * @param suite the cipher suite by number, once a ServerHello was read
 * @param secret SERVER_HANDSHAKE_TRAFFIC_SECRET; without it TLS 1.3 ends at the ServerHello
 * @throws Malformed when the bytes end or make no sense
 */
export function handshakeMessages(
  wire: Uint8Array,
  suite: () => number | undefined,
  secret: Uint8Array | undefined,
): Generator<{ type: number; body: Uint8Array }> {
  return messages(handshakeBytes(wire, suite, secret));
}

function* handshakeBytes(
  wire: Uint8Array,
  suite: () => number | undefined,
  secret: Uint8Array | undefined,
): Generator<Uint8Array> {
  let open: ((header: Uint8Array, sealed: Uint8Array) => Uint8Array) | undefined;
  for (const rest = new TlsReader(wire); !rest.atEnd; ) {
    const header = rest.take(5);
    const fragment = rest.take((byteAt(header, 3) << 8) | byteAt(header, 4));
    if (header[0] === RECORD.handshake) {
      yield fragment;
    } else if (header[0] === RECORD.applicationData) {
      const known = SUITES[suite() ?? 0];
      if (known === undefined || secret === undefined) return;
      open ??= recordOpener(known, secret);
      const { type, content } = innerPlaintext(open(header, fragment));
      if (type === RECORD.handshake) yield content;
    }
  }
}

/** Messages may span records and share them (RFC 8446, 5.1). Pieces are joined once a message is whole. */
function* messages(fragments: Iterable<Uint8Array>): Generator<{ type: number; body: Uint8Array }> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let wanted = HEADER;
  for (const fragment of fragments) {
    pieces.push(fragment);
    size += fragment.length;
    while (size >= wanted) {
      // What is in one piece is not copied again for each message in it.
      const joined = pieces.length === 1 ? asBuffer(pieces[0]!) : Buffer.concat(pieces);
      const end = HEADER + ((byteAt(joined, 1) << 16) | (byteAt(joined, 2) << 8) | byteAt(joined, 3));
      const whole = size >= end;
      if (whole) yield { type: byteAt(joined, 0), body: joined.subarray(HEADER, end) };
      pieces.splice(0, pieces.length, whole ? joined.subarray(end) : joined);
      size -= whole ? end : 0;
      wanted = whole ? HEADER : end;
    }
  }
}

/** Type and length of a handshake message. */
const HEADER = 4;

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
