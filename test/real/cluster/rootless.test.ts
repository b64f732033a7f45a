import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { proveAnswer } from '../kubetls-program.ts';
import { untilAggregated } from './aggregation.ts';
import { rootlessGround } from './ground.ts';
import { booted } from './in-test.ts';
import { TOPOLOGIES } from './scenarios.ts';

/** What a control plane without kubelets listens with. */
const SOCKETS = [
  'kube-apiserver',
  'etcd',
  'kube-scheduler',
  'kube-controller-manager',
  'aggregated-apiserver',
];

describe.skipIf('missing' in rootlessGround)(
  'a real control plane without root (needs Go and user namespaces)',
  () => {
    const cluster = booted({
      title: 'single, flat, rootless',
      topology: TOPOLOGIES.single,
      profile: 'flat',
      rootless: true,
      spec: [],
    });

    it('is in a user namespace of its own', async () => {
      const owners = await Promise.all(
        cluster()
          .components()
          .map((one) => readFile(`/proc/${one.pid()}/uid_map`, 'utf8')),
      );
      expect(owners.length).toBeGreaterThan(0);
      // One user is mapped; the machine's own namespace maps all of them.
      for (const owner of owners) expect(owner.trim().split(/\s+/)[2]).toBe('1');
    });

    it('answers its administrator, without a word of TLS in any log', async () => {
      expect(await cluster().mustKubectl(['get', '--raw', '/readyz'])).toBe('ok');
      expect(cluster().faults()).toEqual([]);
    });

    it('is proven, all but the kubelets', async () => {
      await untilAggregated(cluster());
      const only = SOCKETS.flatMap((socket) => ['--edge', `/${socket}@`]);
      const report = proveAnswer(await cluster().kubetls(['prove', ...only, '-o', 'json']));
      expect(report.edges.filter(({ state }) => state !== 'ok')).toEqual([]);
      expect(report.refusals.filter(({ state }) => state !== 'ok')).toEqual([]);
      expect([report.edges.length, report.code]).toEqual([15, 0]);
    });
  },
);
