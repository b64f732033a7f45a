export type { Chain } from './chains.ts';
export { nameFailure } from './hostname.ts';
export type { VerifyCode, VerifyFailure } from './messages.ts';
export { parseRefusal } from './parse-messages.ts';
export { createPool, type Pool } from './pool.ts';
export { type SignatureOracle, signatureRefusal } from './signature.ts';
export type { Usage } from './usage.ts';
export { type Verification, verifyChain, type VerifyRequest } from './verify.ts';
