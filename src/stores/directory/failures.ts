/** From errno to a coded failure with path and hint. */
import { KubetlsError } from '../../base/index.ts';
import { type StoreCode, storeError } from '../errors.ts';

interface Meaning {
  readonly code: StoreCode;
  readonly what: string;
  readonly hint: string;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOSPC: noSpace('no space is left on the device'),
  EDQUOT: noSpace('the disk quota is used up'),
  EROFS: {
    code: 'stores/read-only',
    what: 'the file system is read-only',
    hint: 'mount it writable, or give another state directory with --state',
  },
  EACCES: permission('permission denied'),
  EPERM: permission('operation not permitted'),
  ELOOP: { code: 'stores/link', what: 'it is a symbolic link', hint: 'put the file itself there' },
  ENOTDIR: { code: 'stores/not-a-file', what: 'a part of the path is no directory', hint: 'move it away' },
  ENOENT: {
    code: 'stores/io',
    what: 'a directory on the way is missing',
    hint: 'see that the directory above the state directory exists',
  },
  EISDIR: { code: 'stores/not-a-file', what: 'a directory stands there', hint: 'move it away' },
};

function noSpace(what: string): Meaning {
  return { code: 'stores/no-space', what, hint: 'free some space and run the command again' };
}

function permission(what: string): Meaning {
  return {
    code: 'stores/permission',
    what,
    hint: 'run as the owner of the state directory, or give yourself the rights to it',
  };
}

/** What an errno means for a file of ours; undefined for one that nobody expects. */
export function meaningOf(code: string): Meaning | undefined {
  return MEANINGS[code];
}

/** Runs a public operation: system errors leave it as coded failures, everything else as it is. */
export async function coded<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw isSystemError(error) ? explained(error) : error;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && !(error instanceof KubetlsError) && 'syscall' in error;
}

/** The errno of a system error, such as `EEXIST`. */
export function errno(error: unknown): string | undefined {
  return isSystemError(error) ? error.code : undefined;
}

function explained(error: NodeJS.ErrnoException): KubetlsError<StoreCode> {
  const meaning = MEANINGS[error.code ?? ''];
  const call = error.syscall ?? 'a system call';
  return storeError({
    code: meaning?.code ?? 'stores/io',
    message: meaning ? `${meaning.what} (${call})` : `${call} failed: ${error.code ?? error.message}`,
    ...(error.path !== undefined && { file: error.path }),
    hint: meaning?.hint ?? 'see that the disk is sound, then run the command again',
    cause: error,
  });
}
