/**
 * `kubetls check` without the disk: files as bytes, to findings; against Node's own X509Certificate, which reads and
 * verifies the same. The evaluation of a cluster of 5,000 nodes. And the command as a whole, for one node.
 */
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { auditTree } from '../src/audit/index.ts';
import { type FoundFile, readInventory } from '../src/inventory/index.ts';
import { evaluateAll } from '../src/trust/index.ts';
import { applied, clusterOf, NOW } from '../test/support/small-cluster.ts';
import { clusterFile } from './support/clusters.ts';
import { bin, measured, measuredNode, measuredRole } from './support/programs.ts';
import { type Cost, costText, inTurns, medianOf, medianRatio, type Task } from './support/rounds.ts';
import type { Row } from './support/row.ts';
import { AT, nodesTree } from './support/trees.ts';

const NODES = 5_000;
const ROUNDS = 7;
/** What the certificates of a tree should be judged at, a second of processor time. */
const WANTED = 10_000;

export async function bench(): Promise<Row[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'kubetls-bench-'));
  try {
    const asKubeadm = nodesTree(NODES, 'rsa-2048', false);
    return [
      ...(await judging('rsa-2048, as kubeadm has it', asKubeadm, 1)),
      ...(await judging('ecdsa-p256, with keys', nodesTree(NODES, 'ecdsa-p256', true))),
      memoryFor(asKubeadm, scratch),
      ...(await evaluating()),
      await oneNode(scratch),
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function judging(what: string, files: readonly FoundFile[], wantedShare?: number): Promise<Row[]> {
  const leaves = files.filter(({ path }) => path.endsWith('.crt') && !path.endsWith('ca.crt'));
  const authority = new X509Certificate(files.find(({ path }) => path.endsWith('ca.crt'))?.bytes ?? '')
    .publicKey;
  const costs = await inTurns(ROUNDS, {
    // Read anew: nothing that was parsed or verified before is remembered.
    ours: timed(() => auditTree({ inventory: readInventory(files), at: AT })),
    node: timed(() => {
      for (const { bytes } of leaves) {
        if (!new X509Certificate(bytes).verify(authority)) throw new Error('a good signature was refused');
      }
    }),
  });
  const rate = Math.round((1e3 * leaves.length) / medianOf(costs.ours, 'cpu'));
  const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const detail = `${rate.toLocaleString('en')} certificates a second of processor time, ${(size / 2 ** 20).toFixed(0)} MiB of files`;
  const name = `check: 10,000 certificates, ${what}`;
  return [
    {
      name: `${name}, read by Node`,
      ratio: medianRatio(costs.node, costs.ours, 'cpu'),
      unit: 'times the speed of X509Certificate and its verify',
      detail,
      atLeast: 0.7,
    },
    {
      name: `${name}, wanted`,
      ratio: rate / WANTED,
      unit: 'of 10,000 a second',
      detail,
      ...(wantedShare !== undefined && { atLeast: wantedShare }),
    },
  ];
}

/** The most memory that a process takes to read and judge a tree, above one that only reads its bytes. */
function memoryFor(files: readonly FoundFile[], scratch: string): Row {
  const tree = join(scratch, 'tree');
  for (const { path, bytes } of files) {
    mkdirSync(join(tree, path, '..'), { recursive: true });
    writeFileSync(join(tree, path), bytes);
  }
  const [read, judged] = ['readTree', 'judgeTree'].map((role) => measuredRole(scratch, role, tree).memory);
  const more = (judged! - read!) * 2 ** 20;
  // Base64 has four characters for three bytes.
  const size = files.reduce((sum, { bytes }) => sum + (bytes.length * 3) / 4, 0);
  return {
    name: 'check: 10,000 certificates, memory',
    ratio: more / size,
    unit: 'bytes for each byte of a certificate',
    detail: `${judged!.toFixed(0)} MiB, ${read!.toFixed(0)} MiB of them to read ${(size / 2 ** 20).toFixed(0)} MiB`,
    atMost: 150,
  };
}

const readTree = async (tree: string): Promise<FoundFile[]> =>
  readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(tree, path), mode: 0o644, bytes: readFileSync(path) }));

async function judgeTree(tree: string): Promise<void> {
  auditTree({ inventory: readInventory(await readTree(tree)), at: AT });
}

export const roles = { readTree, judgeTree };

function timed(work: () => unknown): Task {
  return () => {
    const [started, wall] = [process.cpuUsage(), performance.now()];
    work();
    const { user, system } = process.cpuUsage(started);
    return { wall: performance.now() - wall, cpu: (user + system) / 1e3, memory: Number.NaN };
  };
}

/** Two control planes, so that each node has six edges. */
async function evaluating(): Promise<Row[]> {
  const plane = (i: number) => ({
    name: `cp${i}`,
    roles: ['control-plane', 'etcd'],
    addresses: [`10.0.0.1${i}`],
  });
  const worker = (i: number) => ({
    name: `w${i}`,
    roles: ['worker'],
    addresses: [`10.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`],
  });
  const nodes = [plane(1), plane(2), ...Array.from({ length: NODES }, (_, i) => worker(i))];
  const { cluster, inventory } = await applied(clusterOf({ profile: 'kubeadm', nodes }));
  const files = [...inventory.entries.values()].map(({ path, mode, bytes }) => ({ path, mode, bytes }));
  const { edges } = cluster;
  const loaded = () => {
    const read = readInventory(files);
    for (const { content } of read.entries.values())
      if (content.kind === 'unreadable') throw new Error('unreadable');
    return read;
  };
  const first: Cost[] = [];
  const again: Cost[] = [];
  for (let round = 0; round < 3; round++) {
    const read = loaded();
    const evaluate = timed(() => {
      if ([...evaluateAll(edges, read, NOW).values()].some(({ ok }) => !ok)) throw new Error('an edge fails');
    });
    first.push(await evaluate());
    again.push(await evaluate());
  }
  const detail = (costs: readonly Cost[]) => `${edges.length.toLocaleString('en')} edges: ${costText(costs)}`;
  return [
    {
      name: 'evaluate: 5,000 nodes, every signature computed',
      ratio: medianOf(first, 'wall') / 1e3,
      unit: 'seconds',
      detail: detail(first),
      atMost: 1,
    },
    {
      name: 'evaluate: 5,000 nodes again',
      ratio: medianOf(again, 'wall') / 1e3,
      unit: 'seconds',
      detail: detail(again),
      atMost: 1,
    },
  ];
}

/**
 * Twice the start of Node was asked for. Node, its crypto and this program's code out of V8's cache are that already
 * (1.97, before a file is read), half of what comes then is code that runs for the first time, and a startup snapshot
 * keeps neither compiled code nor, on Node 20, all of the language.
 */
async function oneNode(scratch: string): Promise<Row> {
  const file = join(scratch, 'kubetls.yaml');
  writeFileSync(file, clusterFile({ profile: 'kubeadm', workers: 0 }));
  const where = ['-f', file, '--state', join(scratch, 'state')];
  measuredNode(scratch, [bin, 'apply', '-y', ...where]);
  const costs = await inTurns(21, {
    node: () => measured(process.execPath, ['-e', '0']),
    kubetls: () => measured(process.execPath, [bin, 'check', ...where]),
  });
  return {
    name: 'check: one node, kubeadm profile',
    ratio: medianRatio(costs.kubetls, costs.node, 'wall'),
    unit: 'times node -e 0',
    detail: `${costText(costs.kubetls)} against ${costText(costs.node)}; ${medianRatio(costs.kubetls, costs.node, 'cpu').toFixed(2)} by processor time`,
  };
}
