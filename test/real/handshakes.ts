// Fresh handshakes with a real server, one after another, for as long as something is changed under it.
import { request } from 'node:https';
import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

/** PEM. */
export interface HandshakeClient {
  cert: Buffer;
  key: Buffer;
  ca: Buffer;
}

export interface Handshakes {
  /** Those that ended with an answer of 200. */
  done: number;
  /** In Node's words. */
  failures: string[];
  /** Serial numbers of the server's certificates, hex, in the order in which they were first seen. */
  serials: string[];
}

/**
 * Dials `url` until `work` is over, each time anew and without resumption, two at a time. `tunnel`: makes the
 * connection under TLS, where the address is not of this machine's network.
 */
export async function handshakesDuring(
  url: string,
  client: HandshakeClient,
  work: (soFar: Handshakes) => Promise<void>,
  tunnel?: () => Promise<Socket>,
): Promise<Handshakes> {
  const seen: Handshakes = { done: 0, failures: [], serials: [] };
  const over = new AbortController();
  const lane = async () => {
    while (!over.signal.aborted) {
      const serial = await handshake(url, client, await tunnel?.()).catch((error: Error) => {
        seen.failures.push(error.message);
        return undefined;
      });
      if (serial === undefined) continue;
      seen.done++;
      if (!seen.serials.includes(serial)) seen.serials.push(serial);
    }
  };
  const all = Promise.all([lane(), lane()]);
  try {
    await work(seen);
  } finally {
    over.abort();
    await all;
  }
  return seen;
}

/** Resolves with the server's serial number once it has answered: only then has it taken our certificate. */
function handshake(url: string, client: HandshakeClient, socket?: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let serial = '';
    // An agent of its own: no socket and no session is used again.
    const own = socket
      ? { createConnection: () => connect({ ...client, socket, host: new URL(url).hostname }) }
      : { agent: false as const };
    const dialled = request(url, { ...client, ...own, timeout: 5_000 }, (answer) => {
      answer.resume().once('end', () => {
        if (answer.statusCode === 200) resolve(serial);
        else reject(new Error(`status ${answer.statusCode}`));
      });
    });
    dialled.once('socket', (socket) => {
      socket.once('secureConnect', () => {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- https gives no other socket
        serial = (socket as TLSSocket).getPeerCertificate().serialNumber;
      });
    });
    dialled.once('timeout', () => dialled.destroy(new Error('no answer within 5 seconds')));
    dialled.once('error', reject).end();
  });
}
