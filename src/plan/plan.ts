/** The difference between what is desired and what was found, as a value. */
import { createHash } from 'node:crypto';
import type { Instant } from '../base/index.ts';
import {
  type AuthorityId,
  type AuthorityItem,
  type Cluster,
  type Item,
  rotatedItems,
  type StatePath,
} from '../cluster/index.ts';
import type { Inventory } from '../inventory/index.ts';
import { type Decision, decide, filesOf } from './decide.ts';
import type { Action, Plan, Verb } from './types.ts';
import { isAsWritten, type World } from './world.ts';

export interface PlanInput {
  readonly cluster: Cluster;
  readonly inventory: Inventory;
  readonly at: Instant;
  /** SHA-256 of each file as kubetls last wrote it: any other content there is somebody's work. */
  readonly written: ReadonlyMap<StatePath, string>;
  /** For authorities, in place of `lifetimes.renewBefore`: milliseconds. */
  readonly renewAuthoritiesBefore?: number;
  /** Whatever `kubetls.yaml` says of algorithms: a key that stands there is as good as another. */
  readonly keepsKeys?: boolean;
}

/** Makers before what is made from them; a leaf's kubeconfig last. */
const order: Readonly<Record<Item['kind'], number>> = {
  authority: 0,
  'key-pair': 1,
  copy: 2,
  anchors: 3,
  pair: 4,
  kubeconfig: 5,
};

export function makePlan(input: PlanInput): Plan {
  const { cluster, inventory, at, written } = input;
  const { renewBefore } = cluster.spec.lifetimes;
  const items = [...cluster.items].sort((a, b) => order[a.kind] - order[b.kind]);
  const renewed = new Set<AuthorityId>();
  const moved = new Set<StatePath>();
  const world: World = {
    inventory,
    at,
    written,
    renewBefore,
    renewAuthoritiesBefore: input.renewAuthoritiesBefore ?? renewBefore,
    keepsKeys: input.keepsKeys ?? false,
    authorityItems: authoritiesOf(cluster),
    renewed,
    moved,
  };
  const warnings = [...cluster.warnings];
  const actions: Action[] = [];
  for (const item of items) {
    const decision = decide(item, world);
    const action = actionFor(item, decision, inventory, written);
    actions.push(action);
    if (decision.verb === 'keep' && decision.reason.code !== 'in-order')
      warnings.push(keptDespite(item, decision));
    if (action.verb === 'keep') continue;
    if (item.kind === 'authority' && action.verb !== 'rewrite') renewed.add(item.authority);
    // A key that stays is no news to who copies it.
    for (const path of overwritten(item, decision)) moved.add(path);
  }
  actions.push(...removals([...items, ...rotatedItems(cluster)], inventory, written));
  return {
    at,
    cluster: cluster.spec.name,
    world: worldDigest(cluster, inventory),
    actions,
    summary: count(actions),
    warnings,
  };
}

function keptDespite({ id }: Item, { reason }: Decision): string {
  const way =
    reason.code === 'needs-rotation'
      ? "an authority's key changes only by a rotation"
      : 'it is left as it is';
  return `${id}: ${reason.text}; ${way}`;
}

function isAuthority(item: Item): item is AuthorityItem {
  return item.kind === 'authority';
}

export function actionFor(
  item: Item,
  decision: Decision,
  inventory: Inventory,
  written: PlanInput['written'],
): Action {
  const paths = filesOf(item).map(({ path }) => path);
  return {
    id: item.id,
    verb: decision.verb,
    node: item.owner?.name ?? '-',
    path: paths[0] as StatePath,
    paths,
    reason: decision.reason,
    item,
    key: decision.key,
    foreign:
      decision.verb === 'keep'
        ? []
        : [...overwritten(item, decision), ...builtOn(item, decision)].filter((path) =>
            isForeign(path, inventory, written),
          ),
  };
}

/** Of the item's files, those whose present content this decision would destroy. */
function overwritten(item: Item, { key }: Decision): StatePath[] {
  switch (item.kind) {
    case 'authority':
    case 'pair':
      return key === 'new' ? [item.certificate.path, item.key.path] : [item.certificate.path];
    case 'key-pair':
      return key === 'new' ? [item.privateKey.path, item.publicKey.path] : [item.publicKey.path];
    case 'kubeconfig':
    case 'anchors':
    case 'copy':
      return [item.file.path];
  }
}

/**
 * Files whose new content this decision would take over: a key that came in place of another is neither
 * certified nor handed on without leave.
 */
function builtOn(item: Item, { verb, reason }: Decision): StatePath[] {
  if (item.kind === 'copy') return verb === 'rewrite' && reason.code === 'stale-content' ? [item.from] : [];
  if (reason.code !== 'key-mismatch') return [];
  if (item.kind === 'key-pair') return [item.privateKey.path];
  return item.kind === 'pair' ? [item.key.path] : [];
}

function isForeign(path: StatePath, inventory: Inventory, written: PlanInput['written']): boolean {
  return inventory.get(path) !== undefined && !isAsWritten(path, { inventory, written });
}

/** Files that kubetls wrote, that nobody changed since, and that nothing asks for any more. */
function removals(items: readonly Item[], inventory: Inventory, written: PlanInput['written']): Action[] {
  const wanted = new Set(items.flatMap((item) => filesOf(item).map(({ path }) => path)));
  const gone = [...written.keys()].filter(
    // An authority's material is history that others may still trust: never removed by a plain plan.
    (path) =>
      !wanted.has(path) &&
      !path.startsWith('authorities/') &&
      inventory.get(path) &&
      !isForeign(path, inventory, written),
  );
  return gone.sort().map((path) => ({
    id: `remove:${path}`,
    verb: 'remove',
    node: path.split('/')[1] ?? '-',
    path,
    paths: [path],
    reason: { code: 'not-wanted', text: 'kubetls.yaml no longer asks for it' },
    item: undefined,
    key: 'keep',
    foreign: [],
  }));
}

export function count(actions: readonly Action[]): Record<Verb, number> {
  const summary: Record<Verb, number> = { create: 0, replace: 0, rewrite: 0, remove: 0, keep: 0 };
  for (const { verb } of actions) summary[verb]++;
  return summary;
}

/** SHA-256 over the spec and every found file, so that a saved plan can tell whether the world moved. */
function worldDigest(cluster: Cluster, inventory: Inventory): string {
  const hash = createHash('sha256').update(JSON.stringify(cluster.spec));
  for (const [path, { sha256, mode }] of inventory.entries) hash.update(`\n${path}\0${mode}\0${sha256}`);
  return hash.digest('hex');
}

export function authoritiesOf(cluster: Cluster): ReadonlyMap<AuthorityId, AuthorityItem> {
  return new Map(cluster.items.filter(isAuthority).map((item) => [item.authority, item]));
}
