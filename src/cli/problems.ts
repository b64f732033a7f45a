import type { Failure, KubetlsError } from '../base/index.ts';

/** A cluster file may have many problems at once: each is printed as an error of its own. */
export function problemsOf(error: KubetlsError): readonly Failure[] {
  return 'problems' in error && Array.isArray(error.problems)
    ? (error.problems as readonly Failure[])
    : [error];
}

const errnoWords: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'a part of the path is no directory',
  EISDIR: 'a directory stands there',
  ELOOP: 'too many symbolic links',
  ENOSPC: 'no space is left on the device',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
};

/** `EACCES` in words; one that is not known stays as it is. */
export function errnoText(code: string | undefined): string {
  return errnoWords[code ?? ''] ?? code ?? 'unknown error';
}
