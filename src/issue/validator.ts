import { type Failure, KubetlsError, MINUTE } from '../base/index.ts';
import type { Context, Draft } from './draft.ts';
import type { IssueCode } from './types.ts';

/** The floor of the controller manager's signer (pkg/controller/certificates/authority/policies.go). */
export const SHORTEST_LIFE = 10 * MINUTE;

/** Says no, or nothing. */
export type Validator = (draft: Draft, context: Context) => Failure<IssueCode> | undefined;

export function no(code: IssueCode, message: string, hint?: string): Failure<IssueCode> {
  return hint === undefined ? { code, message } : { code, message, hint };
}

/** The first no counts: the lists are in the order in which a person would mend things. */
export function validate(draft: Draft, context: Context, validators: readonly Validator[]): void {
  for (const validator of validators) {
    const failure = validator(draft, context);
    if (failure) throw new KubetlsError(failure);
  }
}
