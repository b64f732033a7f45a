/**
 * The plan for a cluster whose certificates have ended: authorities that have, for the keys that they have; then
 * whoever shows them; then each leaf that is due, for its key. It asks nobody, so nothing needs to run.
 */
import { DAY, type Instant, toRfc3339 } from '../base/index.ts';
import type { AuthorityId, AuthorityItem, Item } from '../cluster/index.ts';
import { type EndOf, endsIn } from './ended.ts';
import { authoritiesOf, count, makePlan } from './plan.ts';
import { isLeaf, issuerOf } from './renewal.ts';
import { isNoLoss } from './rescue-losses.ts';
import { type RescueInput, rotatedActions, unknownKubelets } from './rescue-kubelets.ts';
import { hasKey, refuseAuthorities, refuseClock, refuseKeyless } from './rescue-refusals.ts';
import type { Action, Plan } from './types.ts';

/** An authority that ends so soon is taken along: what it issued now would be dead with it. */
const SOON = 30 * DAY;

/** @throws KubetlsError of RescueCode where nothing that can be done here would help */
export function makeRescue(input: RescueInput): Plan {
  const { cluster, inventory, at } = input;
  const endOf = endsIn(cluster.items, inventory);
  const hasEnded = (item: Item) => (endOf(item) ?? at) < at;
  refuseClock(input);
  refuseAuthorities(input);
  const renewAuthoritiesBefore = Math.min(SOON, cluster.spec.lifetimes.certificate / 2);
  const plan = makePlan({ ...input, renewAuthoritiesBefore, keepsKeys: true });
  const renewed = new Set(plan.actions.filter(isRenewed).map(({ item }) => item.authority));
  const chosen = plan.actions
    .filter(({ verb }) => verb !== 'keep')
    .map((one) => (isNoLoss(one, input) ? { ...one, foreign: [] } : one))
    .filter((one) => isForRescue(one, renewed, hasEnded));
  const asked = [...chosen, ...rotatedActions(input, renewed.has('cluster'))];
  refuseKeyless(asked, hasEnded, input);
  const possible = asked.filter(({ item }) => !item || hasKey(issuerOf(item), input));
  const actions = [...plan.actions.filter(({ verb }) => verb === 'keep'), ...possible];
  const others = plan.actions.length - plan.summary.keep - chosen.length + asked.length - possible.length;
  const pending = `${others} more ${others === 1 ? 'change is' : 'changes are'} pending: see them with plan, carry them out with apply`;
  const warnings = [
    ...plan.warnings,
    ...plan.actions.flatMap((action) => lostKey(action, endOf, at)),
    ...endingSoon(possible, renewed, endOf, input),
    ...unknownKubelets(input),
    ...(others > 0 ? [pending] : []),
  ];
  return { ...plan, actions, summary: count(actions), warnings };
}

function isRenewed(action: Action): action is Action & { readonly item: AuthorityItem } {
  return action.item?.kind === 'authority' && action.verb === 'replace';
}

/** Sentences: nothing that is issued outlives its authority. */
function endingSoon(
  asked: readonly Action[],
  renewed: ReadonlySet<AuthorityId>,
  endOf: EndOf,
  { cluster, at }: RescueInput,
): string[] {
  const issuers = new Set(asked.flatMap(({ item }) => (item && issuerOf(item)) ?? []));
  return [...authoritiesOf(cluster).values()].flatMap((item) => {
    const end = endOf(item);
    if (end === undefined || renewed.has(item.authority) || !issuers.has(item.authority)) return [];
    return end < at + cluster.spec.lifetimes.certificate
      ? `${item.id} ends on ${toRfc3339(end)}: what it issues now ends with it`
      : [];
  });
}

/** Sentences: rescue makes no new keys. */
function lostKey({ id, item, key, verb, reason }: Action, endOf: EndOf, at: Instant): string[] {
  const end = item && endOf(item);
  if (verb !== 'replace' || key === 'keep' || end === undefined || end >= at) return [];
  return [
    `${id}: expired on ${toRfc3339(end)}, and ${reason.text}: what needs it stays dead until it has another key: apply makes one`,
  ];
}

/**
 * What gives a cluster back its life: no other keys, nothing that is removed, and of what is somebody's own work
 * only what has ended.
 */
function isForRescue(
  { item, verb, key, foreign, reason }: Action,
  renewed: ReadonlySet<AuthorityId>,
  hasEnded: (item: Item) => boolean,
): boolean {
  if (!item || key === 'new') return false;
  const isOurs = foreign.length === 0;
  if (item.kind === 'authority') return verb === 'replace';
  if (item.kind === 'anchors') return isOurs || item.of.some((id) => renewed.has(id));
  if (item.kind === 'kubeconfig' && verb === 'rewrite')
    return isOurs || ('embed' in item.authority && renewed.has(item.authority.embed));
  if (!isLeaf(item) || verb === 'rewrite') return false;
  return isOurs || hasEnded(item) || reason.code === 'renewal-window';
}
