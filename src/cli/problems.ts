import type { Failure, KubetlsError } from '../base/index.ts';

/** A cluster file may have many problems at once: each is printed as an error of its own. */
export function problemsOf(error: KubetlsError): readonly Failure[] {
  return 'problems' in error && Array.isArray(error.problems)
    ? (error.problems as readonly Failure[])
    : [error];
}
