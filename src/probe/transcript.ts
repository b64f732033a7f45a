import { Malformed, TlsReader } from './tls-reader.ts';
import { handshakeMessages } from './tls-records.ts';

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

const MESSAGE = { serverHello: 2, certificate: 11, certificateRequest: 13, serverHelloDone: 14 };
const SUPPORTED_VERSIONS = 43;
const CERTIFICATE_AUTHORITIES = 47;

/**
 * @param wire all that the server sent up to the end of the handshake
 * @param secret the line's last field of SERVER_HANDSHAKE_TRAFFIC_SECRET; undefined before TLS 1.3. Without
 * it what TLS 1.3 encrypts stays unseen, though something was sent.
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

function collect(
  wire: Uint8Array,
  secret: Uint8Array | undefined,
  seen: { -readonly [Key in keyof Transcript]: Transcript[Key] },
): void {
  let hello: ServerHello | undefined;
  for (const { type, body } of handshakeMessages(wire, () => hello?.suite, secret)) {
    if (type === MESSAGE.serverHello) {
      hello = readServerHello(body);
      seen.protocol = hello.tls13 ? 'TLSv1.3' : VERSIONS[hello.version];
    } else if (type === MESSAGE.certificate) {
      seen.certificates = readCertificates(body, hello?.tls13 === true);
      // Nothing of interest follows, and opening it costs (RFC 8446, 4.4: the request comes first).
      if (hello?.tls13 === true) return;
    } else if (type === MESSAGE.certificateRequest) {
      seen.authorities = readAuthorities(body, hello?.tls13 === true);
    } else if (type === MESSAGE.serverHelloDone) {
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

function readServerHello(body: Uint8Array): ServerHello {
  const reader = new TlsReader(body);
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
  const reader = new TlsReader(body);
  if (tls13) reader.vector(1);
  const certificates: Uint8Array[] = [];
  for (const list = new TlsReader(reader.vector(3)); !list.atEnd; ) {
    certificates.push(new Uint8Array(list.vector(3)));
    if (tls13) list.vector(2);
  }
  return certificates;
}

/** RFC 8446, 4.3.2 and 4.2.4; RFC 5246, 7.4.4. A request without a list accepts any authority. */
function readAuthorities(body: Uint8Array, tls13: boolean): Uint8Array[] {
  const reader = new TlsReader(body);
  reader.vector(1);
  if (!tls13) {
    reader.vector(2);
    return names(reader.vector(2));
  }
  const extension = extensions(reader).find(({ type }) => type === CERTIFICATE_AUTHORITIES);
  return extension === undefined ? [] : names(new TlsReader(extension.data).vector(2));
}

function names(list: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const reader = new TlsReader(list); !reader.atEnd; ) found.push(new Uint8Array(reader.vector(2)));
  return found;
}

function extensions(reader: TlsReader): { type: number; data: Uint8Array }[] {
  const found: { type: number; data: Uint8Array }[] = [];
  for (const list = new TlsReader(reader.vector(2)); !list.atEnd; ) {
    found.push({ type: list.number(2), data: list.vector(2) });
  }
  return found;
}
