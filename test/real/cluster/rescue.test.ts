// `kubetls rescue` over clusters of which every certificate has ended: dead API, no quorum of etcd, kubelets that nobody
// believes. The commands are those of docs/rescue.md.
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { root } from '../../../scripts/setup.mjs';
import { YEAR } from '../../../src/base/index.ts';
import { readCertificates } from '../../../src/x509/index.ts';
import { proveAnswer } from '../kubetls-program.ts';
import type { Outcome } from '../run-program.ts';
import { dieOfAge } from './aged.ts';
import { faultsSince, readSoFar } from './faults.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import type { RealCluster } from './real-cluster.ts';
import { type Design, TOPOLOGIES, yamlOf } from './scenarios.ts';
import { until } from './until.ts';

const LONG = 300_000; // milliseconds
/** A dead kube-apiserver takes its time to end, and has nothing left to do. */
const TO_END = 2_000; // milliseconds
const CA = 'authorities/cluster/g1/ca.crt';

interface Row {
  title: string;
  design: Pick<Design, 'topology' | 'spec'> & { born: number };
  authorities: boolean;
  /** Nobody has a file and a state: both are made from the dead disks. */
  adopted: boolean;
}

const ROWS: readonly Row[] = [
  {
    title: 'three of each, every leaf',
    design: { topology: TOPOLOGIES.ha, spec: [], born: 2 * YEAR },
    authorities: false,
    adopted: false,
  },
  {
    title: 'one of each, authorities too, kubelets that see to their own certificates, adopted when dead',
    design: { topology: TOPOLOGIES.single, spec: ['kubelets: { client: rotated }'], born: 11 * YEAR },
    authorities: true,
    adopted: true,
  },
];

describe.skipIf('missing' in ground).each(ROWS)(
  'a cluster whose certificates have ended, $title (needs Go, root and network namespaces)',
  ({ title, design: { topology, spec, born }, authorities, adopted }) => {
    const design: Design = { title: `rescue, ${title}`, topology, profile: 'kubeadm', spec, born };
    const cluster = booted(design);
    const nodes = topology.nodes.map(({ name }) => name);
    const planes = topology.nodes
      .filter(({ roles }) => roles.includes('control-plane'))
      .map(({ name }) => name);
    const on = (component: string, names = planes) => names.map((node) => `${component}@${node}`);

    it(
      'is dead: the API says so, and etcd',
      async () => {
        await cluster().mustKubectl(['create', 'configmap', 'kept', '--from-literal=a=b']);
        await dieOfAge(cluster());
        await until('kubectl and etcd are refused', async () => {
          const { code } = await cluster().kubectl(['get', 'nodes', '--request-timeout=2s']);
          const logs = planes.map((node) => cluster().component(`etcd@${node}`).lastLog());
          return (
            code !== 0 &&
            logs.every((log) => /certificate has expired|bad certificate|expired certificate/.test(log))
          );
        });
      },
      LONG,
    );

    it(
      'is rescued by the commands of the page',
      async () => {
        const { disks, tree } = cluster();
        await tree.edit(
          (adopted ? await adoptedText(cluster(), nodes) : yamlOf(design)).replaceAll(
            /\{ name: (\w+),/g,
            (whole, node: string) =>
              nodes.includes(node) ? `{ name: ${node}, host: ${disks.of(node)},` : whole,
          ),
        );
        const before = await readFile(tree.at(CA));
        const commands =
          (await readFile(path.join(root, 'docs/rescue.md'), 'utf8')).match(/^kubetls .*/gm) ?? [];
        expect(commands).toEqual(['kubetls rescue --plan', 'kubetls rescue', 'kubetls prove']);
        const plan = await cluster().kubetls(['rescue', '--plan']);
        expect(plan.code, plan.stderr).toBe(0);
        expect(plan.stdout).toMatch(
          new RegExp(`^✗ etcd +${planes.length} of ${planes.length}: ${planes.join(', ')}; ended `, 'm'),
        );
        expect(plan.stdout.includes('✗ authority cluster')).toBe(authorities);
        const since = Date.now();
        const { ended, waves } = await rescued(cluster());
        expect(ended.code, ended.stdout + ended.stderr).toBe(0);
        expect(ended.stdout).toMatch(/✓ \d+ edges proven by handshakes \(observed\)/);
        const workers = nodes.filter((node) => !planes.includes(node));
        expect(waves.flat()).toEqual([
          ...on('kubelet'),
          ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].flatMap((one) =>
            on(one),
          ),
          ...on('kubelet', workers),
        ]);
        // Members of etcd were restarted together: none is well alone.
        expect(waves[0]).toEqual([...on('kubelet'), ...on('etcd')]);
        const after = await readFile(tree.at(CA));
        expect(after.equals(before)).toBe(!authorities);
        const key = (pem: Buffer) => readCertificates(pem).certificates[0]?.publicKey.spki;
        expect(key(after)).toEqual(key(before));
        const read = readSoFar(cluster().components());
        await readyAgain(cluster(), nodes, since);
        expect(faultsSince(cluster().components(), read)).toEqual([]);
        expect(await cluster().mustKubectl(['get', 'configmap', 'kept', '-o', 'jsonpath={.data.a}'])).toBe(
          'b',
        );
      },
      LONG,
    );

    it(
      'is proven, every edge and every refusal, and leaves nothing to do',
      async () => {
        await vi.waitFor(async () => {
          const report = proveAnswer(await cluster().kubetls(['prove', ...cluster().connect, '-o', 'json']));
          const notOk = ({ state }: { state: string }) => state !== 'ok';
          expect(report.edges.filter(notOk)).toEqual([]);
          expect(report.refusals.filter(notOk)).toEqual([]);
        }, 60_000);
        const again = await cluster().kubetls(['rescue', '-y', ...cluster().connect]);
        expect({ code: again.code, err: again.stderr }).toEqual({ code: 0, err: '' });
        expect(again.stdout).toContain(
          `Nothing to rescue: no certificate on ${nodes.length} nodes has ended`,
        );
        expect((await cluster().kubetls(['plan', '--detailed-exitcode'])).code).toBe(0);
      },
      LONG,
    );

    it('has kept what it replaced, on the nodes and in the state', async () => {
      const { disks, tree } = cluster();
      for (const node of nodes) {
        const kept = await readdir(path.join(disks.of(node), 'var/lib/kubetls/backups'), { recursive: true });
        expect(kept.filter((file) => file.endsWith('kubelet.crt'))).toHaveLength(1);
      }
      const backups = await readdir(path.join(tree.state, 'backups'), { recursive: true });
      expect(backups.filter((file) => file.endsWith('apiserver.crt'))).toHaveLength(planes.length);
      const ledger = await readFile(path.join(tree.state, 'ledger'), 'utf8');
      for (const node of planes)
        expect(ledger.split(`"action":"node/${node}/apiserver"`)).toHaveLength(adopted ? 2 : 3);
    });
  },
);

