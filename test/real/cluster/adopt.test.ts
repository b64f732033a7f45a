import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { KUBERNETES } from '../../../scripts/real-programs.mjs';
import { checkAnswer, kubetlsCommand, proveAnswer, told } from '../kubetls-program.ts';
import { untilAggregated } from './aggregation.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import { untilPublished } from './published.ts';
import { type Design, TOPOLOGIES } from './scenarios.ts';

const LONG = 60_000; // milliseconds
const TO_END = 2_000; // of a kube-apiserver

interface Adopted {
  design: Design;
  /** Of which plan and state then speak. */
  items: number;
  /** Authorities whose keys are on no node. */
  keyless: readonly string[];
  edges: number;
  refusals: number;
  /** Of `check`: what is really so. */
  findings: readonly string[];
  /** In how many files the cluster's authority stands, where it is weaker than what it signs; 0 where it is not. */
  weak: number;
}

const CONTROL_PLANES = ['cp1', 'cp2', 'cp3'];
/** In the API: kube-root-ca.crt of four namespaces, and what aggregated servers verify clients with. */
const PUBLISHED = 5;

const ADOPTED: readonly Adopted[] = [
  {
    design: {
      title: 'three of each, made by kubeadm',
      topology: TOPOLOGIES.ha,
      profile: 'kubeadm',
      pki: 'kubeadm',
      spec: [
        'keys: { algorithm: rsa-2048 }',
        'kubelets: { serving: self-signed, client: rotated }',
        'users: []',
      ],
    },
    items: 62,
    keyless: [],
    edges: 105,
    refusals: 88,
    findings: [
      ...CONTROL_PLANES.map((name) => `info admins-member at nodes/${name}/etc/kubernetes/admin.conf`),
      'warning masters-member at nodes/cp1/etc/kubernetes/super-admin.conf',
    ],
    weak: 23,
  },
  {
    design: {
      title: 'single, made by hand with openssl',
      topology: TOPOLOGIES.single,
      profile: 'flat',
      pki: 'openssl',
      spec: [],
    },
    items: 30,
    keyless: ['etcd', 'front-proxy'],
    // As in boots.test.ts, less the three of the administrator: he is on no node.
    edges: 14,
    refusals: 20,
    findings: [],
    weak: 0,
  },
];

for (const one of ADOPTED) {
  const { title, pki } = one.design;
  // The kubeadm that is built is of 1.37, and makes clusters of no release that is older by two.
  const isPossible = pki !== 'kubeadm' || KUBERNETES === '1.37';
  const needs = `needs Go, root and network namespaces${pki === 'kubeadm' ? ', and Kubernetes 1.37' : ''}`;
  describe.skipIf('missing' in ground || !isPossible)(`a real cluster, ${title}, adopted (${needs})`, () =>
    adopting(one),
  );
}

function adopting({ design, items, keyless, edges, refusals, findings, weak }: Adopted): void {
  const cluster = booted(design);
  let place = 'adopted';
  const adopted = () => ({
    yaml: path.join(cluster().directory, place, 'kubetls.yaml'),
    state: path.join(cluster().directory, place, 'kubetls-state'),
  });
  const kubetls = async (...words: string[]) => cluster().run(await kubetlsCommand(adopted(), words));

  const check = async (...live: string[]) => {
    const answer = checkAnswer(await kubetls('check', ...live, '-o', 'json'));
    return { code: answer.code, told: told(answer) };
  };

  /** What is really so, where the authority stands in so many more places. */
  const soWith = (more: number) => {
    const weaker = `info authority-weaker at authorities/cluster/g1/ca.crt and ${weak - 1 + more} more`;
    return { code: 0, told: [...findings, ...(weak > 0 ? [weaker] : [])].sort() };
  };

  it('has no word of TLS in any log', () => {
    expect(cluster().faults()).toEqual([]);
  });

  const adopt = async () => {
    const { nodes } = design.topology;
    const { disks } = cluster();
    await mkdir(path.dirname(adopted().yaml));
    // Nothing on kubeadm's workers has their address: their kubelets asked for a client certificate only.
    const silent = nodes.filter(({ roles }) => design.pki === 'kubeadm' && roles.includes('worker'));
    return kubetls(
      'adopt',
      ...nodes.map(({ name }) => `${name}=${disks.of(name)}`),
      ...silent.flatMap(({ name, address }) => ['--address', `${name}=${address}`]),
    );
  };

  it('is described by what adopt writes, and a plan has nothing to do', async () => {
    const found = await adopt();
    const warnings = keyless.map(
      (authority) =>
        `warning: the key of the authority ${authority} is not in these trees: nothing can be issued from it here\n`,
    );
    expect(found).toMatchObject({ code: 0, stderr: warnings.join('') });
    expect(found.stdout).toContain(`Nothing to do: ${items} items in order.`);
    const plan = await kubetls('plan', '--detailed-exitcode');
    expect(plan.code, plan.stdout).toBe(0);
  });

  it('is proven whole', async () => {
    await untilAggregated(cluster());
    const report = proveAnswer(await kubetls('prove', ...cluster().connect, '-o', 'json'));
    const notOk = ({ state }: { state: string }) => state !== 'ok';
    expect(report.edges.filter(notOk)).toEqual([]);
    expect(report.refusals.filter(notOk)).toEqual([]);
    expect([report.edges.length, report.refusals.length, report.code]).toEqual([edges, refusals, 0]);
  });

  it('is in order, but for what is really so', async () => {
    expect(await check()).toEqual(soWith(0));
  });

  it('is in order in its API, too', async () => {
    await untilPublished(cluster());
    expect(await check('--live', '--kubeconfig', cluster().wiring.admin)).toEqual(soWith(PUBLISHED));
  });

  describe('with every kube-apiserver stopped', () => {
    beforeAll(async () => {
      const { apiservers } = cluster().programs;
      await Promise.all(apiservers.map((one) => one.stop(TO_END)));
    }, LONG);

    it('is described by the same file, and a plan has nothing to do', async () => {
      const before = await readFile(adopted().yaml, 'utf8');
      place = 'adopted-again';
      expect((await adopt()).stdout).toContain(`Nothing to do: ${items} items in order.`);
      expect(await readFile(adopted().yaml, 'utf8')).toBe(before);
      expect((await kubetls('plan', '--detailed-exitcode')).code).toBe(0);
    });

    it('is in order, but for what is really so', async () => {
      expect(await check()).toEqual(soWith(0));
    });

    it('is unknown to check --live, which says how to go on', async () => {
      const admin = ['--kubeconfig', cluster().wiring.admin];
      const { code, stderr, stdout } = await kubetls('check', '--live', ...admin);
      expect(code).toBe(3);
      expect(stderr).toMatch(
        /^warning: unknown: the running cluster: .*kube-apiserver:6443.*\nhint: .*prove .*rescue/m,
      );
      expect(stdout).toMatch(/not seen: the running cluster\.$/m);
      expect(stdout).not.toContain('✓');
    });
  });
}
