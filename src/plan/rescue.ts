/**
 * The plan for a cluster whose certificates have ended: authorities that have, for the keys that they have; then
 * whoever shows them; then each leaf that is due, for its key. It asks nobody, so nothing needs to run.
 */
import { DAY } from '../base/index.ts';
import type { AuthorityId, AuthorityItem } from '../cluster/index.ts';
import { count, makePlan } from './plan.ts';
import { isLeaf, issuerOf } from './renewal.ts';
import { isNoLoss } from './rescue-losses.ts';
import { type RescueInput, rotatedActions, unknownKubelets } from './rescue-kubelets.ts';
import { hasKey, refuseAuthorities, refuseClock, refuseKeyless } from './rescue-refusals.ts';
import type { Action, Plan } from './types.ts';

/** An authority that ends so soon is taken along: what it issued now would be dead with it. */
const SOON = 30 * DAY;

/** @throws KubetlsError of RescueCode where nothing that can be done here would help */
export function makeRescue(input: RescueInput): Plan {
  const { cluster } = input;
  refuseClock(input);
  refuseAuthorities(input);
  const renewAuthoritiesBefore = Math.min(SOON, cluster.spec.lifetimes.certificate / 2);
  const plan = makePlan({ ...input, renewAuthoritiesBefore });
  const renewed = new Set(plan.actions.filter(isRenewed).map(({ item }) => item.authority));
  const chosen = plan.actions
    .filter(({ verb }) => verb !== 'keep')
    .map((one) => (isNoLoss(one, input) ? { ...one, foreign: [] } : one))
    .filter((one) => isForRescue(one, renewed));
  const asked = [...chosen, ...rotatedActions(input, renewed.has('cluster'))];
  refuseKeyless(asked, input);
  const possible = asked.filter(({ item }) => !item || hasKey(issuerOf(item), input));
  const actions = [...plan.actions.filter(({ verb }) => verb === 'keep'), ...possible];
  const others = plan.actions.length - plan.summary.keep - chosen.length + asked.length - possible.length;
  const pending = `${others} more ${others === 1 ? 'change is' : 'changes are'} pending: see them with plan, carry them out with apply`;
  const warnings = [...plan.warnings, ...unknownKubelets(input), ...(others > 0 ? [pending] : [])];
  return { ...plan, actions, summary: count(actions), warnings };
}

function isRenewed(action: Action): action is Action & { readonly item: AuthorityItem } {
  return action.item?.kind === 'authority' && action.verb === 'replace';
}

/** What gives a cluster back its life: no other keys, nothing that is removed, nobody's own work. */
function isForRescue({ item, verb, key, foreign }: Action, renewed: ReadonlySet<AuthorityId>): boolean {
  if (!item || key === 'new') return false;
  const isOurs = foreign.length === 0;
  if (item.kind === 'authority') return verb === 'replace';
  if (item.kind === 'anchors') return isOurs || item.of.some((id) => renewed.has(id));
  if (item.kind === 'kubeconfig' && verb === 'rewrite')
    return isOurs || ('embed' in item.authority && renewed.has(item.authority.embed));
  return isLeaf(item) && verb !== 'rewrite';
}
