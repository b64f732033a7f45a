export { carryOut } from './carry-out.ts';
export { endsIn } from './ended.ts';
export type { CarryOutCode, Effect, Ports } from './issuer.ts';
export { authoritiesOf, makePlan, type PlanInput } from './plan.ts';
export {
  type PlanView,
  planView,
  requireDue,
  requireSamePlan,
  type SavedPlanCode,
  savedInstant,
} from './saved.ts';
export { isLeaf, type LeafItem, makeRenewal, type RenewalChoice } from './renewal.ts';
export { makeRescue } from './rescue.ts';
export type { RescueInput } from './rescue-kubelets.ts';
export type { RescueCode } from './rescue-refusals.ts';
export { type Rehearsal, simulate } from './simulate.ts';
export type * from './types.ts';
