import { KubetlsError } from '../../src/base/index.ts';

/** The code of the KubetlsError that `work` throws, `none` when it returns; any other error is thrown on. */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof KubetlsError) return error.code;
    throw error;
  }
  return 'none';
}
