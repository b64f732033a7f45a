import { type Failure, KubetlsError } from '../../src/base/index.ts';

/** The KubetlsError that `work` throws; any other error is thrown on, and so is having none. */
export function failureOf(work: () => unknown): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof KubetlsError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The code of the KubetlsError that `work` throws, `none` when it returns; any other error is thrown on. */
export function codeOf(work: () => unknown): string {
  let returned = false;
  try {
    return failureOf(() => {
      work();
      returned = true;
    }).code;
  } catch (error) {
    if (returned) return 'none';
    throw error;
  }
}
