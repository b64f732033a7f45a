import { createServer, type Server, type Socket } from 'node:net';
import { type Failure, KubetlsError } from '../base/index.ts';
import type { Endpoint } from '../cluster/index.ts';
import type { Component } from './component.ts';
import type { HttpSide } from './http-side.ts';
import { secure } from './tls-connection.ts';
import type { TwinCode } from './types.ts';

export const HOST = '127.0.0.1';

/** One port; while its component is down nobody listens there. */
export class Listener {
  readonly endpoint: Endpoint;
  readonly #makeComponent: () => Component;
  readonly #http: HttpSide;
  readonly #patience: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  port = 0;
  /** undefined: it does not run. */
  component: Component | undefined;
  failure: Failure | undefined;

  constructor(endpoint: Endpoint, makeComponent: () => Component, http: HttpSide, patience: number) {
    this.endpoint = endpoint;
    this.#makeComponent = makeComponent;
    this.#http = http;
    this.#patience = patience;
  }

  async start(port: number): Promise<void> {
    const component = this.#tryComponent();
    this.component = component;
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      if (component === undefined) socket.destroy();
      else secure(socket, component, this.#patience, (secured) => this.#http.serve(component, secured));
    });
    this.#server = server;
    this.port = await listen(server, port, this.endpoint);
    // The address is known; a component that did not start does not listen on it.
    if (component === undefined) await this.stop();
  }

  #tryComponent(): Component | undefined {
    try {
      this.failure = undefined;
      return this.#makeComponent();
    } catch (error) {
      if (!(error instanceof KubetlsError)) throw error;
      this.failure = error;
      return undefined;
    }
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.component = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server?.listening) await new Promise((resolve) => server.close(resolve));
  }
}

function listen(server: Server, port: number, endpoint: Endpoint): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const inUse = 'code' in error && error.code === 'EADDRINUSE';
      if (!inUse) return reject(error);
      reject(
        new KubetlsError<TwinCode>({
          code: 'twin/port-in-use',
          message: `port ${port}, wanted for ${endpoint.id}, is in use on ${HOST}`,
          hint: `end what listens there (ss -ltnp 'sport = :${port}'), or choose another port`,
        }),
      );
    });
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
