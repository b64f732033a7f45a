export { type CarryOutCode, carryOut, type Effect, type Ports } from './carry-out.ts';
export { authoritiesOf, makePlan, type PlanInput } from './plan.ts';
export { type PlanView, planView, requireSamePlan, type SavedPlanCode, savedInstant } from './saved.ts';
export { type Rehearsal, simulate } from './simulate.ts';
export type * from './types.ts';
