import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { untilAggregated } from './aggregation.ts';
import { proveAnswer } from '../kubetls-program.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import { holderOf, leaderOf, untilTaken } from './lease.ts';
import { runPods } from './pods.ts';
import { SCENARIOS } from './scenarios.ts';

const LONG = 120_000; // milliseconds

describe.skipIf('missing' in ground).each(SCENARIOS.map((scenario) => [scenario.title, scenario] as const))(
  'a real control plane, %s (needs Go, root and network namespaces)',
  (_, scenario) => {
    const cluster = booted(scenario);
    const kubectl = (...words: string[]) => cluster().mustKubectl(words);
    const nodes = () => cluster().wiring.kubelets.map(({ node }) => node);

    it('has every node Ready', async () => {
      const ready = '{range .items[*]}{.metadata.name}={.status.conditions[?(@.type=="Ready")].status} {end}';
      const said = await kubectl('get', 'nodes', '-o', `jsonpath=${ready}`);
      expect(said.trim().split(' ').sort()).toEqual(
        nodes()
          .map((node) => `${node}=True`)
          .sort(),
      );
    });

    it(
      'brings logs and exec from each kubelet, through each kube-apiserver',
      async () => {
        await runPods(cluster(), nodes());
        for (const { address } of cluster().wiring.apiservers) {
          const through = ['--server', `https://${address.host}:${address.port}`];
          for (const node of nodes()) {
            expect(await kubectl(...through, 'logs', `on-${node}`)).toBe('this is still\n');
            const said = await kubectl(...through, 'exec', `on-${node}`, '--', 'printenv', 'CONTAINER');
            expect(said).toContain(`on-${node}`);
          }
        }
      },
      LONG,
    );

    it('puts the authority of the cluster in every pod', async () => {
      const { tree } = cluster();
      for (const node of nodes()) {
        const uid = await kubectl('get', 'pod', `on-${node}`, '-o', 'jsonpath={.metadata.uid}');
        const volumes = `/proc/${cluster().component(`kubelet@${node}`).pid()}/root/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~projected`;
        const [volume = ''] = await readdir(volumes);
        expect(await readFile(`${volumes}/${volume}/ca.crt`, 'utf8')).toBe(
          await readFile(tree.at('authorities/cluster/g1/ca.crt'), 'utf8'),
        );
      }
    });

    it(
      'answers for an aggregated API server, behind the front proxy',
      async () => {
        const answers = await untilAggregated(cluster());
        expect(answers).toHaveLength(cluster().wiring.apiservers.length);
        for (const said of answers) expect(said).toContain('"name":"flunders"');
      },
      LONG,
    );

    it.each(['kube-controller-manager', 'kube-scheduler'] as const)(
      'is led by one %s',
      async (component) => {
        const leader = await leaderOf(cluster(), component);
        expect(leader.id).toMatch(`${component}@cp`);
        expect(await holderOf(cluster(), component)).not.toBe('');
      },
      LONG,
    );

    it('has no word of TLS in any log', () => {
      expect(cluster().faults()).toEqual([]);
    });

    it(
      'is proven by kubetls: every edge and every refusal that the tables say',
      async () => {
        const report = proveAnswer(await cluster().kubetls(['prove', ...cluster().connect, '-o', 'json']));
        const { edges, refusals } = scenario.expect;
        const notOk = ({ state }: { state: string }) => state !== 'ok';
        expect(report.edges.filter(notOk)).toEqual([]);
        expect(report.refusals.filter(notOk)).toEqual([]);
        expect({ edges: report.edges.length, refusals: report.refusals.length }).toMatchObject({
          edges,
          refusals,
        });
        expect(report.code).toBe(0);
      },
      LONG,
    );

    // Not skipped elsewhere: the gate skips nothing.
    if (scenario.expect.failover) {
      it(
        'has another controller manager lead when the leader ends',
        async () => {
          const component = 'kube-controller-manager';
          const leader = await leaderOf(cluster(), component);
          const before = await holderOf(cluster(), component);
          await leader.stop();
          await untilTaken(cluster(), component, before);
          expect((await leaderOf(cluster(), component)).id).not.toBe(leader.id);
        },
        LONG,
      );
    }
  },
);
