// Faults that stand in the API of a running cluster: each is found where it is, with no other, until it is mended.
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { checkAnswer, told } from '../../kubetls-program.ts';
import { ground } from '../ground.ts';
import { booted } from '../in-test.ts';
import { untilPublished } from '../published.ts';
import { TOPOLOGIES } from '../scenarios.ts';
import { bundles } from './bundles.ts';
import { nodes } from './nodes.ts';
import { objects } from './objects.ts';
import { requests } from './requests.ts';

const LONG = 120_000; // milliseconds
/** A controller manager that comes back waits until the lease of the one before has ended. */
const TO_MEND = 60_000;
const TO_END = 2_000;

const FAULTS = [bundles, objects, requests, nodes].flat();
const IN_ORDER = ['info masters-member at users/kube-admin/admin.crt'];

describe.skipIf('missing' in ground)(
  'check --live finds what is wrong with a real cluster (needs Go, root and network namespaces)',
  () => {
    const cluster = booted({ title: 'check-live', topology: TOPOLOGIES.single, profile: 'flat', spec: [] });
    const check = async () =>
      checkAnswer(
        await cluster().kubetls(['check', '--live', '--kubeconfig', cluster().wiring.admin, '-o', 'json']),
      );

    beforeAll(() => untilPublished(cluster()), LONG);

    it('has nothing to say but for what is really so', async () => {
      const answer = await check();
      expect(told(answer)).toEqual(IN_ORDER);
      expect(answer.code).toBe(0);
    });

    it.each(FAULTS)(
      '$fault',
      async ({ plant, finds }) => {
        const mend = await plant(cluster());
        try {
          const answer = await check();
          expect(told(answer)).toEqual([...IN_ORDER, ...finds].sort());
          expect(answer.code).toBe(finds.some((one) => one.startsWith('error')) ? 1 : 0);
        } finally {
          await mend();
        }
        await vi.waitFor(async () => expect(told(await check())).toEqual(IN_ORDER), TO_MEND);
      },
      LONG,
    );

    it('is unknown when the server is not there', { timeout: LONG }, async () => {
      await cluster().component('kube-apiserver@cp1').stop(TO_END);
      const answer = await check();
      expect(answer.code).toBe(3);
      expect(told(answer)).toEqual(IN_ORDER);
      expect(answer.stderr).toContain('unknown: the running cluster: dial tcp');
    });
  },
);
