export { type Dead, type DeadFile, deadIn, type DeadPlace } from './dead.ts';
export { deliveriesOf, onDisk } from './deliveries.ts';
export { rescueDeliveriesOf } from './deliveries-rescue.ts';
export { planRescue, type RescueRolloutInput, runsPods } from './plan-rescue.ts';
export { planRollout } from './plan-rollout.ts';
export type { RolloutInput } from './steps.ts';
export { refuseBrokenRollout, refuseForeign, type RolloutCode } from './refuse.ts';
export { rehearseRollout } from './rehearse.ts';
export type * from './types.ts';
