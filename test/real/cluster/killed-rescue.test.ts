// kubetls is killed by SIGKILL while it brings back a cluster of which all has ended, authorities too: before each
// restart, amid it and at its gate, and before its file operations. It runs on cp1; w1 is reached by ssh.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { YEAR } from '../../../src/base/index.ts';
import { SSHD } from '../../../src/hosts/ssh/sshd.fixture.ts';
import { proveAnswer } from '../kubetls-program.ts';
import { dieOfAge } from './aged.ts';
import { deploy } from './disks.ts';
import { ground } from './ground.ts';
import { hammeredWhile } from './hammer.ts';
import { failuresBeside, type HammerReport, type Hammered, hammerText } from './hammer-report.ts';
import { booted } from './in-test.ts';
import { type Killable, type KilledOutcome, killableOn } from './killed-kubetls.ts';
import { ALL, sampleOf, SEED } from './killed-sample.ts';
import { restartedByCommand, type Restarts, servicesByCommand } from './restart-by-command.ts';
import type { RealCluster } from './real-cluster.ts';
import { type Design, fromWithin, hosted, TOPOLOGIES, yamlOf } from './scenarios.ts';

const SAMPLE = 3;
const LONG = ALL ? 14_400_000 : 600_000; // milliseconds
/** What is dead has nothing left to do. */
const TO_END = 2_000; // milliseconds

const ON_CP1 = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet'];
const RESTARTED = [...ON_CP1.map((component) => `${component}@cp1`), 'kubelet@w1'];
const design: Design = {
  title: 'killed while it rescues',
  topology: TOPOLOGIES.single,
  profile: 'kubeadm',
  spec: [servicesByCommand(ON_CP1)],
  ssh: true,
  born: 11 * YEAR,
};

/**
 * One run after another, each killed at one of these (crash/killed-program.ts). Where a gate opens at once there is no
 * pause, and the next restart is begun. A run that goes on has asked w1 twice before it restarts anything there.
 */
const KILLS = [
  ...ON_CP1.flatMap(() => [
    'start restart',
    'amid restart',
    'the pause at a gate|2:start restart|3:start ssh',
  ]),
  '3:start ssh',
  '3:amid ssh',
];

describe.skipIf('missing' in ground || SSHD === undefined)(
  `kubetls, killed while it rescues a real cluster (needs Go, root, network namespaces and sshd; KUBETLS_SEED=${SEED})`,
  () => {
    const cluster = booted(design);
    let program: Killable | undefined;
    let restarts: Restarts | undefined;

    beforeAll(async () => {
      await cluster().tree.edit(hosted(yamlOf(design), fromWithin('cp1', design.topology)));
      restarts = await restartedByCommand(cluster());
      restarts.patience = TO_END;
      program = await killableOn(cluster(), 'cp1');
    });
    afterAll(async () => {
      await restarts?.close();
      await program?.remove();
    });

    function rescue(at: number | string): Promise<KilledOutcome> {
      if (!program) throw new Error('there is no program');
      return program.run(cluster(), at, ['rescue', '-y']);
    }

    const restarted = () => restarts?.done.map(({ id }) => id) ?? [];

    /** Returns what `work` restarted of what is dead then. */
    async function revived(work: () => Promise<void>): Promise<readonly string[]> {
      await restarts?.settled();
      await dieOfAge(cluster());
      const before = restarted().length;
      await work();
      return restarted().slice(before);
    }

    async function completes(after: string): Promise<readonly string[]> {
      const { code, operations, stdout, stderr } = await rescue(0);
      expect(code, `${after}: ${stdout}${stderr}`).toBe(0);
      expect(await deploy(cluster().tree, cluster().disks), after).toEqual([]);
      return operations;
    }

    it(
      'at each restart and each gate, one run after another: what has come back stays, and the last run completes',
      async () => {
        let report: HammerReport | undefined;
        const killed: string[] = [];
        const done = await revived(async () => {
          report = await hammeredWhile(cluster(), { rate: 5 }, async () => {
            for (const at of KILLS) {
              const { code, before = '', stdout, stderr } = await rescue(at);
              expect(code, `${at}: ${stdout}${stderr}`).toBeNull();
              expect(at.split('|').map((one) => one.replace(/^\d+:/, ''))).toContain(before);
              killed.push(before);
            }
            await completes(`after ${KILLS.length} kills`);
            await restarts?.settled();
          });
        });
        if (!report) throw new Error('nothing was hammered');
        expect(killed).toContain('the pause at a gate');
        console.log(`killed ${killed.length} times, ${done.length} restarts, under ${hammerText(report)}`);
        expect(report.edges.filter(({ ok }) => ok === 0)).toEqual([]);
        expect(report.edges.filter((one) => lostOf(one, done, cluster()) > 0)).toEqual([]);
        // The first was not written down.
        expect(done).toEqual(RESTARTED.flatMap((one) => [one, one]));
      },
      LONG,
    );

    it(
      `before ${ALL ? 'every operation' : 'operations'}: the next run completes`,
      async () => {
        let operations: readonly string[] = [];
        expect(await revived(async () => void (operations = await completes('not killed')))).toEqual(
          RESTARTED,
        );
        const killed: string[] = [];
        for (const at of sampleOf(operations, SAMPLE)) {
          const done = await revived(async () => {
            const { before, code, stdout, stderr } = await rescue(at);
            // A gate that opened at once this time leaves one operation less.
            expect(code === 0 ? null : code, stdout + stderr).toBeNull();
            if (before !== undefined) killed.push(before);
            await completes(`killed before operation ${at}, ${before}`);
          });
          expect([...new Set(done)]).toEqual(RESTARTED);
        }
        console.log(
          `killed before ${killed.length} of ${operations.length} operations: ${killed.join(', ')}`,
        );
        expect(killed.length).toBeGreaterThan(ALL ? operations.length - 10 : SAMPLE - 2);
        const report = proveAnswer(await program!.run(cluster(), 0, ['prove', '-o', 'json']));
        expect(report.edges.filter(({ state }) => state !== 'ok')).toEqual([]);
        expect(report.inMemory.filter(({ state }) => state === 'stale')).toEqual([]);
      },
      LONG,
    );
  },
);

/** Connections that failed on an edge that had held since the death, and not because its end was just being started. */
function lostOf({ id, lost }: Hammered, restarted: readonly string[], { tree }: RealCluster): number {
  const endpoint = tree.cluster().edges.find((edge) => edge.id === id)?.endpoint.id ?? '';
  return failuresBeside(restarted.filter((one) => one === endpoint).length, endpoint, lost);
}
