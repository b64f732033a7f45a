import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answer, type World } from './answer.ts';
import type { Component } from './component.ts';
import { failureStatus, type TwinResponse } from './http-values.ts';
import type { Secured } from './tls-connection.ts';

/** apiserver server/config.go, MaxRequestBodyBytes. */
const BODY_LIMIT = 3 * 1024 * 1024;

/** HTTP over sockets that are handed to it: no port of its own. */
export class HttpSide {
  readonly #server: Server;
  readonly #world: World;
  readonly #patience: number;
  readonly #clients = new WeakMap<Socket, { readonly component: Component; readonly secured: Secured }>();

  readonly #refused = new WeakSet<Socket>();

  constructor(world: World, patience: number) {
    this.#world = world;
    this.#patience = patience;
    this.#server = createServer({ keepAliveTimeout: 0 }, (request, response) =>
      this.#take(request, response),
    );
    this.#server.on('clientError', (error: Error, socket: Socket) => this.#refuse(error, socket));
  }

  /** What is no HTTP; called again for each piece that still arrives. */
  #refuse(error: Error, socket: Socket): void {
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    const tooLong = 'code' in error && error.code === 'HPE_HEADER_OVERFLOW';
    const line = tooLong ? '431 Request Header Fields Too Large' : '400 Bad Request';
    // As Go's closeWriteAndWait: with bytes unread, closing at once would be a reset that overtakes the answer.
    if (!socket.writable) socket.destroy();
    else socket.end(`HTTP/1.1 ${line}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${line}`);
  }

  serve(component: Component, secured: Secured): void {
    const { socket } = secured;
    this.#clients.set(socket, { component, secured });
    this.#expectRequest(socket);
    this.#server.emit('connection', socket);
  }

  /** Node checks its time limits only on servers that listen: the next request is awaited here. */
  #expectRequest(socket: Socket): void {
    const timer = setTimeout(() => socket.destroy(), this.#patience);
    const stop = (): void => clearTimeout(timer);
    socket.once('close', stop);
    socket.once('kubetls:request', () => {
      stop();
      socket.off('close', stop);
    });
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const client = this.#clients.get(socket);
    if (client === undefined) return void socket.destroy();
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_LIMIT) chunks.push(chunk);
    });
    request.on('error', () => socket.destroy());
    request.on('end', () => {
      socket.emit('kubetls:request');
      const body = Buffer.concat(chunks);
      const given =
        size > BODY_LIMIT
          ? tooLarge()
          : answer(client.component, client.secured.presented, { ...partsOf(request), body }, this.#world);
      this.#send(response, given, socket, request.method === 'HEAD');
    });
  }

  #send(response: ServerResponse, { status, type, body }: TwinResponse, socket: Socket, head: boolean): void {
    response.on('finish', () => {
      if (!socket.destroyed) this.#expectRequest(socket);
    });
    const headers = {
      'Content-Type': type,
      'Content-Length': Buffer.byteLength(body),
      'Cache-Control': 'no-cache, private',
    };
    response.writeHead(status, headers).end(head ? undefined : body);
  }
}

function partsOf(request: IncomingMessage): {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headersDistinct'];
} {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s, 2);
  const { method = 'GET', headersDistinct: headers } = request;
  return { method, path, query: new URLSearchParams(query), headers };
}

function tooLarge(): TwinResponse {
  return failureStatus(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${BODY_LIMIT}`);
}
