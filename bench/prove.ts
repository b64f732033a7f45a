/**
 * Proving a cluster of 1,000 edges, refusals included, against a bare loop of `tls.connect` that makes as
 * many handshakes with the same certificates, asks something small and waits for the answer. Both dial the
 * same bare TLS servers, one an endpoint, in a process of their own; each round of each is a fresh process.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { systemKeys, systemRandom } from '../src/apply/index.ts';
import { type Cluster, describeCluster, type Endpoint, parseSpec } from '../src/cluster/index.ts';
import { type Inventory, readInventory } from '../src/inventory/index.ts';
import { type ProofReport, prove } from '../src/prove/index.ts';
import { directoryStore } from '../src/stores/index.ts';
import { clusterFile } from './support/clusters.ts';
import { dialAll, type Jobs, jobsOf } from './support/handshakes.ts';
import { bin, measured } from './support/programs.ts';
import { type Cost, costText, inTurns, medianOf, medianRatio } from './support/rounds.ts';
import type { Row } from './support/row.ts';
import { timed } from './support/timed.ts';

/** Three edges a worker, 13 of the control plane. */
const WORKERS = 329;
const CONCURRENCY = 32;
const ROUNDS = 9;

type Ports = Readonly<Record<string, number>>;

const addressIn = (ports: Ports, id: string): Endpoint['address'] => ({
  host: '127.0.0.1',
  port: ports[id] ?? 0,
});

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
    const ports = await new Promise<Ports>((resolve) =>
      server?.once('message', (told) => resolve(told as Ports)),
    );
    writeFileSync(join(directory, 'ports.json'), JSON.stringify(ports));
    const report = await (await proving(directory))();
    const at = ({ id }: Endpoint) => addressIn(ports, id);
    const jobs = jobsOf(report, await inventoryIn(directory), at, 'version');
    writeFileSync(join(directory, 'jobs.json'), JSON.stringify(jobs));
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
      addressOf: ({ id }) => addressIn(ports, id),
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

function dialling(directory: string): () => Promise<void> {
  const jobs = JSON.parse(readFileSync(join(directory, 'jobs.json'), 'utf8')) as Jobs;
  return () => dialAll(jobs, CONCURRENCY);
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
