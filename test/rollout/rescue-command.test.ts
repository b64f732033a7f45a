// `kubetls rescue` as a person runs it, over nodes whose disks are directories and a twin that runs from them: all of
// it has ended two years ago.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../scripts/setup.mjs';
import { YEAR } from '../../src/base/index.ts';
import type { ComponentName } from '../../src/cluster/index.ts';
import { readInventory } from '../../src/inventory/index.ts';
import { proofState, prove } from '../../src/prove/index.ts';
import { readCertificates } from '../../src/x509/index.ts';
import { type Disks, disksOf } from '../support/disks.ts';
import { type Ended, NodesOnDisk } from '../support/nodes-on-disk.ts';
import { clusterOf } from '../support/small-cluster.ts';

const LONG = 300_000; // milliseconds

beforeAll(() => ensureBuilt());

/** Every file below with its content and when it was written. */
function written(directory: string): [string, number, string][] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(directory, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => [file, statSync(file).mtimeMs, readFileSync(file, 'base64')]);
}

describe('kubetls rescue', () => {
  let disks: Disks | undefined;
  afterEach(() => disks?.end());

  async function nodesOf(profile: string, ago: number, reached: readonly string[]): Promise<NodesOnDisk> {
    const cluster = clusterOf({ profile });
    disks = await disksOf(cluster, { now: () => Date.now() }, Date.now() - ago);
    const hosts = reached.map((node) => [node, path.dirname(disks!.file(`nodes/${node}/x`))] as const);
    return new NodesOnDisk(disks, cluster, Object.fromEntries(hosts));
  }

  /** Restarts what it says, as a person would, until it is content. Answers what was restarted, in order. */
  async function throughAll(nodes: NodesOnDisk): Promise<{ restarted: string[]; first: Ended; last: Ended }> {
    const restarted: string[] = [];
    const first = await nodes.run('rescue', ['-y']);
    let last = first;
    for (let i = 0; last.code === 3 && i < 20; i++) {
      const words = [...last.err.matchAll(/--restarted (\S+)/g)].map(([, place = '']) => place);
      for (const place of words) {
        const [component = '', node = ''] = place.split('@');
        await nodes.disks.restarterOf({ node }).restart(component as ComponentName);
      }
      restarted.push(...words);
      last = await nodes.run('rescue', ['-y', ...words.flatMap((place) => ['--restarted', place])]);
    }
    return { restarted, first, last };
  }

  async function states(nodes: NodesOnDisk): Promise<string[]> {
    const { cluster } = nodes.disks.world;
    const inventory = readInventory(await nodes.disks.world.store.read());
    const report = await prove({ ...nodes.disks.look(), edges: cluster.edges, inventory, strangers: false });
    return report.edges.map((proof) => `${proof.edge.id}: ${proofState(proof)}`);
  }

  const ORDER = {
    kubeadm: [
      'kubelet@master',
      'etcd@master',
      'kube-apiserver@master',
      'kube-controller-manager@master',
      'kube-scheduler@master',
      'kubelet@worker-1',
    ],
    flat: [
      'etcd@master',
      'kube-apiserver@master',
      'kube-controller-manager@master',
      'kube-scheduler@master',
      'kubelet@master',
      'kubelet@worker-1',
      'kube-proxy@master',
      'kube-proxy@worker-1',
    ],
  };
  const CASES = (['kubeadm', 'flat'] as const).flatMap((profile) =>
    [2 * YEAR, 11 * YEAR].map((ago) => ({
      profile,
      ago,
      what: ago > 10 * YEAR ? 'authorities and all' : 'every leaf',
    })),
  );

  it.each(CASES)(
    '$profile, $what ended: files to all nodes first, then restarts in the order of need, and every edge holds',
    async ({ profile, ago }) => {
      const nodes = await nodesOf(profile, ago, ['master', 'worker-1']);
      expect((await states(nodes)).filter((line) => line.endsWith('ok'))).toHaveLength(3);
      const plan = await nodes.run('rescue', ['--plan']);
      expect({ code: plan.code, err: plan.err }).toEqual({ code: 0, err: '' });
      expect(plan.out).toMatch(/^✗ kube-apiserver +1 of 1: master; ended \d{4}-.*ago$/m);
      const ca = 'authorities/cluster/g1/ca.crt';
      const before = readFileSync(path.join(nodes.disks.state, ca));
      const { restarted, first, last } = await throughAll(nodes);
      expect({ code: last.code, err: last.err }, last.out).toEqual({ code: 0, err: '' });
      expect(restarted).toEqual(ORDER[profile]);
      expect(first.out.includes('Authorities are anew: once the API is back, restart pods')).toBe(
        ago > 10 * YEAR,
      );
      expect([first.out.includes('Rescued:'), last.out.includes('Rescued:')]).toEqual([false, true]);
      expect(last.out).toMatch(/✓ \d+ edges proven by handshakes \(observed\)/);
      expect((await states(nodes)).filter((line) => !line.endsWith('ok'))).toEqual([]);
      const onRecord = readFileSync(path.join(nodes.disks.state, 'ledger'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"event":"deliver"'))
        .map((line) => JSON.parse(line) as { node: string; run: string; files: string[] });
      expect(onRecord.map(({ node }) => node)).toEqual(['master', 'worker-1']);
      for (const { node, run, files } of onRecord) {
        expect(files).not.toEqual([]);
        const kept = path.dirname(nodes.disks.file(`nodes/${node}/var/lib/kubetls/backups/${run}/x`));
        expect(readdirSync(kept, { recursive: true })).toEqual(expect.arrayContaining(files));
      }
      const after = readFileSync(path.join(nodes.disks.state, ca));
      expect(after.equals(before)).toBe(ago < 10 * YEAR);
      const [old, now] = [before, after].map((bytes) => readCertificates(bytes).certificates[0]);
      expect(now?.publicKey.spki).toEqual(old?.publicKey.spki);
      expect(now?.subjectKeyId).toEqual(old?.subjectKeyId);
      const again = await nodes.run('rescue', []);
      expect(again.code, again.err).toBe(0);
      expect(again.out).toContain('Nothing to rescue: no certificate on 2 nodes has ended');
      expect((await nodes.run('plan', ['--detailed-exitcode'])).code).toBe(0);
    },
    LONG,
  );

  it(
    'killed at any moment, the next run completes',
    async () => {
      const nodes = await nodesOf('kubeadm', 11 * YEAR, ['master', 'worker-1']);
      for (const moment of [300, 500, 600, 700, 800, 900, 1_000, 1_200])
        await nodes.run('rescue', ['-y'], moment);
      const { restarted, last } = await throughAll(nodes);
      expect({ code: last.code, err: last.err }, last.out).toEqual({ code: 0, err: '' });
      expect(restarted).toEqual(ORDER.kubeadm);
      expect((await states(nodes)).filter((line) => !line.endsWith('ok'))).toEqual([]);
    },
    LONG,
  );

  it.each([2 * YEAR, 11 * YEAR])(
    'a cluster that nobody knew before it died, %i ms old: adopted from its disks, and rescued',
    async (ago) => {
      const nodes = await nodesOf('kubeadm', ago, ['master', 'worker-1']);
      await nodes.adopt();
      const { restarted, last } = await throughAll(nodes);
      expect({ code: last.code, err: last.err }, last.out).toEqual({ code: 0, err: '' });
      expect(restarted).toEqual(ORDER.kubeadm);
      expect(last.out).toMatch(/✓ \d+ edges proven by handshakes \(observed\)/);
      expect((await nodes.run('rescue', [])).out).toContain('Nothing to rescue');
    },
    LONG,
  );

  it(
    'shown, or not allowed, it writes nothing: not what was restarted either',
    async () => {
      const nodes = await nodesOf('kubeadm', 2 * YEAR, ['master', 'worker-1']);
      const stopped = await nodes.run('rescue', ['-y']);
      expect(stopped.err).toContain('--restarted kubelet@master --restarted etcd@master');
      const before = written(path.dirname(nodes.disks.state));
      const words = ['--restarted', 'kubelet@master', '--restarted', 'etcd@master'];
      const plan = await nodes.run('rescue', ['--plan', ...words]);
      expect(plan.code, plan.err).toBe(0);
      expect(plan.out).not.toContain('restart etcd');
      const declined = await nodes.run('rescue', words);
      expect(declined.code).toBe(4);
      expect(declined.err).toContain('nothing was written');
      expect((await nodes.renew(['--plan', ...words])).code).toBe(0);
      expect(written(path.dirname(nodes.disks.state))).toEqual(before);
      const unknown = await nodes.run('rescue', ['--plan', '--restarted', 'etcd@nowhere']);
      expect(unknown.code).toBe(2);
      expect(unknown.err).toContain('--restarted etcd@nowhere: it owes no restart');
    },
    LONG,
  );

  it(
    'without a host: the state alone, and what to bring and to restart, in order',
    async () => {
      const nodes = await nodesOf('kubeadm', 2 * YEAR, []);
      const { code, out, err } = await nodes.run('rescue', ['-y']);
      expect({ code, err }, out).toEqual({ code: 0, err: '' });
      const again = await nodes.run('rescue', []);
      expect(again.out).toContain("The nodes' own disks are not seen: no node has a host in kubetls.yaml.");
      const commands = out.split('\n').filter((line) => /^ {2}(\(cd|ssh|#)/.test(line));
      expect(
        commands.map((line) => line.replace(/.*(rsync|--name [\w-]+|systemctl restart \S+).*/, '$1')),
      ).toEqual([
        'rsync',
        'rsync',
        // A kubelet that has ended starts no pod.
        "systemctl restart kubelet'",
        ...['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(
          (name) => `--name ${name}`,
        ),
        "systemctl restart kubelet'",
      ]);
    },
    LONG,
  );

  it(
    'refuses where the key of an authority that is needed is elsewhere, and says who must sign what',
    async () => {
      const nodes = await nodesOf('kubeadm', 2 * YEAR, ['master', 'worker-1']);
      rmSync(path.join(nodes.disks.state, 'authorities/etcd/g1/ca.key'));
      const before = nodes.bytes('nodes/master/etc/kubernetes/pki/apiserver.crt');
      const { code, err } = await nodes.run('rescue', ['-y']);
      expect(code).toBe(4);
      expect(err).toContain('the key of the authority etcd is not here, and 4 certificates need it');
      expect(err).toContain('kubetls openssl node/master/apiserver-etcd-client shows one');
      expect(nodes.bytes('nodes/master/etc/kubernetes/pki/apiserver.crt')).toEqual(before);
    },
    LONG,
  );
});
