import { Agent, request as send } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/index.ts';
import type { ResolvedClient } from '../kubeconfig/index.ts';
import { hostPort } from '../probe/index.ts';
import { identityHeaders, requireUsable } from './credentials.ts';
import { connectionFailure, type Dial, dialer } from './dial.ts';
import { failed, interrupted } from './errors.ts';
import type { ApiRequest, ApiResponse, Exchange, KubeError } from './types.ts';

/** Requests to one server, those without an end aside; a connection for each. */
const MOST_AT_ONCE = 8;

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly userAgent: string;
}

/**
 * Requests over HTTP/1.1 and TLS to the server of a kubeconfig's context.
 *
 * @throws KubeError `kube/authentication`, `kube/tls` for what the kubeconfig holds
 */
export function httpsExchange(client: ResolvedClient, { clock, userAgent }: ExchangeOptions): Exchange {
  requireUsable(client);
  const { host, port, path: prefix } = client.server;
  const agent = agentOver(dialer(client, clock));
  const headers = {
    Host: hostPort(host, port),
    'User-Agent': userAgent,
    Accept: 'application/json',
    ...identityHeaders(client),
  };
  const turn = turnstile(MOST_AT_ONCE);
  const once = (asked: ApiRequest, leave: () => void): Promise<ApiResponse> =>
    new Promise((resolve, reject) => {
      const { method, path, contentType, body, signal, patience } = asked;
      const content = {
        ...(contentType !== undefined && { 'Content-Type': contentType }),
        ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }),
      };
      const outgoing = send({
        agent,
        method,
        path: prefix + path,
        headers: { ...headers, ...content },
        timeout: patience,
        ...(signal && { signal }),
      });
      let late: KubeError | undefined;
      const told = (error: Error): KubeError => late ?? lostBecause(error, client, signal);
      outgoing.on('timeout', () =>
        outgoing.destroy((late = failed('kube/timeout', silent(client, patience)))),
      );
      outgoing.once('error', (error) => reject(told(error)));
      outgoing.once('close', leave);
      outgoing.once('response', (incoming) => resolve(responseOf(incoming, told)));
      outgoing.end(body);
    });
  const exchange = async (asked: ApiRequest): Promise<ApiResponse> => {
    const leave = asked.endless === true ? () => undefined : await turn(asked.signal);
    return once(asked, leave);
  };
  return Object.assign(exchange, { close: () => agent.destroy() });
}

/** So many at once; who comes later waits for one to leave. The agent does not count connections that are being made. */
function turnstile(most: number): (signal: AbortSignal | undefined) => Promise<() => void> {
  let inside = 0;
  const waiting = new Set<() => void>();
  const leave = (): void => {
    inside--;
    const [next] = waiting;
    if (!next) return;
    waiting.delete(next);
    next();
  };
  return (signal) =>
    new Promise((resolve, reject) => {
      const enter = (): void => {
        inside++;
        signal?.removeEventListener('abort', giveUp);
        resolve(leave);
      };
      const giveUp = (): void => {
        waiting.delete(enter);
        reject(interrupted());
      };
      if (inside < most) return enter();
      waiting.add(enter);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
}

function agentOver(dial: Dial): Agent {
  const agent = new Agent({ keepAlive: true });
  // Given back by the callback, so that no request is written before the server was verified.
  agent.createConnection = (_options, given) => {
    dial().then(
      (socket) => given?.(null, socket),
      (error: Error) => given?.(error, undefined as unknown as Duplex),
    );
    return undefined;
  };
  return agent;
}

function responseOf(incoming: IncomingMessage, told: (error: Error) => KubeError): ApiResponse {
  const retryAfter = Number(incoming.headers['retry-after']);
  return {
    status: incoming.statusCode ?? 0,
    retryAfter: Number.isInteger(retryAfter) && retryAfter >= 0 ? retryAfter : undefined,
    body: chunksOf(incoming, told),
  };
}

async function* chunksOf(
  incoming: IncomingMessage,
  told: (error: Error) => KubeError,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of incoming) yield chunk as Uint8Array;
  } catch (error) {
    throw told(error as Error);
  } finally {
    incoming.destroy();
  }
}

function lostBecause(error: Error, { server }: ResolvedClient, signal: AbortSignal | undefined): KubeError {
  if (signal?.aborted === true) return interrupted();
  if ('code' in error && typeof error.code === 'string' && error.code.startsWith('kube/')) {
    return error as KubeError;
  }
  return connectionFailure(error, server, true);
}

function silent({ server }: ResolvedClient, patience: number): string {
  return `${hostPort(server.host, server.port)}: no answer for ${patience / 1_000} s`;
}
