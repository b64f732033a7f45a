// kubetls is killed by SIGKILL at its file operations, one after another, while it renews and while it rescues a real
// cluster: no edge that held is lost meanwhile, and each next run completes.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { YEAR } from '../../../src/base/index.ts';
import type { Edge } from '../../../src/cluster/index.ts';
import { proveAnswer } from '../kubetls-program.ts';
import { endedAgain } from './aged.ts';
import { ground } from './ground.ts';
import { hammeredWhile } from './hammer.ts';
import { failuresOf, hammerText } from './hammer-report.ts';
import { booted } from './in-test.ts';
import { type Killable, type KilledOutcome, killableKubetls } from './killed-kubetls.ts';
import { type Design, hosted, TOPOLOGIES, yamlOf } from './scenarios.ts';

const LONG = 600_000; // milliseconds
const TOPOLOGY = TOPOLOGIES.single;
const SCHEDULER = 'kube-scheduler@cp1';
const PKI = 'nodes/cp1/etc/kubernetes/pki';

describe.skipIf('missing' in ground)(
  'kubetls, killed on a real cluster (needs Go, root and network namespaces)',
  () => {
    const design: Design = { title: 'killed', topology: TOPOLOGY, profile: 'flat', spec: [], born: 2 * YEAR };
    const cluster = booted(design);
    let program: Killable | undefined;

    beforeAll(async () => {
      program = await killableKubetls();
      await cluster().tree.edit(hosted(yamlOf(design), cluster().disks.of));
    });
    afterAll(() => program?.remove());

    /** `at`: the operation before which it is killed; 0: never. */
    function kubetls(at: number, words: readonly string[]): Promise<KilledOutcome> {
      if (!program) throw new Error('there is no program');
      return program.run(cluster(), at, [...words, '-y']);
    }

    /** Fresh handshakes on all edges that hold, all the while. `work` says how often it was killed. */
    async function unharmed(
      includes: (edge: Edge) => boolean,
      work: () => Promise<number>,
      atLeast: number,
    ): Promise<void> {
      let points = 0;
      const report = await hammeredWhile(cluster(), { rate: 5, includes }, async () => {
        points = await work();
      });
      console.log(`killed ${points} times under ${hammerText(report)}`);
      expect(points).toBeGreaterThan(atLeast);
      const harmed = report.edges.filter((one) => failuresOf(one) + one.refused + one.cut > 0);
      expect(harmed).toEqual([]);
      expect(report.edges.every(({ ok }) => ok > 100)).toBe(true);
      expect(cluster().faults()).toEqual([]);
    }

    async function expectDelivered(...files: readonly string[]): Promise<void> {
      const { tree, disks } = cluster();
      for (const file of files) expect(await readFile(disks.at(file))).toEqual(await readFile(tree.at(file)));
    }

    it(
      'while it renews: before every operation, and the next run completes',
      async () => {
        const what = ['renew', 'node/cp1/apiserver', 'node/cp1/etcdserver'];
        const files = [`${PKI}/apiserver.crt`, `${PKI}/etcdserver.crt`];
        await unharmed(
          () => true,
          async () => {
            let at = 1;
            for (; (await kubetls(at, what)).code === null; at++) {
              const next = await kubetls(0, ['renew']);
              expect(next.code, `after operation ${at}: ${next.stdout}${next.stderr}`).toBe(0);
              await expectDelivered(...files);
            }
            return at - 1;
          },
          80,
        );
        expect((await kubetls(0, ['renew'])).stdout).not.toContain('deliver');
      },
      LONG,
    );

    it(
      'while it rescues what is dead: what lives is not harmed, and the next run completes',
      async () => {
        const lives = ({ client, endpoint }: Edge) =>
          client.name !== SCHEDULER && endpoint.component !== 'kube-scheduler';
        const goOn = ['rescue', '--restarted', SCHEDULER];
        const begun = async () => {
          await endedAgain(cluster(), 'node/cp1/scheduler');
          const whole = await kubetls(0, ['rescue']);
          expect(whole.code, whole.stdout + whole.stderr).toBe(3);
        };
        const completes = async (after: string) => {
          const { code } = await kubetls(0, ['rescue']);
          await expectDelivered(`${PKI}/scheduler.crt`);
          if (code === 0) return;
          const ended = await kubetls(0, goOn);
          expect(ended.code, `${after}: ${ended.stdout}${ended.stderr}`).toBe(0);
        };
        await unharmed(
          lives,
          async () => {
            let points = 0;
            for (let at = 1; ; at++, points++) {
              await endedAgain(cluster(), 'node/cp1/scheduler');
              if ((await kubetls(at, ['rescue'])).code !== null) break;
              await completes(`after operation ${at}`);
            }
            for (let at = 1; ; at++, points++) {
              await begun();
              if ((await kubetls(at, goOn)).code !== null) return points;
              await completes(`after operation ${at}, going on`);
            }
          },
          60,
        );
        await cluster().component(SCHEDULER).restart();
        const report = proveAnswer(await cluster().kubetls(['prove', ...cluster().connect, '-o', 'json']));
        expect(report.edges.filter(({ state }) => state !== 'ok')).toEqual([]);
        expect((await kubetls(0, ['rescue'])).stdout).toContain('Nothing to rescue');
      },
      LONG,
    );
  },
);
