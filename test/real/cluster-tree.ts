// A kubetls.yaml and what kubetls makes of it: a state directory, as `kubetls apply` leaves it.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Applied, applyPlan, systemKeys, systemRandom } from '../../src/apply/index.ts';
import type { Clock } from '../../src/base/index.ts';
import { type Cluster, describeCluster, parseSpec, type StatePath } from '../../src/cluster/index.ts';
import { type Inventory, readInventory } from '../../src/inventory/index.ts';
import type { KeySource } from '../../src/issue/index.ts';
import { makePlan, type Plan } from '../../src/plan/index.ts';
import { directoryStore } from '../../src/stores/index.ts';
import { temporaryDirectory } from './last-rites.ts';

export interface ClusterTree {
  /** As the yaml says now. */
  cluster(): Cluster;
  /** Absolute path of the file that the yaml stands in. */
  readonly yaml: string;
  /** Absolute path of the state directory. */
  readonly state: string;
  /** Absolute path of a file of the state. */
  at(file: StatePath): string;
  /** Read from the disk each time. */
  inventory(): Promise<Inventory>;
  /** SHA-256 by path, as kubetls last wrote it. */
  written(): Promise<ReadonlyMap<StatePath, string>>;
  plan(at?: number): Promise<Plan>;
  apply(): Promise<Applied>;
  /** Writes another yaml in its place; nothing is applied. */
  edit(text: string): Promise<void>;
  remove(): Promise<void>;
}

/** Where keys and the time come from; absent: from this machine. */
interface Ports {
  keys: KeySource;
  clock: Clock;
}

const SYSTEM: Ports = { keys: systemKeys(), clock: { now: Date.now } };

/** Parses `text`, plans from nothing and applies, in a temporary directory. */
export async function clusterTree(text: string, ports: Partial<Ports> = {}): Promise<ClusterTree> {
  const directory = await temporaryDirectory('tree');
  try {
    const tree = treeIn(directory.path, () => directory.remove(), ports);
    await tree.edit(text);
    await tree.apply();
    return tree;
  } catch (error) {
    await directory.remove();
    throw error;
  }
}

/** Of a directory that may hold a kubetls.yaml and a state already; nothing is written. */
export function treeIn(
  directory: string,
  remove: () => Promise<void>,
  ports: Partial<Ports> = {},
): ClusterTree {
  const { keys, clock } = { ...SYSTEM, ...ports };
  const yaml = path.join(directory, 'kubetls.yaml');
  const state = path.join(directory, 'kubetls-state');
  const store = directoryStore(state);
  let current: Cluster | undefined;
  const cluster = () => {
    if (!current) throw new Error('no kubetls.yaml yet');
    return current;
  };
  const inventory = async () => readInventory(await store.read());
  const plan = async (at = clock.now()) =>
    makePlan({ cluster: cluster(), inventory: await inventory(), at, written: await store.written() });
  return {
    cluster,
    yaml,
    state,
    at: (file) => path.join(state, file),
    inventory,
    written: () => store.written(),
    plan,
    apply: async () =>
      applyPlan({
        plan: await plan(),
        cluster: cluster(),
        inventory: await inventory(),
        store,
        clock,
        random: systemRandom(),
        keys,
        overwrite: new Set(),
        acceptBreaks: new Set(),
      }),
    async edit(text) {
      await writeFile(yaml, text);
      current = describeCluster(parseSpec(text, yaml));
    },
    remove,
  };
}
