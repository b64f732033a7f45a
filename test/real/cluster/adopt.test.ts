import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { KUBERNETES } from '../../../scripts/real-programs.mjs';
import { kubetlsCommand, proveAnswer } from '../kubetls-program.ts';
import { ground } from './ground.ts';
import { booted } from './in-test.ts';
import { type Design, TOPOLOGIES } from './scenarios.ts';

const DESIGN: Design = {
  title: 'three of each, made by kubeadm',
  topology: TOPOLOGIES.ha,
  profile: 'kubeadm',
  pki: 'kubeadm',
  spec: ['keys: { algorithm: rsa-2048 }', 'kubelets: { serving: self-signed, client: rotated }', 'users: []'],
};

// The kubeadm that is built is of 1.37, and makes clusters of no release that is older by two.
describe.skipIf('missing' in ground || KUBERNETES !== '1.37')(
  'a real cluster of kubeadm, adopted (needs Go, root and network namespaces)',
  () => {
    const cluster = booted(DESIGN);
    const adopted = () => ({
      yaml: path.join(cluster().directory, 'adopted/kubetls.yaml'),
      state: path.join(cluster().directory, 'adopted/kubetls-state'),
    });
    const kubetls = async (...words: string[]) => cluster().run(await kubetlsCommand(adopted(), words));

    it('has no word of TLS in any log', () => {
      expect(cluster().faults()).toEqual([]);
    });

    it('is described by what adopt writes, and a plan has nothing to do', async () => {
      const { nodes } = DESIGN.topology;
      const roots = nodes.map(({ name }) => `${name}=${path.join(cluster().directory, 'nodes', name)}`);
      await mkdir(path.dirname(adopted().yaml));
      // Nothing on a worker's disk has its address: its kubelet asked for a client certificate only.
      const workers = nodes.filter(({ roles }) => roles.includes('worker'));
      const addresses = workers.flatMap(({ name, address }) => ['--address', `${name}=${address}`]);
      const found = await kubetls('adopt', ...roots, ...addresses);
      expect(found).toMatchObject({ code: 0, stderr: '' });
      expect(found.stdout).toContain('Nothing to do: 62 items in order.');
      const plan = await kubetls('plan', '--detailed-exitcode');
      expect(plan.code).toBe(0);
    });

    it('is proven whole', async () => {
      const answer = await kubetls('prove', ...cluster().connect, '-o', 'json');
      const report = proveAnswer(answer);
      const notOk = ({ state }: { state: string }) => state !== 'ok';
      expect(report.edges.filter(notOk)).toEqual([]);
      expect(report.refusals.filter(notOk)).toEqual([]);
      expect([report.edges.length, report.refusals.length, report.code]).toEqual([105, 88, 0]);
    });
  },
);
