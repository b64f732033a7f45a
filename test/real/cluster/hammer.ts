// Every edge of a running cluster under fresh handshakes while something is done to it, by a program of Go's own
// crypto/tls (control-plane/hammer), which reads the files anew each time as their programs would.
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ComponentName, Edge } from '../../../src/cluster/index.ts';
import { atEnd } from '../last-rites.ts';
import { at } from './commands.ts';
import type { HammerReport } from './hammer-report.ts';
import type { RealCluster } from './real-cluster.ts';

export interface HammerOptions {
  /** Fresh connections a second on each edge. */
  rate: number;
  /** At a time on each edge. */
  lanes?: number;
  includes?: (edge: Edge) => boolean;
}

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

const REST = 6_000; // milliseconds

/** What there is to be had while nothing is done to the cluster. */
export function hammeredAtRest(cluster: RealCluster, options: HammerOptions): Promise<HammerReport> {
  return hammeredWhile(cluster, options, () => sleep(REST));
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