/** As a person does it: what it says is restarted, and it is told so. */
async function rescued(cluster: RealCluster): Promise<{ ended: Outcome; waves: string[][] }> {
  const waves: string[][] = [];
  let ended = await cluster.kubetls(['rescue', '-y', ...cluster.connect]);
  while (ended.code === 3 && waves.length < 20) {
    const wave = [...ended.stderr.matchAll(/--restarted (\S+)/g)].map(([, place = '']) => place);
    if (wave.length === 0) break;
    waves.push(wave);
    await Promise.all(
      wave.map(async (place) => {
        const component = cluster.component(place);
        await component.stop(TO_END);
        await component.start();
      }),
    );
    // Its pod is started anew by a kubelet, when it ends.
    if (wave.some((place) => place.startsWith('kube-scheduler')))
      await cluster
        .components()
        .find(({ id }) => id.startsWith('aggregated-apiserver'))
        ?.restart();
    const words = wave.flatMap((place) => ['--restarted', place]);
    ended = await cluster.kubetls(['rescue', '-y', ...words, ...cluster.connect]);
  }
  return { ended, waves };
}

/** Not by what was said before it died: every kubelet has renewed its lease since. */
async function readyAgain(cluster: RealCluster, nodes: readonly string[], since: number): Promise<void> {
  await until('kubelets renew their leases', async () => {
    const template = '{range .items[*]}{.metadata.name} {.spec.renewTime}{"\\n"}{end}';
    const said = await cluster.mustKubectl([
      'get',
      'lease',
      '-n',
      'kube-node-lease',
      '-o',
      `jsonpath=${template}`,
    ]);
    const renewed = new Map(
      said.split('\n').map((line) => [line.split(' ')[0], line.split(' ')[1]] as const),
    );
    return nodes.every((node) => Date.parse(renewed.get(node) ?? '') > since);
  });
  await cluster.mustKubectl([
    'wait',
    '--for=condition=Ready',
    ...nodes.map((node) => `node/${node}`),
    '--timeout=60s',
  ]);
}

/** What `kubetls adopt` makes of the disks; the state is its own. */
async function adoptedText(cluster: RealCluster, nodes: readonly string[]): Promise<string> {
  const { tree, disks } = cluster;
  await rm(tree.state, { recursive: true });
  await rm(tree.yaml);
  const { code, stdout, stderr } = await cluster.kubetls([
    'adopt',
    ...nodes.map((node) => `${node}=${disks.of(node)}`),
  ]);
  if (code !== 0) throw new Error(`adopt ended with ${code}\n${stdout}${stderr}`);
  return readFile(tree.yaml, 'utf8');
}
