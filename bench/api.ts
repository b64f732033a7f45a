/**
 * Our client of the API beside kubectl, on a real kube-apiserver: all Secrets of a cluster, each way as a process of
 * its own inside the cluster's namespace. Without Go, root and namespaces there are no rows.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseKubeconfig, resolveKubeconfig } from '../src/kubeconfig/index.ts';
import { httpsExchange, type KubeClient, kubeClient, RESOURCES } from '../src/kube/index.ts';
import { ground } from '../test/real/cluster/ground.ts';
import { bootCluster, type RealCluster } from '../test/real/cluster/real-cluster.ts';
import { TOPOLOGIES } from '../test/real/cluster/scenarios.ts';
import { type Cost, costText, inTurns, medianOf, medianRatio } from './support/rounds.ts';
import type { Row } from './support/row.ts';

const SECRETS = 5_000;
const ROUNDS = 5;
const CHANGED = { name: 'pair-0', namespace: 'default' };
const PATIENCE = 10_000; // milliseconds

/** As the benchmark's own process, inside: lists all Secrets, as `check --live` does, and watches from there. */
export const roles = {
  async list(kubeconfig: string): Promise<void> {
    const config = parseKubeconfig(readFileSync(kubeconfig), kubeconfig);
    const options = { directory: dirname(kubeconfig), read: (name: string) => readFileSync(name) };
    const exchange = httpsExchange(resolveKubeconfig(config, options), {
      clock: { now: () => Date.now() },
      userAgent: 'kubetls/bench',
    });
    const client = kubeClient(exchange);
    let size = 0;
    const listing = client.list(RESOURCES.secrets);
    for await (const secret of listing) size += JSON.stringify(secret).length;
    if (size < SECRETS * 100) throw new Error(`${size} bytes are not ${SECRETS} Secrets`);
    await untilTold(client, listing.resourceVersion);
    client.close();
  },
};

/** Changes a Secret, and returns when a watch from the list on has told of it. */
async function untilTold(client: KubeClient, resourceVersion: string | undefined): Promise<void> {
  if (resourceVersion === undefined) throw new Error('the list says no version');
  const watching = client.watch(RESOURCES.secrets, {
    resourceVersion,
    signal: AbortSignal.timeout(PATIENCE),
  });
  const change = { metadata: { annotations: { at: String(Date.now()) } } };
  const changing = client.patch(RESOURCES.secrets, CHANGED, change, { kind: 'merge' });
  for await (const { object } of watching) {
    if (object.metadata.resourceVersion === (await changing).metadata.resourceVersion) return;
  }
  throw new Error(`a watch has told nothing for ${PATIENCE} ms`);
}

export async function bench(): Promise<Row[]> {
  if ('missing' in ground) {
    console.error(`no comparison with kubectl: ${ground.missing}`);
    return [];
  }
  const scratch = mkdtempSync(join(tmpdir(), 'kubetls-bench-'));
  const design = { title: 'bench', topology: TOPOLOGIES.single, profile: 'flat', spec: [] } as const;
  const cluster = await bootCluster(ground.tools, design);
  try {
    await fill(cluster, scratch);
    return await listing(cluster, ground.tools.kubectl);
  } finally {
    await cluster.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Pairs, as cert-manager has them: two kilobytes each. */
async function fill(cluster: RealCluster, scratch: string): Promise<void> {
  const text = Buffer.alloc(1_500, 'A').toString('base64');
  const items = Array.from({ length: SECRETS }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `pair-${i}`, namespace: 'default' },
    data: { 'tls.crt': text },
  }));
  const file = join(scratch, 'secrets.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await cluster.mustKubectl(['create', '-f', file]);
}

async function listing(cluster: RealCluster, kubectl: string): Promise<Row[]> {
  const { admin } = cluster.wiring;
  const costs = await inTurns(ROUNDS, {
    ours: () => inside(cluster, [process.execPath, process.argv[1] ?? '', 'list', admin]),
    kubectl: () => inside(cluster, [kubectl, '--kubeconfig', admin, 'get', 'secrets', '-A', '-o', 'json']),
  });
  const detail = `${costText(costs.ours)} against ${costText(costs.kubectl)}`;
  const memory = medianOf(costs.ours, 'memory') / medianOf(costs.kubectl, 'memory');
  return [
    {
      name: 'api: list 5,000 Secrets and begin to watch, time',
      ratio: medianRatio(costs.ours, costs.kubectl, 'wall'),
      unit: 'times kubectl get -o json',
      detail,
      atMost: 1,
    },
    {
      name: 'api: list 5,000 Secrets and begin to watch, peak memory',
      ratio: memory,
      unit: 'times kubectl get -o json',
      detail: `${medianOf(costs.ours, 'memory').toFixed(0)} against ${medianOf(costs.kubectl, 'memory').toFixed(0)} MiB`,
      atMost: 1,
    },
  ];
}

/** GNU time's and bash's words: seconds real, user, system; and the most memory of any child, in KiB. */
const TIMED = `
import resource, subprocess, sys, time
began = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss, done.returncode)
`;

async function inside(cluster: RealCluster, command: readonly string[]): Promise<Cost> {
  const { stdout, stderr } = await cluster.run(['python3', '-c', TIMED, ...command]);
  const [wall = 0, cpu = 0, memory = 0, status = 1] = stdout.trim().split(' ').map(Number);
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  return { wall: wall * 1e3, cpu: cpu * 1e3, memory: memory / 1_024 };
}
