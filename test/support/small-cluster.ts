/** A small cluster in memory, planned and applied by the real code, for tests. */
import { applyPlan, systemKeys, systemRandom } from '../../src/apply/index.ts';
import { type Cluster, describeCluster, parseSpec } from '../../src/cluster/index.ts';
import { type FileChange, type Inventory, readInventory } from '../../src/inventory/index.ts';
import { makePlan, type Plan } from '../../src/plan/index.ts';
import { memoryStore, type Store } from '../../src/stores/index.ts';

export const NOW = Date.parse('2026-11-23T12:00:00Z');

export function clusterOf(extra: Record<string, unknown> = {}): Cluster {
  const spec = {
    keys: { algorithm: 'ecdsa-p256' },
    nodes: [
      { name: 'master', roles: ['control-plane', 'etcd'], addresses: ['10.0.0.10'] },
      { name: 'worker-1', roles: ['worker'], addresses: ['10.0.0.21'] },
    ],
    ...extra,
  };
  const file = { apiVersion: 'kubetls/v1', kind: 'Cluster', metadata: { name: 'demo' }, spec };
  return describeCluster(parseSpec(JSON.stringify(file), 'kubetls.yaml'));
}

/** For `clusterOf`: three control planes with etcd behind an endpoint, and a worker. */
export const THREE_OF_EACH = {
  endpoint: 'api.example:6443',
  nodes: [
    ...['a', 'b', 'c'].map((name, i) => ({
      name,
      roles: ['control-plane', 'etcd'],
      addresses: [`10.0.0.1${i}`],
    })),
    { name: 'w', roles: ['worker'], addresses: ['10.0.0.21'] },
  ],
};

export interface World {
  readonly cluster: Cluster;
  readonly store: Store;
  readonly inventory: Inventory;
}

export async function applied(cluster = clusterOf(), at = NOW, store: Store = memoryStore()): Promise<World> {
  const inventory = readInventory(await store.read());
  const plan = makePlan({ cluster, inventory, at, written: await store.written() });
  await carry(plan, { cluster, store, inventory }, at);
  return { cluster, store, inventory: readInventory(await store.read()) };
}

export async function carry(
  plan: Plan,
  { cluster, store, inventory }: World,
  at = NOW,
  overwrite: ReadonlySet<string> | 'all' = new Set(),
) {
  return applyPlan({
    plan,
    cluster,
    inventory,
    store,
    clock: { now: () => at },
    random: systemRandom(),
    keys: systemKeys(),
    overwrite,
    acceptBreaks: new Set(),
  });
}

export async function planOf({ cluster, store }: World, at = NOW): Promise<Plan> {
  return makePlan({
    cluster,
    inventory: readInventory(await store.read()),
    at,
    written: await store.written(),
  });
}

/** Changes a file as a person would: past the store's own knowledge of what it wrote. */
export function tampered(world: World, changes: readonly FileChange[]): Inventory {
  return world.inventory.withFiles(changes);
}

/** The actions of a plan that change something, as `verb path (code)`. */
export function changesOf(plan: Plan): string[] {
  return plan.actions
    .filter(({ verb }) => verb !== 'keep')
    .map(({ verb, path, reason }) => `${verb} ${path} (${reason.code})`);
}
