import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { KUBERNETES } from '../../../scripts/real-programs.mjs';
import { kubetlsCommand, proveAnswer } from '../kubetls-program.ts';
import { untilAggregated } from './aggregation.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
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
}

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
    findings: ['info admins-member', 'info authority-weaker', 'warning masters-member'],
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
  },
];

// The kubeadm that is built is of 1.37, and makes clusters of no release that is older by two.
const possible = ADOPTED.filter(({ design }) => design.pki !== 'kubeadm' || KUBERNETES === '1.37');

describe.skipIf('missing' in ground).each(possible.map((one) => [one.design.title, one] as const))(
  'a real cluster, %s, adopted (needs Go, root and network namespaces)',
  (_, { design, items, keyless, edges, refusals, findings }) => {
    const cluster = booted(design);
    let place = 'adopted';
    const adopted = () => ({
      yaml: path.join(cluster().directory, place, 'kubetls.yaml'),
      state: path.join(cluster().directory, place, 'kubetls-state'),
    });
    const kubetls = async (...words: string[]) => cluster().run(await kubetlsCommand(adopted(), words));

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
        const { code, stdout } = await kubetls('check', '-o', 'json');
        expect(code).toBe(0);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape that docs promise
        const { findings: told } = JSON.parse(stdout) as { findings: { id: string; severity: string }[] };
        expect([...new Set(told.map(({ id, severity }) => `${severity} ${id}`))].sort()).toEqual(findings);
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
  },
);
