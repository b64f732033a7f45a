/** What `adopt` makes of files, and what a plan then says. */
import { adopt, type Adopted, type AdoptInput } from '../../src/adopt/index.ts';
import type { Instant } from '../../src/base/index.ts';
import { type Cluster, describeCluster, parseSpec } from '../../src/cluster/index.ts';
import { type Inventory, readInventory } from '../../src/inventory/index.ts';
import { makePlan, type Plan } from '../../src/plan/index.ts';
import { Surveyor } from '../../src/survey/index.ts';

export interface TreeEntry {
  readonly root: string;
  readonly path: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

export interface Adoption extends Adopted {
  readonly cluster: Cluster;
  readonly inventory: Inventory;
  readonly plan: Plan;
  /** What the plan would do, a line each: `replace node/cp1/apiserver: wrong-name`. */
  readonly changes: readonly string[];
}

export function adopted(files: readonly TreeEntry[], at: Instant, input: Partial<AdoptInput> = {}): Adoption {
  const surveyor = new Surveyor();
  for (const file of files) surveyor.add({ ...file, owner: undefined });
  const named = new Set(files.map(({ root }) => root));
  const found = adopt(surveyor.done(), { name: 'demo', addresses: new Map(), named, ...input }, at);
  const cluster = describeCluster(parseSpec(found.text, 'kubetls.yaml'));
  const inventory = readInventory(found.files);
  const plan = makePlan({ cluster, inventory, at, written: new Map() });
  const changes = plan.actions
    .filter(({ verb }) => verb !== 'keep')
    .map(({ verb, id, reason }) => `${verb} ${id}: ${reason.code}`);
  return { ...found, cluster, inventory, plan, changes };
}
