export { lintCertificate } from './lint.ts';
export type { LintFinding } from './types.ts';
