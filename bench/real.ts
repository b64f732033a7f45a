/**
 * On clusters of real programs: a proof beside a bare loop that makes as many handshakes and asks the same; a renewal
 * of every leaf beside the restarts that are in it. Without Go, root, namespaces and sshd there are no rows.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemKeys, systemRandom } from '../src/apply/index.ts';
import {
  type Cluster,
  type ComponentName,
  describeCluster,
  type Endpoint,
  parseSpec,
} from '../src/cluster/index.ts';
import { hostRestarter, openHost } from '../src/hosts/index.ts';
import { type Inventory, readInventory } from '../src/inventory/index.ts';
import { type ProofReport, prove, vantageFrom } from '../src/prove/index.ts';
import { directoryStore } from '../src/stores/index.ts';
import { ground } from '../test/real/cluster/ground.ts';
import { bootCluster, type RealCluster } from '../test/real/cluster/real-cluster.ts';
import { type Design, TOPOLOGIES, yamlOf } from '../test/real/cluster/scenarios.ts';
import { canBeReached } from '../test/real/cluster/sshd.ts';
import { dialAll, type Jobs, jobsOf } from './support/handshakes.ts';
import { type Cost, costText, inTurns, medianOf, medianRatio } from './support/rounds.ts';
import type { Row } from './support/row.ts';
import { timed } from './support/timed.ts';

const CONCURRENCY = 32;
const PROOFS = 9;
const RENEWALS = 3;

const THREE_OF_EACH: Design = {
  title: 'bench',
  topology: TOPOLOGIES.ha,
  profile: 'kubeadm',
  spec: [],
};
const STATIC_PODS: Design = { ...THREE_OF_EACH, topology: TOPOLOGIES.single, staticPods: true };

/** Each inside the cluster's namespace; `tree` has kubetls.yaml and its state, `scratch` what they tell each other. */
export const roles = {
  async jobs(tree: string, scratch: string): Promise<void> {
    const report = await (await proving(tree, scratch))();
    const jobs = jobsOf(report, await inventoryIn(tree), addressesIn(scratch), 'as the proof');
    writeFileSync(join(scratch, 'jobs.json'), JSON.stringify(jobs));
    const { edges, refusals } = report;
    writeFileSync(join(scratch, 'counts.json'), JSON.stringify([edges.length, refusals.length]));
  },
  prove: async (tree: string, scratch: string) => timed(scratch, await proving(tree, scratch)),
  async bare(_: string, scratch: string): Promise<void> {
    const jobs = JSON.parse(readFileSync(join(scratch, 'jobs.json'), 'utf8')) as Jobs;
    await timed(scratch, () => dialAll(jobs, CONCURRENCY));
  },
  restart: (tree: string, scratch: string) => timed(scratch, () => restartAll(clusterIn(tree))),
};

export async function bench(): Promise<Row[]> {
  if ('missing' in ground || !canBeReached) {
    console.error('no real clusters here');
    return [];
  }
  const { tools } = ground;
  return [
    ...(await onCluster(await bootCluster(tools, THREE_OF_EACH), proofs)),
    ...(await onCluster(await bootCluster(tools, STATIC_PODS), renewals)),
  ];
}

