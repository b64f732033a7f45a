// `kubetls rescue` over clusters of which every certificate has ended: dead API, no quorum of etcd, kubelets that nobody
// believes. The commands are those of docs/rescue.md. Where kubetls restarts by itself, one of them does it all.
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { root } from '../../../scripts/setup.mjs';
import { YEAR } from '../../../src/base/index.ts';
import { SSHD } from '../../../src/hosts/ssh/sshd.fixture.ts';
import { readCertificates } from '../../../src/x509/index.ts';
import { proveAnswer } from '../kubetls-program.ts';
import type { Outcome } from '../run-program.ts';
import { dieOfAge } from './aged.ts';
import { faultsSince, readSoFar } from './faults.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import type { RealCluster } from './real-cluster.ts';
import { type Design, hosted, sshOf, TOPOLOGIES, yamlOf } from './scenarios.ts';
import { restartedByCommand, servicesByCommand } from './restart-by-command.ts';
import { pidsOf, startedAnew } from './process-starts.ts';
import { readySince } from './ready-since.ts';
import { canBeReached } from './sshd.ts';
import { until } from './until.ts';

const LONG = 300_000; // milliseconds
/** A dead kube-apiserver takes its time to end, and has nothing left to do. */
const TO_END = 2_000; // milliseconds
const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet'];
const CA = 'authorities/cluster/g1/ca.crt';

interface Row {
  title: string;
  design: Pick<Design, 'topology' | 'spec' | 'ssh' | 'staticPods'> & { born: number };
  authorities: boolean;
  /** Nobody has a file and a state: both are made from the dead disks. */
  adopted: boolean;
  rescued: (cluster: RealCluster) => Promise<Rescued>;
}

const ROWS: readonly Row[] = [
  {
    title: 'three of each, every leaf',
    design: { topology: TOPOLOGIES.ha, spec: [], born: 2 * YEAR },
    authorities: false,
    adopted: false,
    rescued: byHand,
  },
  {
    title: 'one of each, authorities too, kubelets that see to their own certificates, adopted when dead',
    design: { topology: TOPOLOGIES.single, spec: ['kubelets: { client: rotated }'], born: 11 * YEAR },
    authorities: true,
    adopted: true,
    rescued: byHand,
  },
  {
    title: 'authorities too, restarted by itself',
    design: {
      topology: TOPOLOGIES.single,
      spec: [servicesByCommand(PROGRAMS)],
      ssh: true,
      born: 11 * YEAR,
    },
    authorities: true,
    adopted: false,
    rescued: byCommand,
  },
  {
    title: 'static pods, restarted by itself',
    design: { topology: TOPOLOGIES.single, spec: [], staticPods: true, born: 2 * YEAR },
    authorities: false,
    adopted: false,
    rescued: byDefault,
  },
];

for (const row of ROWS)
  describe.skipIf(isMissing(row.design))(
    `a cluster whose certificates have ended, ${row.title} (needs Go, root, network namespaces and sshd)`,
    () => isRescued(row),
  );

function isRescued({ title, design: given, authorities, adopted, rescued }: Row): void {
  const design: Design = { title: `rescue, ${title}`, profile: 'kubeadm', ...given };
  const { topology } = design;
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
      const described = adopted ? await adoptedText(cluster(), nodes) : yamlOf(design);
      await tree.edit(hosted(described, design.ssh || design.staticPods ? sshOf(topology) : disks.of));
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
      const [kubelets, pods] = [on('kubelet'), PROGRAMS.slice(0, -1).flatMap((one) => on(one))];
      // Static pods wait for their kubelet.
      const first = rescued !== byCommand ? [...kubelets, ...pods] : [...pods, ...kubelets];
      expect(waves.flat()).toEqual([...first, ...on('kubelet', workers)]);
      // Members of etcd were restarted together: none is well alone.
      if (rescued === byHand) expect(waves[0]).toEqual([...kubelets, ...on('etcd')]);
      const after = await readFile(tree.at(CA));
      expect(after.equals(before)).toBe(!authorities);
      const key = (pem: Buffer) => readCertificates(pem).certificates[0]?.publicKey.spki;
      expect(key(after)).toEqual(key(before));
      const read = readSoFar(cluster().components());
      await readySince(cluster(), nodes, since);
      expect(faultsSince(cluster().components(), read)).toEqual([]);
      expect(await cluster().mustKubectl(['get', 'configmap', 'kept', '-o', 'jsonpath={.data.a}'])).toBe('b');
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
        expect(report.inMemory.filter(({ state }) => state === 'stale')).toEqual([]);
      }, 60_000);
      const again = await cluster().kubetls(['rescue', '-y', ...cluster().connect]);
      expect({ code: again.code, err: again.stderr }).toEqual({ code: 0, err: '' });
      expect(again.stdout).toContain(`Nothing to rescue: no certificate on ${nodes.length} nodes has ended`);
      expect((await cluster().kubetls(['plan', '--detailed-exitcode'])).code).toBe(0);
    },
    LONG,
  );

  it('has kept what it replaced, on the nodes and in the state', async () => {
    const { disks, tree } = cluster();
    for (const node of nodes) {
      const kept = await readdir(path.join(disks.of(node), 'var/lib/kubetls/backups'), {
        recursive: true,
      });
      expect(kept.filter((file) => file.endsWith('kubelet.crt'))).toHaveLength(1);
    }
    const backups = await readdir(path.join(tree.state, 'backups'), { recursive: true });
    expect(backups.filter((file) => file.endsWith('apiserver.crt'))).toHaveLength(planes.length);
    const ledger = await readFile(path.join(tree.state, 'ledger'), 'utf8');
    for (const node of planes)
      expect(ledger.split(`"action":"node/${node}/apiserver"`)).toHaveLength(adopted ? 2 : 3);
  });
}

function isMissing({ staticPods, ssh }: Row['design']): boolean {
  if (staticPods) return !canBeReached;
  return 'missing' in ground || (ssh === true && SSHD === undefined);
}

interface Rescued {
  ended: Outcome;
  /** What was restarted. */
  waves: readonly string[][];
}

/** With nobody's hand in it. */
async function byCommand(cluster: RealCluster): Promise<Rescued> {
  const restarts = await restartedByCommand(cluster);
  restarts.patience = TO_END;
  try {
    const ended = await cluster.kubetls(['rescue', '-y', ...cluster.connect], '', LONG);
    return { ended, waves: [restarts.done.map(({ id }) => id)] };
  } finally {
    await restarts.close();
  }
}

/** Manifests and units, as kubeadm has them. */
async function byDefault(cluster: RealCluster): Promise<Rescued> {
  const ids = cluster.components().map(({ id }) => id);
  const restarted = ids.filter((id) => PROGRAMS.includes(id.replace(/@.*/, '')));
  const before = pidsOf(cluster, restarted);
  const ended = await cluster.kubetls(['rescue', '-y', ...cluster.connect], '', LONG);
  return { ended, waves: [startedAnew(cluster, before)] };
}

/** As a person does it: what it says is restarted, and it is told so. */
async function byHand(cluster: RealCluster): Promise<Rescued> {
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
    const words = wave.flatMap((place) => ['--restarted', place]);
    ended = await cluster.kubetls(['rescue', '-y', ...words, ...cluster.connect]);
  }
  return { ended, waves };
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
