import type { Certificate } from '../x509/index.ts';
import { certificateChecks } from './certificate-checks.ts';
import type { LintFinding } from './types.ts';

/** What is stricter than Go: findings of the named checks over one certificate, in their order. It judges nothing else. */
export function lintCertificate(certificate: Certificate): LintFinding[] {
  return certificateChecks.flatMap(({ look, ...check }) => {
    const evidence = look(certificate);
    return evidence === undefined ? [] : [{ ...check, evidence }];
  });
}
