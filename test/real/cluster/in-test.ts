import { afterAll, beforeAll, beforeEach, onTestFailed } from 'vitest';
import { ground, rootlessGround } from './ground.ts';
import { bootCluster, type RealCluster } from './real-cluster.ts';
import type { Design } from './scenarios.ts';

const TO_BOOT = 180_000; // milliseconds, on a machine that others use too; some ten seconds on an idle one

/** Boots it before the tests of a `describe`. When one of them fails, logs and files stay, and it says where. */
export function booted(scenario: Design): () => RealCluster {
  let cluster: RealCluster | undefined;
  let failed = false;
  beforeAll(async () => {
    const found = scenario.rootless ? rootlessGround : ground;
    if ('missing' in found) throw new Error(found.missing);
    cluster = await bootCluster(found.tools, scenario);
  }, TO_BOOT);
  beforeEach(() => {
    onTestFailed(() => void (failed = true));
  });
  afterAll(async () => {
    const kept = await cluster?.stop(failed);
    if (kept !== undefined) console.error(`${scenario.title}: logs and files are kept in ${kept}`);
  });
  return () => {
    if (!cluster) throw new Error('not booted');
    return cluster;
  };
}
