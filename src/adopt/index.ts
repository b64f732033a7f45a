export { adopt } from './adopt.ts';
export type { AdoptCode, Adopted, AdoptedNode, AdoptInput } from './types.ts';
