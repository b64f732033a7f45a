import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A handshake's bytes that we keep: a chain of ten RSA-4096 certificates and 1,000 authorities fit. */
const KEEP = 256 * 1024;

/**
 * A TCP connection that remembers what the server sent first, as it was on the wire.
 *
 * A failure below TLS ends the stream and is kept in `failure`, but does not destroy it: an alert that came
 * just before a reset is still read.
 */
export class Tap extends Duplex {
  readonly #socket: Socket;
  readonly #kept: Buffer[] = [];
  #room = KEEP;
  failure: Error | undefined;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (this.#room > 0) this.#kept.push(chunk);
      this.#room -= chunk.length;
      if (!this.push(chunk)) socket.pause();
    });
    socket.on('error', (error) => (this.failure ??= error));
    let ended = false;
    const end = (): void => {
      if (!ended) this.push(null);
      ended = true;
    };
    socket.on('end', end);
    socket.on('close', end);
  }

  /** The first bytes that were received, up to `KEEP`. */
  received(): Buffer {
    return Buffer.concat(this.#kept);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#send(chunk, done);
  }

  /** OpenSSL writes a flight in pieces: one packet for all of them. */
  override _writev(pieces: { chunk: Buffer; encoding: BufferEncoding }[], done: () => void): void {
    this.#send(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  }

  #send(bytes: Buffer, done: () => void): void {
    this.#socket.write(bytes, (error) => {
      if (error) this.failure ??= error;
      done();
    });
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
