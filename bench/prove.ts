/**
 * Proving a cluster of 1,000 edges, refusals included, against a bare loop of `tls.connect` that makes as
 * many handshakes with the same certificates, asks something small and waits for the answer. Both dial the
 * same bare TLS servers, one an endpoint, in a process of their own; each round of each is a fresh process.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createSecureContext, createServer, type SecureContext, type TLSSocket } from 'node:tls';
import { systemKeys, systemRandom } from '../src/apply/index.ts';
import { type Cluster, describeCluster, type Endpoint, parseSpec } from '../src/cluster/index.ts';
import { type Inventory, readInventory } from '../src/inventory/index.ts';
import { type ProofReport, prove } from '../src/prove/index.ts';
import { directoryStore } from '../src/stores/index.ts';
import { credentialOf } from '../src/trust/index.ts';
import { clusterFile } from './support/clusters.ts';
import { bin, measured } from './support/programs.ts';
import { type Cost, costText, inTurns, medianOf, medianRatio } from './support/rounds.ts';
import type { Row } from './support/row.ts';

/** Three edges a worker, 13 of the control plane. */
const WORKERS = 329;
const CONCURRENCY = 32;
const ROUNDS = 9;

type Ports = Readonly<Record<string, number>>;

export const roles = {
  serve: (directory: string) => serve(directory),
  prove: async (directory: string) => timed(directory, await proving(directory)),
  bare: async (directory: string) => timed(directory, dialling(directory)),
};

