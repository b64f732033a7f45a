import { KubetlsError } from '../../src/base/index.ts';
import type { Mutable } from './mutate.ts';

/** A parser, and what is done with all that it reads. */
export interface Target extends Mutable {
  /** Executions for each one that a quick target gets. */
  readonly pace: number;
  /** May throw, or reject with, what `isExpected`, and nothing else. */
  run(input: Uint8Array): unknown;
  /** What Go is asked about the input, and our own answer. */
  answer?(input: Uint8Array): Answer;
  isExpected(error: unknown): boolean;
}

export interface Answer {
  readonly parse: 'certificate' | 'request' | 'key' | 'crl';
  /** Empty when it is read; else Go's words, or undefined when it is refused in words of our own. */
  readonly error: string | undefined;
}

export function target(
  language: Mutable['language'],
  run: Target['run'],
  more: Partial<Pick<Target, 'words' | 'pace' | 'answer'>> = {},
): Target {
  return { language, run, pace: 1, words: [], isExpected: isCoded, ...more };
}

/** What may not throw at all. */
export function never(...[language, run, more]: Parameters<typeof target>): Target {
  return { ...target(language, run, more), isExpected: () => false };
}

/** Words of a language, between broken bars. */
export function listed(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split('¦'));
}

/** The one error that may be thrown is a failure with a code. */
function isCoded(error: unknown): boolean {
  return error instanceof KubetlsError && /^[a-z0-9]+\/[a-z0-9-]+$/.test(String(error.code));
}

/** A rule that holds for every input. */
export function mustHold(holds: boolean, rule: string): void {
  if (!holds) throw new Error(`does not hold: ${rule}`);
}
