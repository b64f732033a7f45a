import type { Certificate } from '../x509/index.ts';

/** What a check has found in one certificate. */
export interface LintFinding {
  readonly id: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly title: string;
  readonly why: string;
  /** Where the rule stands. */
  readonly source: string;
  /** What it was found by: a name, a number of bits; empty when the title says all. */
  readonly evidence: string;
}

/**
 * A rule that is stricter than Go's. error: RFC 5280 says MUST, and verifiers are known to refuse it. warning: MUST,
 * or what strict verifiers want. info: SHOULD, or a MUST of which no verifier is known that minds.
 */
export interface LintCheck extends Omit<LintFinding, 'evidence'> {
  /** The evidence; undefined when the rule is kept. */
  readonly look: (certificate: Certificate) => string | undefined;
}
