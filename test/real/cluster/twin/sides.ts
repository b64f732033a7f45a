// The real components of a cluster and their twins, on the same files, dialled in the same way.
import { request } from 'node:https';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { systemKeys } from '../../../../src/apply/index.ts';
import { Secret } from '../../../../src/base/index.ts';
import { probe, type ProbeResult } from '../../../../src/probe/index.ts';
import { startTwin, type Twin } from '../../../../src/twin/index.ts';
import { type Forward, forwardTo } from '../forward.ts';
import type { RealCluster } from '../real-cluster.ts';
import { until } from '../until.ts';

/** PEM. */
export interface Pair {
  readonly cert: Uint8Array;
  readonly key: Uint8Array;
}

export interface Side {
  readonly name: 'real' | 'twin';
  /** On 127.0.0.1. */
  port(endpoint: string): number;
  /** Starts the component anew on its files. */
  restart(endpoint: string): Promise<void>;
  /** All that the component has logged. */
  log(endpoint: string): string;
}

export interface Sides {
  readonly real: Side;
  readonly twin: Side;
  close(): Promise<void>;
}

const LIMIT = 10_000; // milliseconds without a word

export async function sidesOf(cluster: RealCluster): Promise<Sides> {
  const { tree, namespace } = cluster;
  const { endpoints } = tree.cluster();
  const forwards = new Map<string, Forward>();
  for (const { id, address } of endpoints) forwards.set(id, await forwardTo(namespace.door, address));
  const options = { clock: { now: Date.now }, keys: systemKeys() };
  const twin = await startTwin(tree.cluster(), tree.state, options);
  const real: Side = {
    name: 'real',
    port: (endpoint) => forwards.get(endpoint)?.port ?? 0,
    async restart(endpoint) {
      await cluster.component(endpoint).restart();
      // A kubelet is healthy before it listens.
      const listens = () =>
        handshake(real, endpoint).then(
          (socket) => socket.destroy().destroyed,
          () => false,
        );
      await until(`${endpoint} listens`, listens);
    },
    log: (endpoint) => cluster.component(endpoint).log(),
  };
  return {
    real,
    twin: twinSide(twin),
    async close() {
      await twin.close();
      for (const forward of forwards.values()) forward.close();
    },
  };
}

function twinSide(twin: Twin): Side {
  return {
    name: 'twin',
    port: (endpoint) => twin.address(endpoint).port,
    restart: (endpoint) => twin.restart(endpoint),
    log: (endpoint) => twin.log.flatMap((line) => (line.endpoint === endpoint ? line.text : [])).join('\n'),
  };
}

const bare = (port: number, pair: Pair | undefined) => ({
  host: '127.0.0.1',
  port,
  rejectUnauthorized: false,
  ...(pair && { cert: Buffer.from(pair.cert), key: Buffer.from(pair.key) }),
});

/** After the handshake. */
export function handshake(
  side: Side,
  endpoint: string,
  pair?: Pair,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...bare(side.port(endpoint), pair), ...options });
    socket.once('error', reject).once('secureConnect', () => resolve(socket));
  });
}

export interface Answer {
  readonly status: number;
  /** What had come when it was over, or when `until` said so. */
  readonly body: string;
  readonly ended: boolean;
}

/** On a connection of its own. */
export function ask(
  side: Side,
  endpoint: string,
  path: string,
  pair?: Pair,
  { method = 'GET', body = '', headers: more = {}, until: isEnough = () => false }: Asking = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ...more, ...(body === '' ? {} : { 'content-type': 'application/json' }) };
    const asked = request(
      { ...bare(side.port(endpoint), pair), path, method, headers, agent: false },
      (answer) => {
        let text = '';
        const done = (ended: boolean) => {
          resolve({ status: answer.statusCode ?? 0, body: text, ended });
          asked.destroy();
        };
        answer
          .setEncoding('utf8')
          .once('end', () => done(true))
          .once('error', reject);
        answer.on('data', (chunk: string) => {
          text += chunk;
          if (isEnough(text)) done(false);
        });
      },
    );
    asked.setTimeout(LIMIT, () =>
      asked.destroy(new Error(`${side.name} ${endpoint} does not answer ${path}`)),
    );
    asked.once('error', reject).end(body);
  });
}

interface Asking {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly until?: (text: string) => boolean;
}

/** With the authorities that the server asks client certificates of. */
export function look(side: Side, endpoint: string, pair: Pair): Promise<ProbeResult> {
  const credential = { certificate: pair.cert, key: new Secret(pair.key) };
  const plain = { method: 'GET', path: '/healthz', headers: {}, body: undefined } as const;
  return probe({ host: '127.0.0.1', port: side.port(endpoint), request: plain }, credential, {
    timeout: 5_000,
  });
}
