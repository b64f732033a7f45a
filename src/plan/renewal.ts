/** The plan that renews leaf certificates and does nothing else. */
import type { AuthorityId, Item, KubeconfigItem, PairItem } from '../cluster/index.ts';
import { actionFor, count, makePlan, type PlanInput } from './plan.ts';
import type { Action, Plan } from './types.ts';

/** What holds a leaf certificate of its own. */
export type LeafItem = PairItem | KubeconfigItem;

export interface RenewalChoice {
  /** `due`: what a plan would replace anyway; `all`: the others too. */
  readonly which: 'due' | 'all';
  /** Which leaves are looked at. */
  readonly includes: (item: LeafItem) => boolean;
}

export function isLeaf(item: Item): item is LeafItem {
  return item.kind === 'pair' || (item.kind === 'kubeconfig' && 'embed' in item.credentials);
}

/** Of the leaf in it, if there is one. */
export function issuerOf(item: Item): AuthorityId | undefined {
  if (item.kind === 'pair') return item.issuer;
  return item.kind === 'kubeconfig' && 'embed' in item.credentials
    ? item.credentials.embed.issuer
    : undefined;
}

/**
 * Each chosen certificate anew, for the key that it has. What a plan would do beside that is left to `apply`,
 * and told of: what is missing, what needs another key, and authorities that are due themselves.
 */
export function makeRenewal(input: PlanInput, { which, includes }: RenewalChoice): Plan {
  const plan = makePlan(input);
  const warnings: string[] = [];
  const actions: Action[] = [];
  let others = 0;
  for (const action of plan.actions) {
    const { item, verb } = action;
    if (item?.kind === 'authority' && verb === 'replace') {
      warnings.push(
        `${action.id}: ${action.reason.text}; what it issues now ends with it: apply renews it first`,
      );
    }
    if (!item || !isLeaf(item) || !includes(item)) {
      if (verb !== 'keep') others++;
      continue;
    }
    const renewed = renewedBy(action, item, which, input);
    if (typeof renewed === 'string') warnings.push(renewed);
    else actions.push(renewed);
  }
  if (others > 0)
    warnings.push(
      `${others} more ${others === 1 ? 'change is' : 'changes are'} pending: see them with plan, carry them out with apply`,
    );
  return { ...plan, actions, summary: count(actions), warnings: [...plan.warnings, ...warnings] };
}

/** A sentence where it is not for a renewal to do. */
function renewedBy(
  action: Action,
  item: LeafItem,
  which: RenewalChoice['which'],
  { inventory, written }: PlanInput,
): Action | string {
  const { verb, key, reason, id } = action;
  if (verb === 'create') return `${id}: ${reason.text}; apply makes it`;
  if (verb === 'replace') {
    return key === 'keep' ? action : `${id}: ${reason.text}; that needs another key, which apply makes`;
  }
  if (which === 'all') {
    const asked = { code: 'asked-for', text: 'asked for' };
    return actionFor(item, { verb: 'replace', reason: asked, key: 'keep' }, inventory, written);
  }
  return { ...action, verb: 'keep' };
}
