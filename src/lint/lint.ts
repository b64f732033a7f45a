import {
  type Certificate,
  type CertificateRequest,
  type RevocationList,
  serialDecimal,
} from '../x509/index.ts';
import { certificateChecks } from './certificate-checks.ts';
import { entryChecks } from './entry-checks.ts';
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

/** The same over a CRL: of each check on entries the first that it finds, and how many more. */
export function lintRevocationList(list: RevocationList): LintFinding[] {
  return [...findings(revocationChecks, list), ...entryFindings(list)];
}

function entryFindings(list: RevocationList): LintFinding[] {
  const found = entryChecks.map(({ look, ...check }) => ({ check, look, first: '', count: 0 }));
  for (const entry of list.entries) {
    // Nearly all of them have none, and lists have millions.
    if (entry.extensions.length === 0) continue;
    for (const one of found) {
      const evidence = one.look({ entry, list });
      if (evidence === undefined || one.count++ > 0) continue;
      one.first = `serial ${serialDecimal(entry.serial)}${evidence === '' ? '' : `: ${evidence}`}`;
    }
  }
  return found.flatMap(({ check, first, count }) => {
    if (count === 0) return [];
    return [{ ...check, evidence: count === 1 ? first : `${first}, and ${count - 1} more` }];
  });
}

function findings<Subject>(checks: readonly LintCheck<Subject>[], subject: Subject): LintFinding[] {
  const found: LintFinding[] = [];
  // Nearly all of them find nothing: no more is done for those than to ask.
  for (const check of checks) {
    const evidence = check.look(subject);
    if (evidence === undefined) continue;
    const { id, severity, title, why, source } = check;
    found.push({ id, severity, title, why, source, evidence });
  }
  return found;
}
