export type { Disk } from './in-memory/disks.ts';
export type { MemoryInput } from './in-memory/prove-memory.ts';
export { prove, type ProveCode, type ProveInput } from './prove.ts';
export { proofState, refusalState, reportState } from './state.ts';
export { outOfSight, type Vantage, vantageFrom } from './vantage.ts';
export type * from './types.ts';