async function onCluster(
  cluster: RealCluster,
  work: (cluster: RealCluster, scratch: string) => Promise<Row>,
): Promise<Row[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'kubetls-bench-'));
  try {
    return [await work(cluster, scratch)];
  } finally {
    await cluster.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function proofs(cluster: RealCluster, scratch: string): Promise<Row> {
  const moved = cluster.connect.filter((_, i) => i % 2 === 1).map((option) => option.split('='));
  writeFileSync(join(scratch, 'connect.json'), JSON.stringify(Object.fromEntries(moved)));
  await inRole(cluster, scratch, 'jobs');
  const [edges, refusals] = JSON.parse(readFileSync(join(scratch, 'counts.json'), 'utf8')) as number[];
  const { kubetls, bare } = await inTurns(PROOFS, {
    bare: () => costOf(cluster, scratch, 'bare'),
    kubetls: () => costOf(cluster, scratch, 'prove'),
  });
  return {
    name: 'real: prove three of each, kubeadm',
    ratio: medianRatio(bare, kubetls, 'wall'),
    unit: 'of the speed of a bare tls.connect loop that asks the same',
    detail: `${edges} edges and ${refusals} refusals, ${CONCURRENCY} at a time: ${costText(kubetls)} against ${costText(bare)}; ${medianOf(kubetls, 'memory').toFixed(0)} MiB`,
    atLeast: 0.6,
  };
}

async function renewals(cluster: RealCluster, scratch: string): Promise<Row> {
  const reached = STATIC_PODS.topology.nodes.reduce(
    (yaml, { name, address }) =>
      yaml.replace(`{ name: ${name},`, `{ name: ${name}, host: "ssh://root@${address}",`),
    yamlOf(STATIC_PODS),
  );
  await cluster.tree.edit(reached);
  const { renew, restarts } = await inTurns(RENEWALS, {
    restarts: () => costOf(cluster, scratch, 'restart'),
    renew: async () => {
      const began = performance.now();
      const { code, stdout, stderr } = await cluster.kubetls(['renew', '--all', '-y'], '', 300_000);
      if (code !== 0) throw new Error(`renew ended with ${code}\n${stdout}${stderr}`);
      return { wall: performance.now() - began, cpu: Number.NaN, memory: Number.NaN };
    },
  });
  const seconds = (costs: readonly Cost[]) => `${(medianOf(costs, 'wall') / 1_000).toFixed(1)} s`;
  return {
    name: 'real: renew every leaf over ssh, kubeadm, one control plane and one worker',
    ratio: medianRatio(renew, restarts, 'wall'),
    unit: 'times its four restarts, each until it is well',
    detail: `two static pods and two kubelets, 16 certificates, every gate: ${seconds(renew)} against ${seconds(restarts)}`,
    atMost: 2,
  };
}

async function costOf(cluster: RealCluster, scratch: string, role: keyof typeof roles): Promise<Cost> {
  await inRole(cluster, scratch, role);
  return JSON.parse(readFileSync(join(scratch, 'cost.json'), 'utf8')) as Cost;
}

async function inRole(cluster: RealCluster, scratch: string, role: keyof typeof roles): Promise<void> {
  const words = [process.execPath, process.argv[1] ?? '', role, cluster.directory, scratch];
  const { code, stdout, stderr } = await cluster.run(words, '', 300_000);
  if (code !== 0) throw new Error(`${role} ended with ${code}\n${stdout}${stderr}`);
}

function clusterIn(tree: string): Cluster {
  return describeCluster(parseSpec(readFileSync(join(tree, 'kubetls.yaml'), 'utf8'), 'kubetls.yaml'));
}

async function inventoryIn(tree: string): Promise<Inventory> {
  return readInventory(await directoryStore(join(tree, 'kubetls-state')).read());
}

function addressesIn(scratch: string): (endpoint: Endpoint) => Endpoint['address'] {
  const text = readFileSync(join(scratch, 'connect.json'), 'utf8');
  const moved = JSON.parse(text) as Readonly<Record<string, string>>;
  return ({ id, address }) => {
    const [host = '', port = ''] = moved[id]?.split(':') ?? [];
    return host === '' ? address : { host, port: Number(port) };
  };
}

async function proving(tree: string, scratch: string): Promise<() => Promise<ProofReport>> {
  const { edges, spec } = clusterIn(tree);
  const inventory = await inventoryIn(tree);
  const addresses = spec.nodes.flatMap((node) => node.addresses);
  return async () => {
    const report = await prove({
      edges,
      inventory,
      vantage: vantageFrom(spec.nodes, addresses),
      addressOf: addressesIn(scratch),
      clock: { now: Date.now },
      random: systemRandom(),
      keys: systemKeys(),
      timeout: 30_000,
      concurrency: CONCURRENCY,
    });
    const failed = report.edges.filter(({ observed }) => observed?.ok !== true).map(({ edge }) => edge.id);
    if (failed.length > 0) throw new Error(`not proven: ${failed.join(', ')}`);
    return report;
  };
}

/** As kubetls restarts them, in its order, with nothing before and after. */
async function restartAll({ spec, endpoints }: Cluster): Promise<void> {
  const controllers: readonly ComponentName[] = ['kube-controller-manager', 'kube-scheduler'];
  for (const { name, roles: has, addresses, host: text } of spec.nodes) {
    const host = openHost(text ?? '');
    const restarter = hostRestarter(host, spec.services);
    for (const component of has.includes('control-plane') ? controllers : []) {
      await restarter.restart(component);
      const { address } = endpoints.find(({ id }) => id === `${component}@${name}`) ?? { address: undefined };
      await untilWell(`https://${address?.host}:${address?.port}/healthz`);
    }
    await restarter.restart('kubelet');
    await untilWell(`http://${addresses[0]}:10248/healthz`);
    await host.close();
  }
}

async function untilWell(url: string): Promise<void> {
  const asked = () =>
    new Promise<boolean>((resolve) => {
      const get = url.startsWith('https:') ? getHttps : getHttp;
      get(url, { rejectUnauthorized: false, agent: false }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode === 200));
      }).once('error', () => resolve(false));
    });
  while (!(await asked())) await sleep(100);
}
