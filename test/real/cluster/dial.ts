// Connections into a cluster's namespace, from outside, through its door.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls';

/** PEM. Without `ca` the server is not verified. */
export type DialTls = Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'servername'>;

export interface Answer {
  status: number;
  body: string;
}

const LIMIT = 20_000; // milliseconds

/** A TCP connection to an address that only the namespace has. Rejects as a connection of one's own would. */
export function tunnel(door: string, host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const to = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
    const asked = httpRequest({ socketPath: door, method: 'CONNECT', path: to, timeout: LIMIT });
    asked.once('error', reject).once('timeout', () => asked.destroy(new Error(`${to} does not answer`)));
    asked.once('connect', (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`${to}: ${answer.statusMessage}`));
    });
    asked.end();
  });
}

/** GET, over TLS for https. Rejects when there is no connection or the handshake fails. */
export async function get(door: string, url: string, tls: DialTls = {}): Promise<Answer> {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = await tunnel(door, host, Number(port));
  const secure = protocol === 'https:';
  const connected = secure
    ? tlsConnect({ socket, host, rejectUnauthorized: tls.ca !== undefined, ...tls })
    : socket;
  return new Promise((resolve, reject) => {
    connected.once('error', reject);
    const request = secure ? httpsRequest : httpRequest;
    const asked = request(url, { createConnection: () => connected, timeout: LIMIT }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text));
      answer.once('error', reject).once('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.once('error', reject).once('timeout', () => asked.destroy(new Error(`${url} does not answer`)));
    asked.end();
  });
}

/** The status of a GET, undefined when there is no answer: for those who ask until there is one. */
export function statusOf(door: string, url: string, tls?: DialTls): Promise<number | undefined> {
  return get(door, url, tls).then(
    ({ status }) => status,
    () => undefined,
  );
}

/** Whether anybody is behind a door. */
export function isOpen(door: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = httpRequest({ socketPath: door, method: 'CONNECT', path: '127.0.0.1:1' });
    asked.once('error', () => resolve(false));
    asked.once('connect', (_, socket) => {
      socket.destroy();
      resolve(true);
    });
    asked.end();
  });
}
