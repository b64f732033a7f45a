import { type Failure, KubetlsError } from '../base/index.ts';
import type { Cluster, Endpoint } from '../cluster/index.ts';
import { Component, type Surroundings } from './component.ts';
import { HttpSide } from './http-side.ts';
import { type Leading, ownFilesOf } from './in-memory.ts';
import { HOST, Listener } from './listener.ts';
import type { Address, Patience, Twin, TwinCode, TwinLogLine, TwinOptions } from './types.ts';
import { worldOf } from './world.ts';

/** etcd's tlsHandshakeTimeout, and ReadHeaderTimeout of apiserver server/secure_serving.go. */
const PATIENCE: Patience = { handshake: 10_000, request: 32_000 };
/** Log lines that are kept. */
const LOG_LIMIT = 1_000;

/**
 * One TLS server on 127.0.0.1 for each endpoint of the cluster, each with the files of its component in
 * `stateDir`. A component that would not start with its files is `down`, and the others run.
 *
 * @throws KubetlsError `twin/port-in-use`; nothing is left running then
 */
export async function startTwin(cluster: Cluster, stateDir: string, options: TwinOptions): Promise<Twin> {
  const twin = new RunningTwin(cluster, stateDir, options);
  await twin.start(options.ports ?? (() => 0));
  return twin;
}

/** The first that runs. */
function leadingOf(listeners: readonly Listener[]): Leading | undefined {
  const leader = listeners.find(
    ({ endpoint, component }) => endpoint.component === 'kube-controller-manager' && component,
  )?.component;
  return leader && { node: leader.endpoint.node, since: leader.started, published: leader.published?.get() };
}

class RunningTwin implements Twin {
  readonly log: TwinLogLine[] = [];
  readonly #listeners: ReadonlyMap<string, Listener>;

  constructor(cluster: Cluster, stateDir: string, options: TwinOptions) {
    const patience = { ...PATIENCE, ...options.patience };
    const leading = (): Leading | undefined => leadingOf([...this.#listeners.values()]);
    const http = new HttpSide(worldOf(cluster, options.clock.now(), leading), patience.request);
    const around: Omit<Surroundings, 'log'> = {
      stateDir,
      clock: options.clock,
      keys: options.keys,
      kubernetesMinor: cluster.spec.kubernetes.minor,
      ownFiles: ownFilesOf(cluster),
      peers: new Set(
        cluster.spec.nodes.flatMap(({ name, roles, addresses }) =>
          roles.includes('etcd') ? [name, ...addresses] : [],
        ),
      ),
    };
    const say = (line: TwinLogLine): void => {
      if (this.log.length >= LOG_LIMIT) this.log.shift();
      this.log.push(line);
      options.log?.(line);
    };
    this.#listeners = new Map(
      cluster.endpoints.map((endpoint) => {
        const log = (text: string): void => say({ endpoint: endpoint.id, text });
        const start = (): Component => new Component(endpoint, { ...around, log });
        return [endpoint.id, new Listener(endpoint, start, http, patience.handshake)];
      }),
    );
  }

  async start(ports: (endpoint: Endpoint) => number): Promise<void> {
    const started = [...this.#listeners.values()].map((listener) => listener.start(ports(listener.endpoint)));
    const results = await Promise.allSettled(started);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed === undefined) return;
    await this.close();
    throw failed.reason;
  }

  address(endpointId: string): Address {
    return { host: HOST, port: this.#listener(endpointId).port };
  }

  down(): ReadonlyMap<string, Failure> {
    const down = new Map<string, Failure>();
    for (const [id, { failure }] of this.#listeners) if (failure) down.set(id, failure);
    return down;
  }

  async restart(endpointId: string): Promise<void> {
    const listener = this.#listener(endpointId);
    await listener.stop();
    await listener.start(listener.port);
    if (listener.failure) throw new KubetlsError(listener.failure);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listeners.values()].map((listener) => listener.stop()));
  }

  #listener(endpointId: string): Listener {
    const listener = this.#listeners.get(endpointId);
    if (listener === undefined) {
      throw new KubetlsError<TwinCode>({
        code: 'twin/unknown-endpoint',
        message: `the cluster has no endpoint ${endpointId}`,
      });
    }
    return listener;
  }
}
