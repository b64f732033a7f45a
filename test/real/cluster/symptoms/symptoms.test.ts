// Faults of a running cluster: the lines that its programs really print of them lead back to what was planted.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { proveAnswer } from '../../kubetls-program.ts';
import { ground } from '../ground.ts';
import { booted } from '../in-test.ts';
import { runPods } from '../pods.ts';
import { type Design, TOPOLOGIES } from '../scenarios.ts';
import { anchors } from './anchors.ts';
import { clients, components } from './clients.ts';
import { etcd } from './etcd.ts';
import { frontProxy } from './front-proxy.ts';
import { keys } from './keys.ts';
import { kubelets } from './kubelets.ts';
import { peers } from './peers.ts';
import { play } from './play.ts';
import { serving } from './serving.ts';

const LONG = 200_000; // milliseconds

/** Two more members, so that etcd lives on while one of them is at fault. */
const DESIGN: Design = {
  title: 'faults',
  topology: {
    nodes: [
      ...TOPOLOGIES.single.nodes,
      { name: 'etcd2', roles: ['etcd'], address: '10.20.0.12' },
      { name: 'etcd3', roles: ['etcd'], address: '10.20.0.13' },
    ],
    balancer: undefined,
  },
  profile: 'flat',
  spec: [],
};

const ROWS = [serving, clients, components, anchors, etcd, peers, kubelets, frontProxy, keys].flat();

describe.skipIf('missing' in ground)(
  'a fault of a real cluster is the first cause of every line that it makes (needs Go, root and network namespaces)',
  () => {
    const cluster = booted(DESIGN);
    beforeAll(() => runPods(cluster(), ['cp1']), LONG);

    it.each(ROWS)(
      '$fault: $cause',
      async (row) => {
        const { explained, findings, files } = await play(cluster(), row);
        const [file = ''] = files;
        for (const { where, id, likelihood, files: named, lines } of explained) {
          const told = [where, ...lines].join('\n');
          expect([row.cause, ...(row.otherwise === undefined ? [] : [row.otherwise])], told).toContain(id);
          expect(['certain', 'likely'], told).toContain(likelihood);
          expect(named, told).toContain(file);
        }
        const found = findings.filter(({ places }) => places.some((place) => place.endsWith(file)));
        expect(found.map(({ id }) => id)).toContain(row.check);
        expect(findings.map(({ severity }) => severity)).toContain('error');
      },
      LONG,
    );

    it('leaves a whole cluster behind', { timeout: LONG }, async () => {
      await vi.waitFor(async () => {
        const { edges, refusals } = proveAnswer(await cluster().kubetls(['prove', '-o', 'json']));
        expect([...edges, ...refusals].filter(({ state }) => state !== 'ok')).toEqual([]);
      }, 60_000);
    });
  },
);
