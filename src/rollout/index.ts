export { deliveriesOf, onDisk } from './deliveries.ts';
export { planRollout, type RolloutInput } from './plan-rollout.ts';
export { refuseBrokenRollout, refuseForeign, type RolloutCode } from './refuse.ts';
export { rehearseRollout } from './rehearse.ts';
export type * from './types.ts';
