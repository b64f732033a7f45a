// kubetls is killed by SIGKILL while it renews what has to be restarted for it, and restarts it itself: before its file
// operations, before, while and after each restart, and while it waits at a gate. It runs on cp1; w1 is reached by ssh.
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SSHD } from '../../../src/hosts/ssh/sshd.fixture.ts';
import { proveAnswer } from '../kubetls-program.ts';
import { faultsSince, readSoFar } from './faults.ts';
import { ground } from './ground.ts';
import { hammeredWhile } from './hammer.ts';
import { failuresBeside, type Hammered, hammerText } from './hammer-report.ts';
import { booted } from './in-test.ts';
import { type Killable, type KilledOutcome, killableOn } from './killed-kubetls.ts';
import { ALL, sampleOf, SEED } from './killed-sample.ts';
import { restartedByCommand, type Restarts, servicesByCommand } from './restart-by-command.ts';
import { type Design, fromWithin, hosted, TOPOLOGIES, yamlOf } from './scenarios.ts';

/** Beside all that are about a restart. */
const SAMPLE = 12;
const isAbout = (name: string): boolean => /restart$|ssh$|pause/.test(name);
const LONG = ALL ? 7_200_000 : 600_000; // milliseconds

const COMPONENTS = ['kube-controller-manager', 'kube-scheduler', 'kubelet'];
const design: Design = {
  title: 'killed while it restarts',
  topology: TOPOLOGIES.single,
  profile: 'kubeadm',
  ssh: true,
  spec: [servicesByCommand(COMPONENTS)],
};

/** By what is renewed. */
const RESTARTED: Readonly<Record<string, string>> = {
  'node/cp1/controller-manager.conf': 'kube-controller-manager@cp1',
  'node/cp1/scheduler.conf': 'kube-scheduler@cp1',
  'node/cp1/kubelet.conf': 'kubelet@cp1',
  'node/w1/kubelet.conf': 'kubelet@w1',
};
const RENEW = ['renew', ...Object.keys(RESTARTED), '-y'];
const GO_ON = ['renew', '-y'];

