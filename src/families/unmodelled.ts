import { KubetlsError } from '../base/index.ts';

/** A rule that we do not re-create decides here: the answer is unknown. Caught by `judge` only. */
const CODE = 'families/unmodelled';

/** @throws KubetlsError always */
export function unmodelled(reason: string): never {
  throw new KubetlsError({ code: CODE, message: reason });
}

/** The reason, when this is what was thrown; everything else goes on up. */
export function reasonOf(error: unknown): string {
  if (error instanceof KubetlsError && error.code === CODE) return error.message;
  throw error;
}
