export { lintCertificate, lintRequest, lintRevocationList } from './lint.ts';
export type { LintFinding } from './types.ts';
