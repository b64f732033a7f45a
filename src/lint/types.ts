import type { Certificate, Extension } from '../x509/index.ts';

/** What a check has found in a certificate, a request or a CRL. */
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
export interface LintCheck<Subject> extends Omit<LintFinding, 'evidence'> {
  /** The evidence; undefined when the rule is kept. */
  readonly look: (subject: Subject) => string | undefined;
}

/** The evidence of what was found. */
export function when(found: boolean, evidence = ''): string | undefined {
  return found ? evidence : undefined;
}

export function isAuthority({ basicConstraints }: Certificate): boolean {
  return basicConstraints?.ca === true;
}

export function extensionOf({ extensions }: Certificate, oid: string): Extension | undefined {
  return extensions.find((one) => one.oid === oid);
}

/** The first value that has been there before. */
export function firstTwice(values: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return values.find((value) => seen.size === seen.add(value).size);
}
