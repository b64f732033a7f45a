// `kubetls renew --all` over a running cluster: every leaf anew, what reloads by itself left alone, the rest restarted
// one at a time, and not one failed handshake with what stays up.
import { readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { type HandshakeClient, handshakesDuring } from '../handshakes.ts';
import { proveAnswer } from '../kubetls-program.ts';
import type { Outcome } from '../run-program.ts';
import { at } from './commands.ts';
import { tunnel } from './dial.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import type { RealCluster } from './real-cluster.ts';
import { type Design, TOPOLOGIES, yamlOf } from './scenarios.ts';

const LONG = 300_000; // milliseconds

/** kubeconfigs of the flat profile name their files; kubeadm's hold what is in them, which is read at the start only. */
const onControlPlane = (node: string) =>
  ['kube-controller-manager', 'kube-scheduler', 'kubelet'].map((component) => `${component}@${node}`);

interface Row {
  title: string;
  profile: Design['profile'];
  topology: Design['topology'];
  /** In this order. */
  restarts: readonly string[];
}

const ROWS: readonly Row[] = [
  { title: 'flat', profile: 'flat', topology: TOPOLOGIES.single, restarts: [] },
  {
    title: 'as kubeadm has it',
    profile: 'kubeadm',
    topology: TOPOLOGIES.single,
    restarts: [...onControlPlane('cp1'), 'kubelet@w1'],
  },
  {
    title: 'three of each, as kubeadm has them',
    profile: 'kubeadm',
    topology: TOPOLOGIES.ha,
    restarts: [
      ...['cp1', 'cp2', 'cp3'].flatMap(onControlPlane),
      ...['w1', 'w2', 'w3'].map((node) => `kubelet@${node}`),
    ],
  },
];

describe.skipIf('missing' in ground).each(ROWS)(
  'every leaf of a running cluster anew, $title (needs Go, root and network namespaces)',
  ({ title, profile, topology, restarts }) => {
    const design: Design = { title: `renew, ${title}`, topology, profile, spec: [] };
    const cluster = booted(design);

    it(
      'is brought to the nodes without a failed handshake',
      async () => {
        const { disks, tree } = cluster();
        // The disks of its nodes are directories.
        const yaml = yamlOf(design).replaceAll(/\{ name: (\w+),/g, (whole, node: string) =>
          topology.nodes.some(({ name }) => name === node)
            ? `{ name: ${node}, host: ${disks.of(node)},`
            : whole,
        );
        await tree.edit(yaml);
        const before = pids(cluster());
        const restarted: string[] = [];
        const hammers = await hammered(cluster(), async () => {
          let ended = await renew(cluster(), ['--all']);
          for (let i = 0; i < restarts.length && ended.code === 3; i++) {
            const [, owing = ''] = /error: restart (\S+): nobody restarts/.exec(ended.stderr) ?? [];
            restarted.push(owing);
            await cluster().component(owing).restart();
            ended = await renew(cluster(), ['--restarted', owing]);
          }
          expect(ended.code, ended.stdout + ended.stderr).toBe(0);
        });
        expect(restarted).toEqual(restarts);
        for (const { failures, serials, done } of hammers) {
          expect(failures).toEqual([]);
          expect(serials).toHaveLength(2);
          expect(done).toBeGreaterThan(20);
        }
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
      }, 10_000);
      expect((await renew(cluster(), [])).stdout).toContain('Nothing to do');
    });
  },
);

const pids = (cluster: RealCluster) => cluster.components().map((one) => [one.id, one.pid()] as const);

function renew(cluster: RealCluster, words: readonly string[]): Promise<Outcome> {
  return cluster.kubetls(['renew', ...words, '-y', ...cluster.connect]);
}

/** Two lanes of fresh handshakes with kube-apiserver, and two with etcd, which both stay up throughout. */
async function hammered(cluster: RealCluster, work: () => Promise<void>) {
  const { tree, wiring, namespace } = cluster;
  const [apiserver] = wiring.apiservers;
  const [etcd] = wiring.etcd;
  if (!apiserver || !etcd) throw new Error('there is no control plane');
  const people = async (): Promise<HandshakeClient> => {
    const name = tree.cluster().spec.profile === 'flat' ? 'admin' : 'kube-admin';
    const read = (file: string) => readFile(tree.at(`users/kube-admin/${file}`));
    return { cert: await read(`${name}.crt`), key: await read(`${name}.key`), ca: await read('ca.crt') };
  };
  const member = { cert: await readFile(apiserver.etcd.cert), key: await readFile(apiserver.etcd.key) };
  const through =
    ({ host, port }: typeof etcd.client) =>
    () =>
      tunnel(namespace.door, host, port);
  let inner: Awaited<ReturnType<typeof handshakesDuring>> | undefined;
  const outer = await handshakesDuring(
    `https://${at(apiserver.address)}/readyz`,
    await people(),
    async () => {
      inner = await handshakesDuring(
        `https://${at(etcd.client)}/health`,
        { ...member, ca: await readFile(apiserver.etcd.ca) },
        work,
        through(etcd.client),
      );
    },
    through(apiserver.address),
  );
  return inner ? [outer, inner] : [outer];
}
