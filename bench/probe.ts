/**
 * Probing 1,000 edges against a bare loop of `tls.connect` that makes the same handshakes, asks the same and
 * waits for the same answer, with contexts made once a credential as well. The server is a process of its own.
 * And starting the twin of 1,000 workers against bare listeners. Ratio: bare time / our time.
 */
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { systemKeys, systemRandom } from '../src/apply/index.ts';
import { utf8, YEAR } from '../src/base/index.ts';
import { type Cluster, describeCluster, parseSpec } from '../src/cluster/index.ts';
import { type CertificateTemplate, issueAuthority, issueCertificate, signerFor } from '../src/issue/index.ts';
import { type ProbeCredential, probeMany, type ProbeTarget } from '../src/probe/index.ts';
import { startTwin } from '../src/twin/index.ts';
import { writePem, writePrivateKey } from '../src/x509/index.ts';

interface Row {
  readonly name: string;
  readonly ratio: number;
  readonly unit: string;
  readonly detail: string;
}

const EDGES = 1_000;
const CREDENTIALS = 50;
const CONCURRENCY = 16;
const ROUNDS = 5;

export async function bench(): Promise<Row[]> {
  return [await probing(), await starting()];
}

const template: CertificateTemplate = {
  subject: [{ type: 'CN', value: 'bench' }],
  dnsNames: [],
  ipAddresses: ['127.0.0.1'],
  uris: [],
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: ['serverAuth', 'clientAuth'],
  basicConstraints: { ca: false, pathLength: undefined },
  subjectKeyId: true,
  lifetime: YEAR,
  serialBits: 63,
  exactUsages: false,
};

function issuer(): { anchor: string; pair: () => ProbeCredential } {
  const keys = systemKeys();
  const random = systemRandom();
  const signer = signerFor(keys.generate('ecdsa-p256'));
  const now = Date.now();
  const ca = { ca: true, pathLength: undefined };
  const usages = { keyUsage: ['keyCertSign'], extendedKeyUsage: [], ipAddresses: [] } as const;
  const certificate = issueAuthority({
    template: { ...template, ...usages, basicConstraints: ca },
    signer,
    now,
    random,
  });
  const pair = (): ProbeCredential => {
    const key = keys.generate('ecdsa-p256');
    const authority = { certificate, signer };
    const leaf = issueCertificate({ template, publicKey: key.publicKey, authority, now, random });
    return { certificate: utf8(writePem('CERTIFICATE', leaf.der)), key: writePrivateKey(key, 'pkcs8') };
  };
  return { anchor: writePem('CERTIFICATE', certificate.der), pair };
}

const SERVER = `
const { createServer } = require('node:tls');
process.once('message', (options) => {
  const answer = 'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{}';
  const server = createServer({ ...options, requestCert: true, rejectUnauthorized: false }, (socket) => {
    socket.on('error', () => {}).once('data', () => socket.end(answer));
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
});
process.once('disconnect', () => process.exit());
`;

