export { adopt } from './adopt.ts';
export { rolesIn } from './trees.ts';
export type { AdoptCode, Adopted, AdoptedNode, AdoptInput } from './types.ts';
