export { auditTree, countCertificates, type TreeChoice, type TreeFinding } from './audit-tree.ts';
export { checkTable } from './check-table.ts';
export {
  applyExceptions,
  type Excepted,
  type Exception,
  type ExceptionsCode,
  idHint,
  parseExceptions,
} from './exceptions.ts';
export { type CheckRow, type Group, GROUPS } from './checks/types.ts';
export { auditKubeconfigs, unloadableFile } from './kubeconfig.ts';
export type { AuditedFile } from './kubeconfig-subjects.ts';
export type { Finding, ServerSeen, Severity, World } from './types.ts';
export { liveNode, livePath, liveRequest } from './live/read-live.ts';
export type { LiveCluster } from './live/types.ts';
export { placeParts, placeText } from './view/place-id.ts';
export type { TreeInput } from './view/types.ts';
export { askCompromised, askWithout, type ReachCode } from './reach/ask.ts';
export type { Authority, Compromised, Identity } from './reach/compromised.ts';
export type { Without } from './reach/without.ts';