async function probing(): Promise<Row> {
  const { pair } = issuer();
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-bench-'));
  writeFileSync(join(directory, 'server.cjs'), SERVER);
  const server = fork(join(directory, 'server.cjs'));
  try {
    const own = pair();
    server.send({
      cert: Buffer.from(own.certificate).toString(),
      key: Buffer.from(own.key.reveal()).toString(),
    });
    const port = await new Promise<number>((resolve) =>
      server.once('message', (port) => resolve(Number(port))),
    );
    const credentials = Array.from({ length: CREDENTIALS }, pair);
    const contexts = credentials.map(({ certificate, key }) =>
      createSecureContext({ cert: Buffer.from(certificate), key: Buffer.from(key.reveal()), ca: [] }),
    );
    const best = { probe: Infinity, bare: Infinity };
    for (let round = 0; round < ROUNDS; round++) {
      best.probe = Math.min(best.probe, await timed(() => probeAll(port, credentials)));
      best.bare = Math.min(best.bare, await timed(() => bareAll(port, contexts)));
    }
    return {
      name: 'probe: 1,000 edges, 50 credentials, 16 at a time',
      ratio: best.bare / best.probe,
      unit: 'of a bare tls.connect loop',
      detail: `${Math.round(EDGES / (best.probe / 1e3))}/s against ${Math.round(EDGES / (best.bare / 1e3))}/s`,
    };
  } finally {
    server.disconnect();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Milliseconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

async function probeAll(port: number, credentials: readonly ProbeCredential[]): Promise<void> {
  const request = { method: 'GET', path: '/version', headers: {}, body: undefined } as const;
  const target: ProbeTarget = { host: '127.0.0.1', port, request };
  const tasks = Array.from({ length: EDGES }, (_, index) => ({
    target,
    credential: credentials[index % CREDENTIALS],
    options: { timeout: 10_000 },
  }));
  const results = await probeMany(tasks, { concurrency: CONCURRENCY });
  const failed = results.find(
    ({ result, presented }) => result.kind !== 'accepted' || presented.length !== 1,
  );
  if (failed) throw new Error(JSON.stringify(failed.result));
}

async function bareAll(port: number, contexts: readonly SecureContext[]): Promise<void> {
  const queue = Array.from({ length: EDGES }, (_, index) => contexts[index % CREDENTIALS]).values();
  const worker = async (): Promise<void> => {
    for (const secureContext of queue) if (secureContext) await bareOne(port, secureContext);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

function bareOne(port: number, secureContext: SecureContext): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, secureContext, rejectUnauthorized: false });
    socket
      .on('secureConnect', () => socket.write('GET /version HTTP/1.1\r\nHost: x\r\n\r\n'))
      .on('error', reject)
      .once('data', () => {
        socket.destroy();
        resolve();
      });
  });
}

const WORKERS = 1_000;

async function starting(): Promise<Row> {
  const directory = mkdtempSync(join(tmpdir(), 'kubetls-bench-'));
  try {
    const cluster = describeCluster(parseSpec(specText(), 'kubetls.yaml'));
    fill(cluster, directory);
    const best = { twin: Infinity, bare: Infinity };
    for (let round = 0; round < 3; round++) {
      const options = { clock: { now: () => Date.now() }, keys: systemKeys() };
      let stop = async (): Promise<void> => {};
      best.twin = Math.min(
        best.twin,
        await timed(async () => {
          const twin = await startTwin(cluster, directory, options);
          stop = () => twin.close();
          const [first] = twin.down();
          if (first) throw new Error(`${first[0]}: ${first[1].message}`);
        }),
      );
      await stop();
      best.bare = Math.min(best.bare, await timed(() => bareListeners(cluster, directory)));
    }
    return {
      name: 'twin: start with 1,000 workers',
      ratio: best.bare / best.twin,
      unit: 'of bare listeners that read the same files',
      detail: `${cluster.endpoints.length} endpoints in ${Math.round(best.twin)} ms against ${Math.round(best.bare)} ms`,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function specText(): string {
  const workers = Array.from(
    { length: WORKERS },
    (_, index) =>
      `    - { name: worker-${index}, roles: [worker], addresses: [10.1.${index >> 8}.${index & 255}] }`,
  );
  return `apiVersion: kubetls/v1
kind: Cluster
metadata: { name: bench }
spec:
  nodes:
    - { name: master, roles: [control-plane, etcd], addresses: [10.0.0.10] }
${workers.join('\n')}
`;
}

/** One pair for all and one anchor: what is measured is the start, not the issuing. */
function fill({ endpoints }: Cluster, directory: string): void {
  const { anchor, pair } = issuer();
  const { certificate, key } = pair();
  const write = (file: string, content: string | Uint8Array): void => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), content);
  };
  for (const { serves, clients } of endpoints) {
    if (serves !== 'self-signed') {
      write(serves.certificate, certificate);
      write(serves.key, key.reveal());
    }
    for (const file of clients.anchors) write(file, anchor);
    if (clients.frontProxy) write(clients.frontProxy.anchors, anchor);
  }
}

async function bareListeners({ endpoints }: Cluster, directory: string): Promise<void> {
  const servers = await Promise.all(
    endpoints.map(({ serves, clients }) => {
      const pair = serves === 'self-signed' ? [] : [serves.certificate, serves.key];
      for (const file of [...pair, ...clients.anchors]) readFileSync(join(directory, file));
      return new Promise<Server>((resolve) => {
        const server = createServer();
        server.listen(0, '127.0.0.1', () => resolve(server));
      });
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
}
