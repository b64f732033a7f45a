// `kubetls renew --all` over a running cluster, with every edge of its tables under fresh handshakes: every leaf anew,
// what reloads by itself left alone, the rest restarted one at a time, and not one handshake that fails.
import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { KUBERNETES } from '../../../scripts/real-programs.mjs';
import type { Edge } from '../../../src/cluster/index.ts';
import type { Inventory } from '../../../src/inventory/index.ts';
import { kubetlsCommand, proveAnswer } from '../kubetls-program.ts';
import type { Outcome } from '../run-program.ts';
import { type Customers, servedWhile } from './customers.ts';
import { ground } from './ground.ts';
import { hammeredAtRest, hammeredWhile, YIELDING } from './hammer.ts';
import { failuresOf, fewest, hammerText } from './hammer-report.ts';
import { booted } from './in-test.ts';
import { judgeRenewal } from './judge-renewal.ts';
import { replaceOften } from './replace-often.ts';
import type { RealCluster } from './real-cluster.ts';
import { type Design, hosted, TOPOLOGIES, yamlOf } from './scenarios.ts';

const LONG = 300_000; // milliseconds

/** kubeconfigs of the flat profile name their files; kubeadm's hold what is in them, which is read at the start only. */
const onControlPlane = (node: string) =>
  ['kube-controller-manager', 'kube-scheduler', 'kubelet'].map((component) => `${component}@${node}`);

/** Before 1.36 a kubelet shows kube-apiserver the certificate of its start. */
const kubelets = (...nodes: string[]) =>
  KUBERNETES === '1.35' ? nodes.map((node) => `kubelet@${node}`) : [];

interface Row {
  title: string;
  profile: Design['profile'];
  topology: Design['topology'];
  /** In this order. */
  restarts: readonly string[];
  /** Handshakes a second that are asked for on each edge, and how many there must be where the machine can. */
  rate: number;
  atLeast: number;
}

const ROWS: readonly Row[] = [
  {
    title: 'flat',
    profile: 'flat',
    topology: TOPOLOGIES.single,
    restarts: kubelets('cp1', 'w1'),
    rate: 25,
    atLeast: 20,
  },
  {
    title: 'as kubeadm has it',
    profile: 'kubeadm',
    topology: TOPOLOGIES.single,
    restarts: [...onControlPlane('cp1'), 'kubelet@w1'],
    rate: 25,
    atLeast: 20,
  },
  {
    title: 'two control planes, three of etcd and three workers, as kubeadm has them',
    profile: 'kubeadm',
    topology: TOPOLOGIES.two,
    restarts: [
      ...['cp1', 'cp2'].flatMap(onControlPlane),
      ...['w1', 'w2', 'w3'].map((node) => `kubelet@${node}`),
    ],
    // Two processors: docs/real-cluster.md has what they can, and why it is not three control planes.
    rate: 23,
    atLeast: 20,
  },
];

describe.skipIf('missing' in ground).each(ROWS)(
  'every leaf of a running cluster anew, $title (needs Go, root and network namespaces)',
  ({ title, profile, topology, restarts, rate, atLeast }) => {
    const design: Design = { title: `renew, ${title}`, topology, profile, spec: [], cheapHandshakes: true };
    const cluster = booted(design);
    let old: Inventory | undefined;

    it(
      'is brought to the nodes without a failed handshake',
      async () => {
        const { disks, tree } = cluster();
        // The disks of its nodes are directories.
        await tree.edit(hosted(yamlOf(design), disks.of));
        old = await tree.inventory();
        const before = pids(cluster());
        const restarted: string[] = [];
        const work = async () => {
          let ended = await renew(cluster(), ['--all']);
          for (let i = 0; i < restarts.length && ended.code === 3; i++) {
            const [, owing = ''] = /error: restart (\S+): nobody restarts/.exec(ended.stderr) ?? [];
            restarted.push(owing);
            await cluster().component(owing).restart();
            ended = await renew(cluster(), ['--restarted', owing]);
          }
          expect(ended.code, ended.stdout + ended.stderr).toBe(0);
        };
        const atRest = await hammeredAtRest(cluster(), { rate });
        let customers: Customers | undefined;
        const report = await hammeredWhile(cluster(), { rate }, async () => {
          customers = await servedWhile(cluster(), work);
        });
        expect(restarted).toEqual(restarts);
        console.log(`${title}, at rest: ${hammerText(atRest)}`);
        console.log(`${title}: ${hammerText(report)}; ${customers?.served} times kubectl get`);
        judgeRenewal(cluster(), report, restarted, fewest(atLeast, atRest));
        expect(customers).toMatchObject({ refused: [], watched: true });
        const others = ([id]: readonly [string, number]) => !restarted.includes(id);
        expect(pids(cluster()).filter(others)).toEqual(before.filter(others));
        expect(cluster().faults()).toEqual([]);
        for (const item of tree.cluster().items) {
          if (item.kind !== 'pair' || item.owner?.kind !== 'node') continue;
          const { path } = item.certificate;
          expect(await readFile(disks.at(path), 'utf8'), path).toBe(await readFile(tree.at(path), 'utf8'));
        }
      },
      LONG,
    );

    it('is proven whole, and leaves nothing to do', async () => {
      // Who shows a new certificate ends its old connections, and with them a request that is under way.
      await vi.waitFor(async () => {
        const report = proveAnswer(await cluster().kubetls(['prove', ...cluster().connect, '-o', 'json']));
        const notOk = ({ state }: { state: string }) => state !== 'ok';
        expect(report.edges.filter(notOk)).toEqual([]);
        expect(report.refusals.filter(notOk)).toEqual([]);
        // What reloads by itself was not restarted, and nobody holds what is old.
        expect(report.inMemory.filter(({ state }) => state === 'stale')).toEqual([]);
        expect(report.inMemory.some(({ state, onDisk }) => state === 'fresh' && onDisk)).toBe(true);
      }, 60_000);
      expect((await renew(cluster(), [])).stdout).toContain('Nothing to do');
    });

    if (profile !== 'kubeadm' || topology !== TOPOLOGIES.single) return;
    it(
      'has its certificates replaced a thousand times, and nobody reads a torn pair',
      async () => {
        if (!old) throw new Error('nothing was renewed');
        const states = [old, await cluster().tree.inventory()];
        const includes = ({ endpoint: { component } }: Edge) =>
          component === 'kube-apiserver' || component === 'etcd';
        const before = cluster().faults().length; // strangers that prove had refused
        let replaced = 0;
        const report = await hammeredWhile(cluster(), { rate: 40, includes }, async () => {
          replaced = await replaceOften(cluster(), 'cp1', states, 1_000);
        });
        console.log(`${title}: ${replaced} replacements under ${hammerText(report)}`);
        // kube-apiserver's, etcd's and that for its peers.
        expect(replaced).toBe(3_000);
        expect(report.edges.filter((one) => failuresOf(one) + one.refused + one.cut > 0)).toEqual([]);
        // They were seen to change under the hammer, and no other certificate was.
        for (const { id, served, switches } of report.edges) {
          expect(served, id).toHaveLength(2);
          expect(switches, id).toBeGreaterThan(50);
        }
        expect(cluster().faults().slice(before)).toEqual([]);
      },
      LONG,
    );
  },
);

const pids = (cluster: RealCluster) => cluster.components().map((one) => [one.id, one.pid()] as const);

async function renew(cluster: RealCluster, words: readonly string[]): Promise<Outcome> {
  const command = await kubetlsCommand(cluster.tree, ['renew', ...words, '-y', ...cluster.connect]);
  return cluster.run([...YIELDING, ...command], '', LONG);
}
