// `kubetls renew` as a person runs it, over nodes whose disks are directories and a twin that runs from them.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../scripts/setup.mjs';
import { DAY, MINUTE, YEAR } from '../../src/base/index.ts';
import { prove } from '../../src/prove/index.ts';
import { type Disks, disksOf } from '../support/disks.ts';
import { NodesOnDisk } from '../support/nodes-on-disk.ts';
import { clusterOf } from '../support/small-cluster.ts';

const LONG = 300_000; // milliseconds
const PKI = 'nodes/master/etc/kubernetes/pki';

beforeAll(() => ensureBuilt());

describe('kubetls renew', () => {
  let disks: Disks | undefined;
  afterEach(() => disks?.end());

  async function nodesOf(profile: string, reached: readonly string[], ago = MINUTE): Promise<NodesOnDisk> {
    const cluster = clusterOf({ profile });
    disks = await disksOf(cluster, { now: () => Date.now() }, Date.now() - ago);
    const hosts = reached.map((node) => [node, path.dirname(disks!.file(`nodes/${node}/x`))] as const);
    return new NodesOnDisk(disks, cluster, Object.fromEntries(hosts));
  }

  it(
    'brings what is renewed to the nodes, restarts nothing in the flat profile, and has nothing to do then',
    async () => {
      const nodes = await nodesOf('flat', ['master', 'worker-1']);
      const before = nodes.bytes(`${PKI}/apiserver.crt`).disk;
      const plan = await nodes.renew(['--all', '--plan']);
      expect(plan).toMatchObject({ code: 0, err: '' });
      expect(plan.out).toContain('Roll-out: 2 nodes, one after the other; nothing is restarted; each proven');
      const { code, out, err } = await nodes.renew(['--all', '-y']);
      expect({ code, err }, out).toEqual({ code: 0, err: '' });
      expect(out).toContain('Rolled out: 2 nodes, 0 restarts, every gate passed.');
      const after = nodes.bytes(`${PKI}/apiserver.crt`);
      expect(after.disk).toEqual(after.state);
      expect(after.disk).not.toEqual(before);
      const again = await nodes.renew([]);
      expect(again).toMatchObject({ code: 0, err: '' });
      expect(again.out).not.toContain('deliver');
    },
    LONG,
  );

  it(
    'needs no leave for what is due in a cluster that was adopted, and asks for what else is not in order',
    async () => {
      const nodes = await nodesOf('kubeadm', ['master', 'worker-1'], YEAR - 20 * DAY);
      const pem = nodes.bytes(`${PKI}/ca.crt`).disk;
      const stranger = await disksOf(clusterOf({ profile: 'kubeadm' }), { now: () => Date.now() });
      const other = readFileSync(stranger.file(`${PKI}/ca.crt`));
      await stranger.end();
      writeFileSync(nodes.disks.file(`${PKI}/ca.crt`), Buffer.concat([pem, other]));
      const adopted = await nodes.adopt();
      expect(adopted).toMatch(/apiserver.crt +ends in \d+ days, inside its renewal window$/m);
      expect(adopted).toMatch(/ca.crt +does not hold exactly .*\(changed by somebody else\)$/m);
      const { code, out, err } = await nodes.renew(['-y']);
      expect(code, err).toBe(3);
      expect(err).toContain('nobody restarts kube-controller-manager on master from here');
      expect(out).toContain('✓ master  deliver');
      expect(readFileSync(nodes.disks.file(`${PKI}/ca.crt`))).toEqual(Buffer.concat([pem, other]));
    },
    LONG,
  );

  it(
    'killed at any moment it goes on at the next run, and no handshake fails meanwhile',
    async () => {
      const nodes = await nodesOf('flat', ['master', 'worker-1']);
      const { cluster } = nodes.disks.world;
      const failed: string[] = [];
      let handshakes = 0;
      const over = new AbortController();
      const hammer = (async () => {
        while (!over.signal.aborted) {
          const look = nodes.disks.look();
          const report = await prove({ ...look, edges: cluster.edges, inventory: nodes.disks.found() });
          for (const { edge, observed } of report.edges) {
            handshakes++;
            if (observed?.ok !== true) failed.push(`${edge.id}: ${observed?.error}`);
          }
        }
      })();
      const began = performance.now();
      await nodes.renew(['--all', '-y']);
      const whole = performance.now() - began;
      for (const part of [0.3, 0.5, 0.6, 0.7, 0.8, 0.9]) await nodes.renew(['--all', '-y'], whole * part);
      const last = await nodes.renew(['-y']);
      over.abort();
      await hammer;
      expect({ code: last.code, err: last.err }, last.out).toEqual({ code: 0, err: '' });
      for (const item of cluster.items) {
        if (item.kind !== 'pair' || item.owner?.kind !== 'node') continue;
        const { disk, state } = nodes.bytes(item.certificate.path);
        expect(disk, item.id).toEqual(state);
      }
      expect(failed).toEqual([]);
      expect(handshakes).toBeGreaterThan(200);
      expect((await nodes.renew([])).out).not.toContain('deliver');
    },
    LONG,
  );

  it(
    'stops where nobody restarts, says what to do there, and goes on when it is done',
    async () => {
      const nodes = await nodesOf('kubeadm', ['master']);
      const first = await nodes.renew(['scheduler.conf', '-y']);
      expect(first.code, first.err).toBe(3);
      expect(first.err).toContain(
        'error: restart kube-scheduler@master: nobody restarts kube-scheduler on master',
      );
      expect(first.err).toContain('renew --restarted kube-scheduler@master');
      const wrong = await nodes.renew(['--restarted', 'kubelet@master', '-y']);
      expect(wrong.code).toBe(2);
      expect(wrong.err).toContain('hint: those that do: kube-scheduler@master');
      await nodes.disks.twin.restart('kube-scheduler@master');
      const then = await nodes.renew(['--restarted', 'kube-scheduler@master', '-y']);
      expect({ code: then.code, err: then.err }, then.out).toEqual({ code: 0, err: '' });
      expect((await nodes.renew([])).out).toContain('Nothing to do');
    },
    LONG,
  );

  it(
    'refuses what stands on a node for another key, before it writes anything',
    async () => {
      const nodes = await nodesOf('flat', ['master']);
      const { state } = nodes.bytes(`${PKI}/scheduler.key`);
      writeFileSync(nodes.disks.file(`${PKI}/apiserver.key`), state);
      const before = nodes.bytes(`${PKI}/apiserver.crt`);
      const { code, err } = await nodes.renew(['--all', '-y']);
      expect(code).toBe(4);
      expect(err).toContain(
        `error: ${PKI}/apiserver.crt: on master, another key stands there than in the state`,
      );
      expect(nodes.bytes(`${PKI}/apiserver.crt`)).toEqual(before);
    },
    LONG,
  );

  it(
    'leaves out a node that does not answer, and says so: unknown is not done',
    async () => {
      const nodes = await nodesOf('flat', ['master']);
      const cluster = clusterOf({ profile: 'flat' });
      const root = path.dirname(nodes.disks.file('nodes/master/x'));
      const broken = new NodesOnDisk(nodes.disks, cluster, {
        master: root,
        'worker-1': '/nonexistent/worker-1',
      });
      const { code, out, err } = await broken.renew(['--all', '-y']);
      expect(code, err).toBe(3);
      expect(err).toContain('warning: worker-1 is left out, since it was not read: /');
      expect(out).toContain('Rolled out: 1 node');
      expect(out).toContain('(cd');
    },
    LONG,
  );
});
