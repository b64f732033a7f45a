// `kubetls renew --all` with nobody's hand in it: nodes by ssh, a control plane of static pods from kubeadm's own
// manifests, kubelets by systemctl.
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Owed } from '../../../src/rollout/index.ts';
import { proveAnswer } from '../kubetls-program.ts';
import { servedWhile } from './customers.ts';
import { hammeredAtRest, hammeredWhile } from './hammer.ts';
import { fewest, hammerText } from './hammer-report.ts';
import { booted } from './in-test.ts';
import { judgeRenewal } from './judge-renewal.ts';
import { pidsOf, startOf } from './process-starts.ts';
import { type Design, hosted, sshOf, TOPOLOGIES, yamlOf } from './scenarios.ts';
import { canBeReached } from './sshd.ts';

const LONG = 300_000; // milliseconds

const design: Design = {
  title: 'renew over ssh',
  topology: TOPOLOGIES.single,
  profile: 'kubeadm',
  spec: [],
  staticPods: true,
};

describe.skipIf(!canBeReached)('renew over ssh (needs Go, root, network namespaces and sshd)', () => {
  const cluster = booted(design);
  const renew = (...words: string[]) => cluster().kubetls(['renew', ...words, '-y'], '', LONG);
  const pids = (...ids: string[]) => [...pidsOf(cluster(), ids).values()];

  it(
    'restarts static pods and units where each is, one at a time, and no handshake fails',
    async () => {
      await cluster().tree.edit(hosted(yamlOf(design), sshOf(design.topology)));
      const stays = pids('kube-apiserver@cp1', 'etcd@cp1');
      const restarts = ['kube-controller-manager@cp1', 'kube-scheduler@cp1', 'kubelet@cp1', 'kubelet@w1'];
      const before = pids(...restarts);
      const atRest = await hammeredAtRest(cluster(), { rate: 25 });
      const report = await hammeredWhile(cluster(), { rate: 25 }, async () => {
        const customers = await servedWhile(cluster(), async () => {
          const ended = await renew('--all');
          expect(ended, ended.stderr).toMatchObject({ code: 0 });
          expect(ended.stdout).toContain('Rolled out: 2 nodes, 4 restarts, every gate passed.');
        });
        expect(customers).toMatchObject({ refused: [], watched: true });
      });
      console.log(`over ssh: ${hammerText(report)}`);
      judgeRenewal(cluster(), report, restarts, fewest(20, atRest));
      expect(pids('kube-apiserver@cp1', 'etcd@cp1')).toEqual(stays);
      const after = pids(...restarts);
      expect(after.filter((pid) => before.includes(pid))).toEqual([]);
      // Each was started when its new certificate stood there, in the order of the roll-out.
      const starts = after.map(startOf);
      expect(starts).toEqual([...starts].sort((one, other) => one - other));
      const conf = (node: string, name: string) =>
        statSync(cluster().disks.at(`nodes/${node}/etc/kubernetes/${name}.conf`));
      expect(conf('cp1', 'controller-manager').mtimeMs).toBeLessThan(starts[0] ?? 0);
      expect(conf('w1', 'kubelet').mtimeMs).toBeLessThan(starts[3] ?? 0);
      expect(cluster().faults()).toEqual([]);
    },
    LONG,
  );

  it(
    'restarts a whole control plane, where an earlier run owes it, and all of it is proven',
    async () => {
      // A scheduler that comes again by itself while its only kube-apiserver is away trusts nobody: it is owed one too.
      const pods = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
      const owed = pods.map(
        (component): Owed => ({ node: 'cp1', component, stage: 'restart', because: 'a file of a test' }),
      );
      const before = pids(...pods.map((pod) => `${pod}@cp1`));
      const file = path.join(cluster().tree.state, 'rollout');
      await writeFile(file, JSON.stringify({ schema: 'kubetls/rollout/v1', owed }));
      const ended = await renew();
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
      const after = pids(...pods.map((pod) => `${pod}@cp1`));
      expect(after.filter((pid) => before.includes(pid))).toEqual([]);
      const report = proveAnswer(await cluster().kubetls(['prove', '-o', 'json']));
      expect(report.edges.filter(({ state }) => state !== 'ok')).toEqual([]);
      // Its disk is looked at over ssh.
      expect(report.inMemory.filter(({ state }) => state === 'stale')).toEqual([]);
      const seen = report.inMemory.filter(({ onDisk, state }) => onDisk && state === 'fresh');
      expect(seen.map(({ role, by }) => `${role}: ${by}`)).toContain('etcd-anchors: start');
      expect((await renew()).stdout).toContain('Nothing to do');
    },
    LONG,
  );
});
