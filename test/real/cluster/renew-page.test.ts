// docs/renew-kubeadm.md, command by command, on a control plane that kubeadm has made and a kubelet runs.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureBuilt, root } from '../../../scripts/setup.mjs';
import { readCertificates } from '../../../src/x509/index.ts';
import { untilAggregated } from './aggregation.ts';
import { booted } from './in-test.ts';
import { type Design, TOPOLOGIES } from './scenarios.ts';
import { canBeReached } from './sshd.ts';

const LONG = 300_000; // milliseconds

const design: Design = {
  title: 'renew a kubeadm cluster',
  topology: TOPOLOGIES.single,
  profile: 'kubeadm',
  pki: 'kubeadm',
  staticPods: true,
  spec: ['keys: { algorithm: rsa-2048 }', 'kubelets: { serving: self-signed, client: rotated }', 'users: []'],
};

describe.skipIf(!canBeReached)(
  'the page "Renew a kubeadm cluster" (needs Go, root, network namespaces and sshd)',
  () => {
    const cluster = booted(design);

    it(
      'does what it says',
      async () => {
        await ensureBuilt();
        await untilAggregated(cluster());
        const page = await readFile(path.join(root, 'docs/renew-kubeadm.md'), 'utf8');
        const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
        const files = ['pki/apiserver.crt', 'pki/etcd/peer.crt', 'pki/front-proxy-client.crt'];
        const pods = ['kube-apiserver', 'etcd', 'kube-controller-manager', 'kube-scheduler'];
        const look = async () => ({
          serials: await Promise.all(
            files.map((file) => serialOf(cluster().disks.at(`nodes/cp1/etc/kubernetes/${file}`))),
          ),
          pids: pods.map((pod) => cluster().component(`${pod}@cp1`).pid()),
        });
        const before = await look();
        // One shell for all, as a person has it.
        const folders = [root, path.dirname(cluster().common.tools.kubectl)].join(':');
        const script = [`export PATH='${folders}':"$PATH"`, `cd '${cluster().directory}'`, ...blocks].join(
          '\n',
        );
        const ended = await cluster().run(['bash', '-exuo', 'pipefail', '-c', script], '', LONG);
        expect(ended.code, ended.stdout + ended.stderr).toBe(0);
        // What the page shows of the roll-out is what was printed.
        const [, shown = ''] = /^```\n(Roll-out: .*?)^```$/ms.exec(page) ?? [];
        expect(shown).not.toBe('');
        expect(ended.stdout).toContain(shown);
        expect(ended.stdout).toContain('Rolled out: 1 node, 2 restarts, every gate passed.');
        expect(ended.stdout).toMatch(/^w1 +Ready/m);
        const after = await look();
        expect(after.serials.filter((serial) => before.serials.includes(serial))).toEqual([]);
        expect(pods.filter((_, i) => after.pids[i] !== before.pids[i])).toEqual([
          'kube-controller-manager',
          'kube-scheduler',
        ]);
      },
      LONG,
    );
  },
);

async function serialOf(file: string): Promise<string | undefined> {
  const [leaf] = readCertificates(await readFile(file)).certificates;
  return leaf?.serial.toString();
}
