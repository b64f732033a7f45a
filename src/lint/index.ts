export { certificateChecks } from './certificate-checks.ts';
export { entryChecks } from './entry-checks.ts';
export { lintCertificate, lintRequest, lintRevocationList } from './lint.ts';
export { revocationChecks } from './revocation-checks.ts';
export type { LintFinding } from './types.ts';
