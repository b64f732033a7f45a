import type { CertificateRequest } from '../x509/index.ts';
import { subjectChecks } from './name-checks.ts';
import { keyChecks, signatureChecks } from './shared-checks.ts';
import type { LintCheck } from './types.ts';

/** Who signs a request copies its key and its names: what is wrong with them would be wrong with the certificate. */
export const requestChecks: readonly LintCheck<CertificateRequest>[] = [
  ...keyChecks,
  ...signatureChecks,
  ...subjectChecks,
];
