import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { KubetlsError } from '../base/index.ts';
import { ALERT, alertText, parseRefusal } from '../verify/index.ts';
import { type Certificate, parseCertificate } from '../x509/index.ts';
import { plainAlert, sealedAlert } from './alert-record.ts';
import type { Refusal } from './client-verdict.ts';
import type { Component } from './component.ts';
import { GatedStream } from './gated-stream.ts';
import { etcdRejected } from './logs.ts';

/** Go's net/http, to a client that forgot TLS (server.go, badRequestError of the handshake). */
const NOT_TLS = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n';
const HTTP_REQUEST = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /;

/** A client that has passed the handshake, and what it presented, leaf first. */
export interface Secured {
  readonly socket: TLSSocket;
  readonly presented: readonly Certificate[];
}

/**
 * The server's side of one handshake, with the component's files as they are now.
 *
 * @param onSecured called at most once; a connection that fails is logged and ended here
 */
export function secure(
  raw: Socket,
  component: Component,
  patience: number,
  onSecured: (secured: Secured) => void,
): void {
  const remote = `${raw.remoteAddress ?? ''}:${raw.remotePort ?? 0}`;
  const timer = setTimeout(() => raw.destroy(), patience);
  raw.on('error', () => {}).on('close', () => clearTimeout(timer));
  let context: SecureContext;
  try {
    context = component.secureContext();
  } catch (error) {
    if (!(error instanceof KubetlsError)) throw error;
    // Go looks for its certificate when it has read the ClientHello, and has nothing to answer it with.
    raw.once('data', () => raw.end(plainAlert(ALERT.internalError)));
    logRefused(component, remote, error.message);
    return;
  }
  const gate = new GatedStream(raw);
  raw.once('data', (chunk: Buffer) => {
    if (!HTTP_REQUEST.test(chunk.toString('latin1', 0, 8))) return;
    gate.dropFor(Buffer.from(NOT_TLS));
    logRefused(component, remote, 'client sent an HTTP request to an HTTPS server');
  });
  const handshake = new Handshake(gate, context, component, remote, (secured) => {
    clearTimeout(timer);
    onSecured(secured);
  });
  handshake.start();
}

class Handshake {
  readonly #gate: GatedStream;
  readonly #socket: TLSSocket;
  readonly #component: Component;
  readonly #remote: string;
  readonly #onSecured: (secured: Secured) => void;
  #secret: Buffer | undefined;
  #settled = false;

  constructor(
    gate: GatedStream,
    secureContext: SecureContext,
    component: Component,
    remote: string,
    onSecured: (secured: Secured) => void,
  ) {
    this.#gate = gate;
    this.#component = component;
    this.#remote = remote;
    this.#onSecured = onSecured;
    // The verdict on the client is Go's, by our own verifier: OpenSSL's is neither asked for nor looked at.
    this.#socket = new TLSSocket(gate, {
      isServer: true,
      secureContext,
      requestCert: true,
      rejectUnauthorized: false,
    });
  }

  start(): void {
    const failed = (error: Error): void => this.#failed(error);
    this.#gate.on('error', failed);
    this.#socket
      .on('keylog', (line: Buffer) => this.#keyed(line.toString('latin1')))
      .on('secure', () => this.#judge())
      .on('error', failed)
      .on('_tlsError', failed);
  }

  /** NSS key log lines mark the moments from which the server's last flight is to be held. */
  #keyed(line: string): void {
    const [label, , secret = ''] = line.trim().split(' ');
    if (label === 'CLIENT_RANDOM') this.#gate.hold();
    if (label === 'SERVER_TRAFFIC_SECRET_0') {
      this.#secret = Buffer.from(secret, 'hex');
      this.#gate.holdAtNextRead();
    }
  }

  #judge(): void {
    if (this.#settled) return;
    this.#settled = true;
    const { presented, refusal } = this.#verdict();
    if (refusal === undefined) {
      this.#gate.release();
      this.#onSecured({ socket: this.#socket, presented });
      return;
    }
    logRefused(this.#component, this.#remote, refusal.error);
    this.#refuse(refusal);
  }

  #verdict(): { presented: readonly Certificate[]; refusal: Refusal | undefined } {
    try {
      const presented = presentedOver(this.#socket);
      const [host = ''] = this.#remote.split(/:\d+$/);
      return { presented, refusal: this.#component.refusal(presented, this.#secret !== undefined, host) };
    } catch (error) {
      if (!(error instanceof KubetlsError)) throw error;
      const text = `tls: failed to parse client certificate: ${parseRefusal(error)}`;
      return { presented: [], refusal: { alert: ALERT.decodeError, error: text } };
    }
  }

  #refuse({ alert }: Refusal): void {
    if (alert === undefined) {
      this.#gate.release();
      this.#socket.end();
    } else if (this.#secret === undefined) {
      // TLS 1.2: nothing of ours is encrypted yet, ChangeCipherSpec is still held back.
      this.#gate.dropFor(plainAlert(alert));
    } else {
      this.#gate.dropFor(sealedAlert(alert, this.#socket.getCipher().standardName, this.#secret));
    }
  }

  #failed(error: Error): void {
    if (!this.#settled) {
      this.#settled = true;
      // What OpenSSL has to say (its own alert) goes out.
      this.#gate.release();
      logRefused(this.#component, this.#remote, goText(error));
    }
    this.#socket.destroy();
  }
}

function presentedOver(socket: TLSSocket): Certificate[] {
  const presented: Certificate[] = [];
  // On a server too, each leads to the next one in the order in which they came.
  for (let next = socket.getPeerX509Certificate(); next !== undefined; next = next.issuerCertificate) {
    presented.push(parseCertificate(next.raw));
  }
  return presented;
}

function goText(error: Error): string {
  const alert = /SSL alert number (\d+)/.exec(error.message)?.[1];
  if (alert !== undefined) return alertText(Number(alert));
  if (/wrong version number|http request|packet length|bad record type/.test(error.message)) {
    return 'tls: first record does not look like a TLS handshake';
  }
  return /hang up|disconnected|ECONNRESET/.test(error.message) ? 'EOF' : `tls: ${error.message.trim()}`;
}

function logRefused(component: Component, remote: string, error: string): void {
  const { endpoint } = component;
  if (endpoint.component !== 'etcd') return component.logHandshakeError(remote, error);
  const port = endpoint.port === 'peer' ? 'peer' : 'client';
  component.log(etcdRejected(component.now(), port, remote, error));
}
