/**
 * The engine on one core: issuing, signing, reading, verifying, against the bare cryptography underneath and
 * against others, in turns in one run, by processor time.
 */
import { createECDH, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { issueCertificate, issueCertificates, issueForRequests } from '../src/issue/index.ts';
import { createPool, verifyChain } from '../src/verify/index.ts';
import {
  type Certificate,
  type CertificateRequest,
  parseCertificate,
  parseRequest,
  type PrivateKey,
  writePem,
  writePrivateKey,
} from '../src/x509/index.ts';
import {
  authority,
  keys,
  newLeaf,
  newRequest,
  now,
  peerMaterial,
  random,
  requestTerms,
  serverTemplate,
} from './support/material.ts';
import { goPeer, type Material, type Peer, pycaPeer, type Work } from './support/peers.ts';
import { peculiarIssuer, peculiarReader, peculiarVerifier } from './support/peculiar.ts';
import { type Cost, inTurns, medianOf, medianRatio, type Task } from './support/rounds.ts';
import type { Row } from './support/row.ts';

const ROUNDS = 25;
/** Rounds before it counts, until V8 has compiled what runs often. */
const WARM = 40;
const AT_ONCE = 400;
/** Certificates that are issued together, as `issueMany` does. */
const BATCH = 100;

interface Peers {
  readonly go: Peer | undefined;
  readonly pyca: Peer | undefined;
}

export async function bench(): Promise<Row[]> {
  const peers = { go: goPeer(), pyca: pycaPeer() };
  try {
    return [
      ...(await issuing(peers)),
      ...(await signing(peers)),
      ...(await parsing(peers)),
      ...(await verifying(peers)),
    ];
  } finally {
    peers.go?.close();
    peers.pyca?.close();
  }
}

async function issuing({ go, pyca }: Peers): Promise<Row[]> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { tbs } = newLeaf();
  const material = peerMaterial.issuing();
  const peculiar = await peculiarIssuer(serverTemplate);
  const costs = await turns({
    raw: repeated(() => {
      createECDH('prime256v1').generateKeys();
      sign('sha256', tbs, privateKey);
    }),
    ours: inBatches(issueBatch, (count) => Array.from({ length: count })),
    alone: repeated(() => {
      const key = keys.generate('ecdsa-p256');
      const { der } = issueCertificate({ ...order, publicKey: key.publicKey });
      written(key, der);
    }),
    go: asked(go, 'issue', material),
    pyca: asked(pyca, 'issue', material),
    peculiar: repeatedly(peculiar, AT_ONCE / 50),
  });
  const what = 'key, certificate with 9 SANs, PEM, ECDSA P-256';
  const row = rowsFor(what, costs.ours);
  return [
    row('of raw createECDH + sign', costs.raw, 0.75),
    rowsFor(`${what}, one by one`, costs.alone)('of raw createECDH + sign', costs.raw),
    ...against(row, go, costs.go, 2),
    ...against(row, pyca, costs.pyca, 2),
    row('times @peculiar/x509', costs.peculiar),
  ];
}

const order = { template: serverTemplate, authority, now, random };

function issueBatch(batch: readonly unknown[]): void {
  const made = batch.map(() => keys.generate('ecdsa-p256'));
  const certificates = issueCertificates(made.map(({ publicKey }) => ({ ...order, publicKey })));
  for (const [i, { der }] of certificates.entries()) written(made[i]!, der);
}

function written(key: PrivateKey, der: Uint8Array): void {
  writePem('CERTIFICATE', der);
  writePrivateKey(key, 'traditional');
}

/** From a request that was read and checked: its subject, names and key are taken over, as Kubernetes' signer does. */
async function signing({ go, pyca }: Peers): Promise<Row[]> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const { tbs } = newLeaf();
  const ders = Array.from({ length: AT_ONCE }, () => newRequest().der);
  const costs = await turns({
    raw: repeated(() => sign('sha256', tbs, privateKey)),
    // Each batch is read just before, anew: nothing that was asked of a request before is remembered.
    ours: inBatches(signBatch, (count, from) => ders.slice(from, from + count).map(parseRequest)),
    go: asked(go, 'sign', peerMaterial.issuing()),
    pyca: asked(pyca, 'sign', peerMaterial.issuing()),
  });
  const row = rowsFor('sign a given request, 9 SANs, ECDSA P-256', costs.ours);
  return [
    row('of raw crypto.sign', costs.raw, 0.8),
    ...against(row, go, costs.go, 2),
    ...against(row, pyca, costs.pyca),
  ];
}

function signBatch(requests: readonly CertificateRequest[]): void {
  issueForRequests(requests.map((request) => ({ terms: requestTerms, request, authority, now, random })));
}

/** Go decodes all fields when it parses; we when they are asked for, so all are asked for. */
async function parsing({ go, pyca }: Peers): Promise<Row[]> {
  const leaf = newLeaf();
  const costs = await turns({
    ours: repeated(() => askAll(parseCertificate(leaf.der)), 10 * AT_ONCE),
    go: asked(go, 'parse', peerMaterial.parsing(leaf), 10 * AT_ONCE),
    pyca: asked(pyca, 'parse', peerMaterial.parsing(leaf)),
  });
  const peculiar = await alone(repeated(peculiarReader(leaf.der), 40));
  const row = rowsFor('parse a certificate and ask for all fields', costs.ours);
  return [
    ...against(row, go, costs.go, 0.9),
    ...against(row, pyca, costs.pyca),
    row('times @peculiar/x509', peculiar),
  ];
}

