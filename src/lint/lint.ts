import type { Certificate, CertificateRequest, RevocationList } from '../x509/index.ts';
import { certificateChecks } from './certificate-checks.ts';
import { requestChecks } from './request-checks.ts';
import { revocationChecks } from './revocation-checks.ts';
import type { LintCheck, LintFinding } from './types.ts';

/** What is stricter than Go: findings of the named checks over one certificate, in their order. It judges nothing else. */
export function lintCertificate(certificate: Certificate): LintFinding[] {
  return findings(certificateChecks, certificate);
}

/** The same over a request. */
export function lintRequest(request: CertificateRequest): LintFinding[] {
  return findings(requestChecks, request);
}

/** The same over a CRL. Its entries are not walked. */
export function lintRevocationList(list: RevocationList): LintFinding[] {
  return findings(revocationChecks, list);
}

function findings<Subject>(checks: readonly LintCheck<Subject>[], subject: Subject): LintFinding[] {
  return checks.flatMap(({ look, ...check }) => {
    const evidence = look(subject);
    return evidence === undefined ? [] : [{ ...check, evidence }];
  });
}