export async function bench(): Promise<Row[]> {
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-bench-'));
  let server: ChildProcess | undefined;
  try {
    const file = join(directory, 'kubetls.yaml');
    writeFileSync(file, clusterFile({ profile: 'flat', workers: WORKERS }));
    measured(process.execPath, [bin, 'apply', '-y', '-f', file, '--state', join(directory, 'state')]);
    server = fork(process.argv[1] ?? '', ['serve', directory]);
    const ports = await new Promise<unknown>((resolve) => server?.once('message', resolve));
    writeFileSync(join(directory, 'ports.json'), JSON.stringify(ports));
    const report = await (await proving(directory))();
    writeFileSync(join(directory, 'jobs.json'), JSON.stringify(await jobsOf(directory, report)));
    return [await row(directory, report)];
  } finally {
    server?.disconnect();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function row(directory: string, { edges, refusals }: ProofReport): Promise<Row> {
  const inRole = (role: string) => (): Cost => {
    measured(process.execPath, [process.argv[1] ?? '', role, directory]);
    return JSON.parse(readFileSync(join(directory, 'cost.json'), 'utf8')) as Cost;
  };
  const { kubetls, bare } = await inTurns(ROUNDS, { bare: inRole('bare'), kubetls: inRole('prove') });
  return {
    name: 'prove: 1,000 edges and what must be refused',
    ratio: medianRatio(bare, kubetls, 'wall'),
    unit: 'of the speed of a bare tls.connect loop',
    detail: `${edges.length} edges and ${refusals.length} refusals, ${CONCURRENCY} at a time: ${costText(kubetls)} against ${costText(bare)}; ${medianRatio(bare, kubetls, 'cpu').toFixed(2)} by processor time; ${medianOf(kubetls, 'memory').toFixed(0)} MiB`,
    atLeast: 0.7,
  };
}

/** Without the start of the process, and what is to be read. */
async function timed(directory: string, work: () => Promise<unknown>): Promise<void> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  const memory = process.resourceUsage().maxRSS / 1_024;
  const cost: Cost = { wall: performance.now() - start, cpu: (user + system) / 1_000, memory };
  writeFileSync(join(directory, 'cost.json'), JSON.stringify(cost));
}

function clusterIn(directory: string): Cluster {
  return describeCluster(parseSpec(readFileSync(join(directory, 'kubetls.yaml'), 'utf8'), 'kubetls.yaml'));
}

async function inventoryIn(directory: string): Promise<Inventory> {
  return readInventory(await directoryStore(join(directory, 'state')).read());
}

async function proving(directory: string): Promise<() => Promise<ProofReport>> {
  const ports = JSON.parse(readFileSync(join(directory, 'ports.json'), 'utf8')) as Ports;
  const { edges } = clusterIn(directory);
  const inventory = await inventoryIn(directory);
  return async () => {
    const report = await prove({
      edges,
      inventory,
      addressOf: ({ id }) => ({ host: '127.0.0.1', port: ports[id] ?? 0 }),
      clock: { now: Date.now },
      random: systemRandom(),
      keys: systemKeys(),
      timeout: 30_000,
      concurrency: CONCURRENCY,
    });
    // Whom a front proxy may speak for is more than bare servers know, so their refusals are not judged.
    const seen = report.refusals.every(({ observed }) => observed !== undefined);
    const whole = report.edges.every(({ observed }) => observed?.ok === true);
    if (!seen || !whole) throw new Error('the bare servers do not behave as the cluster should');
    return report;
  };
}

/** What the bare loop needs to know: PEM once a credential, and the handshakes to make. */
interface Jobs {
  readonly credentials: readonly { readonly cert: string; readonly key: string }[];
  readonly handshakes: readonly {
    readonly port: number;
    readonly servername: string;
    /** Undefined: no certificate is shown. */
    readonly credential?: number;
  }[];
}

async function jobsOf(directory: string, { edges, refusals }: ProofReport): Promise<Jobs> {
  const ports = JSON.parse(readFileSync(join(directory, 'ports.json'), 'utf8')) as Ports;
  const inventory = await inventoryIn(directory);
  const indexes = new Map<unknown, number>();
  const credentials: { cert: string; key: string }[] = [];
  const handshakes: Jobs['handshakes'][number][] = [];
  const add = (edge: (typeof edges)[number]['edge'], shows: boolean): void => {
    const material = shows ? credentialOf(edge, inventory) : undefined;
    const handshake = { port: ports[edge.endpoint.id] ?? 0, servername: edge.name };
    if (material?.kind !== 'material') {
      handshakes.push(handshake);
      return;
    }
    const index = indexes.get(material) ?? credentials.length;
    if (index === credentials.length) {
      const [cert, key] = [material.certificate, material.key.reveal()].map((pem) =>
        Buffer.from(pem).toString(),
      );
      credentials.push({ cert: cert ?? '', key: key ?? '' });
    }
    indexes.set(material, index);
    handshakes.push({ ...handshake, credential: index });
  };
  for (const { edge } of edges) add(edge, true);
  for (const { refusal, endpoint } of refusals) {
    const edge = edges.find((proof) => proof.edge.endpoint.id === endpoint.id)?.edge;
    if (edge) add(edge, refusal !== 'no-certificate');
  }
  return { credentials, handshakes };
}

function dialling(directory: string): () => Promise<void> {
  const jobs = JSON.parse(readFileSync(join(directory, 'jobs.json'), 'utf8')) as Jobs;
  return () => dialAll(jobs);
}

async function dialAll(jobs: Jobs): Promise<void> {
  const contexts = jobs.credentials.map((credential) => createSecureContext(credential));
  const none = createSecureContext();
  const left = jobs.handshakes.values();
  const worker = async (): Promise<void> => {
    for (const { port, servername, credential } of left) {
      await dial(port, servername, credential === undefined ? none : (contexts[credential] ?? none));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

/** Ends with the first bytes of an answer, or with the refusal. */
function dial(port: number, servername: string, secureContext: SecureContext): Promise<void> {
  return new Promise((resolve) => {
    const name = /^[\d.]+$/.test(servername) ? {} : { servername };
    const socket = connect({ host: '127.0.0.1', port, secureContext, rejectUnauthorized: false, ...name });
    const end = (): void => {
      socket.destroy();
      resolve();
    };
    socket
      .on('secureConnect', () =>
        socket.write('GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
      )
      .on('error', end)
      .on('end', end)
      .once('data', end);
  });
}

async function serve(directory: string): Promise<void> {
  const inventory = await inventoryIn(directory);
  const ports = await Promise.all(
    clusterIn(directory).endpoints.map(
      async (endpoint) => [endpoint.id, await listen(endpoint, inventory)] as const,
    ),
  );
  process.once('disconnect', () => process.exit());
  process.send?.(Object.fromEntries(ports));
}

/** Nobody verifies what a component has made itself. */
const ANY_PAIR = {
  certificate: 'nodes/master/etc/kubernetes/pki/kubelet.crt',
  key: 'nodes/master/etc/kubernetes/pki/kubelet.key',
};

function listen({ serves, clients }: Endpoint, inventory: Inventory): Promise<number> {
  const pem = (path: string): Buffer => Buffer.from(inventory.get(path)?.bytes ?? []);
  const { certificate, key } = serves === 'self-signed' ? ANY_PAIR : serves;
  const anchors = [...clients.anchors, ...(clients.frontProxy ? [clients.frontProxy.anchors] : [])];
  const server = createServer(
    {
      cert: pem(certificate),
      key: pem(key),
      ca: anchors.map(pem),
      requestCert: true,
      rejectUnauthorized: clients.verified === 'handshake',
    },
    (socket) => socket.on('error', () => {}).once('data', (request: Buffer) => answer(socket, request)),
  );
  server.on('tlsClientError', () => {});
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
    });
  });
}

/** What is open to everyone is so here, and who asks who he is hears it. */
function answer(socket: TLSSocket, request: Buffer): void {
  const [head = ''] = request.toString('latin1', 0, 80).split(' HTTP');
  const open = /^GET \/(?:version|healthz|livez|readyz)$/.test(head);
  const status = socket.authorized || open ? '200 OK' : '401 Unauthorized';
  const body = head.startsWith('POST') && socket.authorized ? review(socket) : '{}';
  const length = `Content-Length: ${Buffer.byteLength(body)}`;
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n${length}\r\n\r\n${body}`);
}

function review(socket: TLSSocket): string {
  const { CN: username, O: group } = socket.getPeerCertificate().subject;
  const groups = [group, 'system:authenticated'].flat().filter(Boolean);
  const kind = { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' };
  return JSON.stringify({ ...kind, status: { userInfo: { username, groups } } });
}
