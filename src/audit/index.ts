export { auditKubeconfigs, unloadableFile } from './kubeconfig.ts';
export type { AuditedFile } from './kubeconfig-subjects.ts';
export type { Finding, ServerSeen, Severity, World } from './types.ts';
