import { KubetlsError, printable } from '../base/index.ts';
import type { HostCode } from './types.ts';

interface HostFailure {
  readonly code: HostCode;
  readonly message: string;
  /** The host, and the path on it where one is to blame. */
  readonly at: string;
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

export function hostError({ code, message, at, hint, cause }: HostFailure): KubetlsError<HostCode> {
  return new KubetlsError<HostCode>(
    { code, message, where: { file: printable(at) }, ...(hint !== undefined && { hint }) },
    cause === undefined ? undefined : { cause },
  );
}

/** What a program said, for a message: its last line with words, escaped and cut short. */
export function lastWords(text: string): string {
  const line = text
    .split(/[\r\n]/)
    .findLast((words) => words.trim() !== '')
    ?.trim();
  return printable((line ?? '').slice(0, 300));
}