function askAll(certificate: Certificate): unknown[] {
  return [
    certificate.version,
    certificate.serial,
    certificate.issuer.rdns,
    certificate.subject.rdns,
    certificate.notBefore,
    certificate.notAfter,
    certificate.publicKey,
    certificate.signatureAlgorithm,
    certificate.signatureParameters,
    certificate.signature,
    certificate.tbs,
    certificate.extensions,
    certificate.basicConstraints,
    certificate.keyUsage,
    certificate.extendedKeyUsage,
    certificate.subjectAltNames,
    certificate.subjectKeyId,
    certificate.authorityKeyId,
    certificate.nameConstraints,
    certificate.unhandledCritical,
  ];
}

/** A leaf that was read, its root, a host name. Each leaf is new to us: what was verified once is remembered. */
async function verifying({ go, pyca }: Peers): Promise<Row[]> {
  const first = newLeaf();
  const ders = Array.from({ length: AT_ONCE }, () => newLeaf().der);
  const signatures = ders.map(parseCertificate).map(({ tbs, signature }) => ({ tbs, signature }));
  const rootKey = createPublicKey({
    key: Buffer.from(authority.certificate.publicKey.spki),
    format: 'der',
    type: 'spki',
  });
  const roots = createPool([authority.certificate]);
  const verified = (leaf: Certificate) => {
    const { ok } = verifyChain({ leaf, intermediates: [], roots, at: now, usage: 'server', name: 'master' });
    if (!ok) throw new Error('a good chain was refused');
  };
  const known = ders.map(parseCertificate);
  known.forEach(verified);
  const costs = await turns({
    raw: () => each(signatures, ({ tbs, signature }) => verify('sha256', tbs, rootKey, signature)),
    ours: () => each(ders.map(parseCertificate), verified),
    again: () => each(Array.from({ length: 10 }, () => known).flat(), verified),
    go: asked(go, 'verify', peerMaterial.verifying(first, 'master')),
    pyca: asked(pyca, 'verify', peerMaterial.verifying(first, 'master')),
  });
  const peculiar = await alone(
    repeatedly(peculiarVerifier(first.der, authority.certificate.der, now), AT_ONCE / 10),
  );
  const row = rowsFor('verify a chain of 2, with a name', costs.ours);
  return [
    row('of raw crypto.verify', costs.raw, 0.85),
    ...against(row, go, costs.go, 1),
    ...against(row, pyca, costs.pyca),
    row('times @peculiar/x509, which looks at signature and dates alone', peculiar),
    rowsFor('verify a chain of 2 again', costs.again)('times the first time', costs.ours, 20),
  ];
}

async function turns<Name extends string>(
  tasks: Readonly<Record<Name, Task>>,
): Promise<Record<Name, Cost[]>> {
  await inTurns(WARM, tasks);
  return inTurns(ROUNDS, tasks);
}

/** What shares our process is not in turn with us: the heap that it leaves would be cleared in our time. */
async function alone(task: Task): Promise<Cost[]> {
  const { costs } = await turns({ costs: task });
  globalThis.gc?.();
  return costs;
}

/** Costs are of one piece of work. */
function repeated(work: () => unknown, count = AT_ONCE): Task {
  const numbers = Array.from({ length: count }, (_, i) => i);
  return () => each(numbers, work);
}

/** What `prepare` does is not counted. */
function inBatches<T>(
  work: (batch: readonly T[]) => void,
  prepare: (count: number, from: number) => readonly T[],
): () => Cost {
  return () => {
    let cpu = 0;
    for (let from = 0; from < AT_ONCE; from += BATCH) {
      const batch = prepare(BATCH, from);
      const started = process.cpuUsage();
      work(batch);
      cpu += costSince(started, AT_ONCE).cpu;
    }
    return { wall: Number.NaN, cpu, memory: Number.NaN };
  };
}

function each<T>(values: readonly T[], work: (value: T) => unknown): Cost {
  const started = process.cpuUsage();
  for (const value of values) work(value);
  return costSince(started, values.length);
}

function repeatedly(work: () => Promise<unknown>, count: number): Task {
  return async () => {
    const started = process.cpuUsage();
    for (let i = 0; i < count; i++) await work();
    return costSince(started, count);
  };
}

function costSince(started: NodeJS.CpuUsage, count: number): Cost {
  const { user, system } = process.cpuUsage(started);
  return { wall: Number.NaN, cpu: (user + system) / 1e3 / count, memory: Number.NaN };
}

/** The peer as one more task; one that is not there costs nothing and has no row. */
function asked(peer: Peer | undefined, work: Work, material: Material, count = AT_ONCE): Task {
  return async () => {
    const seconds = (await peer?.seconds(work, count, material)) ?? Number.NaN;
    return { wall: Number.NaN, cpu: (seconds * 1e3) / count, memory: Number.NaN };
  };
}

type RowFor = (unit: string, to: readonly Cost[], atLeast?: number) => Row;

function rowsFor(what: string, ours: readonly Cost[]): RowFor {
  return (unit, to, atLeast) => ({
    name: `engine: ${what}, ${unit}`,
    ratio: medianRatio(to, ours, 'cpu'),
    unit,
    detail: `${rate(ours)} against ${rate(to)} a second of processor time; ${peakMemory()} MiB`,
    ...(atLeast !== undefined && { atLeast }),
  });
}

function against(row: RowFor, peer: Peer | undefined, costs: readonly Cost[], atLeast?: number): Row[] {
  return peer ? [row(`times ${peer.name}`, costs, atLeast)] : [];
}

function rate(costs: readonly Cost[]): string {
  return Math.round(1e3 / medianOf(costs, 'cpu')).toLocaleString('en');
}

function peakMemory(): string {
  return (process.resourceUsage().maxRSS / 1024).toFixed(0);
}
