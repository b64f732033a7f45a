/** What a reader has gathered so far: readers add to it, and what one of them refuses becomes a problem. */
import { expectedFailure, type Failure } from '../base/index.ts';
import type { Material, SurveyCode } from './types.ts';

export type Gathered = { -readonly [K in keyof Material]: Material[K][number][] };

export function nothingYet(): Gathered {
  return {
    certificates: [],
    requests: [],
    revocationLists: [],
    kubeconfigs: [],
    keys: [],
    settings: [],
    problems: [],
  };
}

/** Whether there is anything but problems. */
export function isEmpty(found: Material): boolean {
  const { certificates, requests, revocationLists, kubeconfigs, keys, settings } = found;
  const values = certificates.length + requests.length + revocationLists.length + keys.length;
  return values + kubeconfigs.length + settings.length === 0;
}

export function problem(
  code: SurveyCode,
  message: string,
  more: Pick<Failure, 'where' | 'hint'> = {},
): Failure<SurveyCode> {
  return { code, message, ...more };
}

/** Runs a reader; what it throws as a coded failure is noted, with the line where its value begins. */
export function attempt(found: Gathered, read: () => void, line?: number): void {
  try {
    read();
  } catch (error) {
    const { code, message, hint, where: inside } = expectedFailure(error);
    const where = { ...(line === undefined ? {} : { line }), ...inside };
    found.problems.push({ code, message, where, ...(hint === undefined ? {} : { hint }) });
  }
}
