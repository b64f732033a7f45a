export { carryRollout, type CarryInput } from './carry.ts';
export { lookWith, type LookInput } from './look.ts';
export { owedIn } from './owed.ts';
export type * from './types.ts';
