// Every edge of a running cluster under fresh handshakes while something is done to it, by a program of Go's own
// crypto/tls (control-plane/hammer), which reads the files anew each time as their programs would.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ComponentName, Edge } from '../../../src/cluster/index.ts';
import { atEnd } from '../last-rites.ts';
import { at } from './commands.ts';
import type { RealCluster } from './real-cluster.ts';

/** What became of the connections of one edge. */
export interface Hammered {
  id: string;
  ok: number;
  tls: number;
  /** Answered with 401. */
  unauthorized: number;
  /** The client's own files made no pair. */
  torn: number;
  refused: number;
  /** Closed without a word by who listened. */
  cut: number;
  other: number;
  /** Of all that, those that made a request: what shows who is let in but not known. */
  asked: number;
  /** How often each was said of all that is not ok. */
  texts: Readonly<Record<string, number>>;
  /** Serial numbers, hex, in the order in which they were first seen. */
  served: readonly string[] | null;
  shown: readonly string[] | null;
  /** How often the server showed another certificate than at the connection before. */
  switches: number;
  /** Seconds, the longest time between two that were ok. */
  gap: number;
  /** Seconds from the start: when it was first refused or cut, and last. */
  away: readonly [number, number] | null;
  /** Connections in each WINDOW from the start, whatever became of them; the last is not whole. */
  windows: readonly number[];
}

export interface HammerReport {
  seconds: number;
  edges: readonly Hammered[];
}

export interface HammerOptions {
  /** Fresh connections a second on each edge. */
  rate: number;
  /** At a time on each edge. */
  lanes?: number;
  includes?: (edge: Edge) => boolean;
}

const WINDOW = 5; // seconds, as in hammer/tally.go

/**
 * In front of what is done to a hammered cluster: it takes what is left of the processors, so that it lasts longer
 * and the hammer does not slow down.
 */
export const YIELDING: readonly string[] = ['nice', '-n', '15'];

/** Each so many connections of an edge end with a request and its answer, and the others when they are accepted. */
const ASKS = 10;

/** What is answered to everybody who is not refused for what he shows. */
const PATHS: Readonly<Record<ComponentName, string>> = {
  'kube-apiserver': '/version',
  'kube-controller-manager': '/healthz',
  'kube-scheduler': '/healthz',
  'aggregated-apiserver': '/version',
  kubelet: '/healthz',
  'kube-proxy': '/healthz',
  etcd: '/version',
};

type Hammerable = Pick<RealCluster, 'tree' | 'disks' | 'connect'>;

/** What hammer/main.go reads. */
export function orderOf(
  cluster: Hammerable,
  { rate, lanes = 4, includes = () => true }: HammerOptions,
): string {
  const { edges } = cluster.tree.cluster();
  return JSON.stringify({
    rate,
    lanes,
    asks: ASKS,
    edges: edges.filter(includes).map((edge) => edgeFor(cluster, edge)),
  });
}

export async function hammeredWhile(
  cluster: RealCluster,
  options: HammerOptions,
  work: () => Promise<void>,
): Promise<HammerReport> {
  const order = path.join(cluster.directory, 'hammer.json');
  await writeFile(order, orderOf(cluster, options));
  const [program, ...words] = cluster.namespace.inside([cluster.common.tools.hammer, order]);
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  const done = atEnd(() => child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  const end = new Promise<void>((resolve, reject) =>
    child.once('close', () => resolve()).once('error', reject),
  );
  try {
    await work();
  } finally {
    child.stdin.end();
    await end;
    done();
  }
  if (!said.startsWith('{')) throw new Error(`the hammer did not answer:\n${said}`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- hammer/main.go prints it
  return JSON.parse(said) as HammerReport;
}

/** hammer/edge.go */
function edgeFor({ tree, disks, connect }: Hammerable, edge: Edge): object {
  const { endpoint, presents, trusts, client } = edge;
  const moved = connect.find((option) => option.startsWith(`${endpoint.id}=`));
  const node = tree.cluster().spec.nodes.find(({ name }) => name === client.node);
  return {
    id: edge.id,
    address: moved?.slice(endpoint.id.length + 1) ?? at(endpoint.address),
    // A member of etcd looks at where a peer comes from.
    from: endpoint.clients.peerAddressCheck ? node?.addresses[0] : undefined,
    name: edge.name,
    path: PATHS[endpoint.component],
    user: edge.as === 'front-proxy' ? 'system:serviceaccount:default:default' : undefined,
    shows:
      presents.kind === 'pair'
        ? { cert: disks.at(presents.certificate), key: disks.at(presents.key) }
        : presents.kind === 'kubeconfig'
          ? { kubeconfig: disks.at(presents.file) }
          : {},
    trusts:
      trusts.kind === 'anchors'
        ? { ca: disks.at(trusts.file) }
        : trusts.kind === 'kubeconfig'
          ? { kubeconfig: disks.at(trusts.file) }
          : {},
  };
}

export const rateOf = ({ seconds }: HammerReport, one: Hammered): number =>
  (one.ok + one.tls + one.unauthorized + one.torn + one.refused + one.cut + one.other) / seconds;

/** Connections a second in its worst five; Infinity when there were no five. */
export const worstOf = ({ windows }: Hammered): number => Math.min(...windows.slice(0, -1)) / WINDOW;

/** In one line: `17 edges, 4321 handshakes in 12.3 s (20.0 to 20.1 a second each, 20.0 in the middle, …`. */
export function hammerText(report: HammerReport): string {
  const { edges, seconds } = report;
  const sum = (of: (one: Hammered) => number) => edges.reduce((total, one) => total + of(one), 0);
  const rates = edges.map((one) => rateOf(report, one)).sort((one, other) => one - other);
  const [least, middle, most] = [0, rates.length >> 1, rates.length - 1].map((i) => rates[i]?.toFixed(1));
  const worst = Math.min(...edges.map(worstOf));
  const inWorst = Number.isFinite(worst) ? `, ${worst.toFixed(1)} in the worst five seconds of any` : '';
  const each = `${least} to ${most} a second each, ${middle} in the middle${inWorst}`;
  const requests = `${sum(({ asked }) => asked)} with a request`;
  const failed = sum(failuresOf);
  const away = `${sum(({ refused }) => refused)} refused and ${sum(({ cut }) => cut)} cut by restarts`;
  return `${edges.length} edges, ${sum(({ ok }) => ok)} handshakes in ${seconds.toFixed(1)} s (${each}), ${requests}, ${failed} failed; ${away}`;
}

/** Endpoints that were away while another was; each of them is restarted once. */
export function awayTogether({ edges }: HammerReport): string[] {
  const byEndpoint = new Map<string, [number, number]>();
  for (const { id, away } of edges) {
    if (!away) continue;
    const endpoint = id.slice(id.indexOf('/') + 1);
    const [from, to] = byEndpoint.get(endpoint) ?? away;
    byEndpoint.set(endpoint, [Math.min(from, away[0]), Math.max(to, away[1])]);
  }
  const inOrder = [...byEndpoint].sort(([, [one]], [, [other]]) => one - other);
  return inOrder.flatMap(([endpoint, [from]], i) => {
    const [before, [, to] = [0, 0]] = inOrder[i - 1] ?? [];
    return before !== undefined && from < to ? [`${endpoint} while ${before}`] : [];
  });
}

export const failuresOf = ({ tls, unauthorized, torn, other }: Hammered): number =>
  tls + unauthorized + torn + other;
