export type { Chain } from './chain.ts';
export { type GoRules, goRules, newestRules } from './go-rules.ts';
export { oversizedKey, type UnfitKey, unfitKey } from './handshake-key.ts';
export { nameFailure } from './hostname.ts';
export type { VerifyCode, VerifyFailure } from './messages.ts';
export { diagnose, type Diagnosis } from './near-miss/near-miss.ts';
export type { NameMiss, NameSlip } from './near-miss/names.ts';
export type { NearMiss } from './near-miss/types.ts';
export { parseRefusal } from './parse-messages-certificate.ts';
export { requestRefusal } from './parse-messages-request.ts';
export { revocationListRefusal } from './parse-messages-revocation-list.ts';
export { createPool, type Pool } from './pool.ts';
export { loadPrivateKey, type LoadedKey } from './private-key.ts';
export {
  listSignatureRefusal,
  requestSignatureRefusal,
  type SignatureOracle,
  signatureRefusal,
  signatureRefusalBy,
} from './signature.ts';
export {
  ALERT,
  type Alert,
  alertOfClient,
  alertOfServer,
  alertOfSigner,
  alertText,
  NO_CERTIFICATE,
} from './tls-alerts.ts';
export type { Usage } from './usage.ts';
export { type Verification, verifyChain, type VerifyRequest } from './verify.ts';
