import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * A server's TCP connection whose last flight of the handshake waits for our verdict on the client's
 * certificate.
 *
 * Go verifies the certificate inside the handshake and answers a bad one with an alert of its choice. Node
 * can do neither: it asks our code when OpenSSL has finished. So what OpenSSL writes after it has the
 * client's certificate is held back here, and is either let go or dropped for an alert: what is on the wire
 * is then what a Go server would have sent.
 */
export class GatedStream extends Duplex {
  readonly #socket: Socket;
  #held: Buffer[] | undefined;
  #holdAtNextRead = false;
  #verdict = false;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      if (this.#holdAtNextRead) this.hold();
      if (!this.push(chunk)) socket.pause();
    });
    let ended = false;
    const end = (): void => {
      if (!ended) this.push(null);
      ended = true;
    };
    socket.on('end', end);
    socket.on('error', end);
    socket.on('close', () => this.destroy());
  }

  /** From now on nothing is written before `release` or `dropFor`; after these it does nothing. */
  hold(): void {
    if (!this.#verdict) this.#held ??= [];
  }

  /** As `hold`, but what is still to be written of the current flight goes out. */
  holdAtNextRead(): void {
    this.#holdAtNextRead = true;
  }

  release(): void {
    this.#verdict = true;
    for (const chunk of this.#held ?? []) this.#socket.write(chunk);
    this.#held = undefined;
  }

  /** Sends this instead of all that was held back, and ends. */
  dropFor(record: Uint8Array): void {
    this.#verdict = true;
    this.#held = [];
    // Reading on keeps the kernel from answering unread bytes with a reset that would overtake the alert.
    this.#socket.resume();
    this.#socket.end(record);
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
    if (this.#held) {
      this.#held.push(bytes);
      done();
    } else {
      this.#socket.write(bytes, () => done());
    }
  }

  override _final(done: () => void): void {
    if (this.#held === undefined) this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#held === undefined) this.#socket.destroy();
    done(error);
  }
}