describe.skipIf('missing' in ground || SSHD === undefined)(
  `kubetls, killed while it restarts a real cluster (needs Go, root, network namespaces and sshd; KUBETLS_SEED=${SEED})`,
  () => {
    const cluster = booted(design);
    let program: Killable | undefined;
    let restarts: Restarts | undefined;

    beforeAll(async () => {
      await cluster().tree.edit(hosted(yamlOf(design), fromWithin('cp1', design.topology)));
      restarts = await restartedByCommand(cluster());
      program = await killableOn(cluster(), 'cp1');
    });
    afterAll(async () => {
      await restarts?.close();
      await program?.remove();
    });

    function kubetls(at: number | string, words: readonly string[]): Promise<KilledOutcome> {
      if (!program) throw new Error('there is no program');
      return program.run(cluster(), at, words);
    }

    /** Fresh handshakes on all edges all the while: what is restarted is away, and nothing else. */
    async function unharmed(work: () => Promise<string>): Promise<void> {
      let told = '';
      const before = restarts?.done.length ?? 0;
      const read = readSoFar(cluster().components());
      const report = await hammeredWhile(cluster(), { rate: 5 }, async () => {
        told = await work();
        await restarts?.settled();
      });
      const restarted = restarts?.done.slice(before).map(({ id }) => id) ?? [];
      console.log(`${told}: ${restarted.length} restarts under ${hammerText(report)}`);
      const endpoints = new Map(
        cluster()
          .tree.cluster()
          .edges.map((edge) => [edge.id, edge.endpoint.id]),
      );
      const failures = (one: Hammered) => {
        const endpoint = endpoints.get(one.id) ?? '';
        return failuresBeside(restarted.filter((id) => id === endpoint).length, endpoint, one);
      };
      expect(report.edges.filter((one) => failures(one) > 0)).toEqual([]);
      const isLeft = ({ id }: { id: string }) => !Object.values(RESTARTED).includes(endpoints.get(id) ?? '');
      expect(report.edges.filter(isLeft).filter(({ refused, cut }) => refused + cut > 0)).toEqual([]);
      expect(report.edges.every(({ ok }) => ok > 50)).toBe(true);
      expect(faultsSince(cluster().components(), read)).toEqual([]);
    }

    /** Each file stands on its node, and each program was started after that. */
    async function expectDone(after: string): Promise<void> {
      const { tree, disks } = cluster();
      for (const [item, id] of Object.entries(RESTARTED)) {
        const [, node = '', name = ''] = item.split('/');
        const file = `nodes/${node}/etc/kubernetes/${name}`;
        expect(await readFile(disks.at(file)), `${item}, ${after}`).toEqual(await readFile(tree.at(file)));
        const { at = 0 } = restarts?.done.findLast((one) => one.id === id) ?? {};
        expect(at, `${id}, ${after}`).toBeGreaterThan(statSync(disks.at(file)).mtimeMs);
      }
    }

    /** Returns its operations. */
    async function renewed(): Promise<readonly string[]> {
      const { code, operations, stdout, stderr } = await kubetls(0, RENEW);
      expect(code, stdout + stderr).toBe(0);
      await expectDone('not killed');
      return operations;
    }

    async function completes(after: string): Promise<void> {
      const next = await kubetls(0, GO_ON);
      expect(next.code, `${after}: ${next.stdout}${next.stderr}`).toBe(0);
      await expectDone(after);
    }

    it(
      `before ${ALL ? 'every operation' : 'operations'} of a renewal: the next run completes`,
      async () => {
        await unharmed(async () => {
          // The first makes directories.
          await renewed();
          const operations = await renewed();
          const killed: string[] = [];
          for (const at of sampleOf(operations, SAMPLE, isAbout)) {
            const { before, code, stdout, stderr } = await kubetls(at, RENEW);
            // A gate that opened at once this time leaves one operation less.
            if (code === 0) continue;
            expect(code, stdout + stderr).toBeNull();
            if (before === undefined) throw new Error(`it did not end: ${stdout}${stderr}`);
            killed.push(before);
            await completes(`killed before operation ${at}, ${before}`);
          }
          expect(killed.length).toBeGreaterThan(ALL ? operations.length - 5 : SAMPLE);
          for (const kind of ['start restart', 'amid restart', 'start ssh', 'amid ssh'])
            expect(killed).toContain(kind);
          expect(killed).toContain('the pause at a gate');
          return `killed before ${killed.length} of ${operations.length} operations`;
        });
      },
      LONG,
    );

    it(
      'again and again, each run an operation later than the one before: the last one completes',
      async () => {
        await unharmed(async () => {
          // In the state nothing is left to do then, and on the nodes all of it.
          const first = await kubetls('create .rollout', RENEW);
          expect(first.code, first.stdout + first.stderr).toBeNull();
          let kills = 0;
          for (; (await kubetls(kills + 1, GO_ON)).code === null; kills++);
          await completes(`after ${kills} kills`);
          return `killed ${kills} times, one run after another`;
        });
      },
      LONG,
    );

    it(
      'once more, between what it delivered and the first restart: all is proven, also what each holds in memory',
      async () => {
        if (!restarts) throw new Error('nobody restarts');
        // Who starts in the very seconds in which its file was changed is of an unknown age (trust/in-memory/clocks.ts).
        restarts.pause = 4_000;
        expect((await kubetls('start restart', RENEW)).code).toBeNull();
        await completes('killed before the first restart');
        const report = proveAnswer(await kubetls(0, ['prove', '-o', 'json']));
        expect(report.edges.filter(({ state }) => state !== 'ok')).toEqual([]);
        expect(report.inMemory.filter(({ state }) => state === 'stale')).toEqual([]);
        const held = report.inMemory.filter(({ role, onDisk }) => role === 'kubeconfig' && onDisk);
        const told = held.map(({ process, state }) => `${process} ${state}`);
        for (const id of Object.values(RESTARTED)) expect(told).toContain(`${id} fresh`);
        expect((await kubetls(0, GO_ON)).stdout).toContain('Nothing to do');
      },
      LONG,
    );
  },
);
