/** valibot's issues in our words: what was expected of which value, and what might have been meant. */
import type * as v from 'valibot';
import { hintFor } from '../../base/index.ts';
import { quoted } from './formats.ts';
import { type Path, type Problem, shortName } from './problems.ts';
import { isFormatCheck } from './schema.ts';

/** How people call what valibot expects. */
const KINDS: Readonly<Record<string, string>> = { object: 'a map of keys', array: 'a list', string: 'text' };

export function shapeProblem(issue: v.BaseIssue<unknown>): Problem {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const refusal = refusalOf(issue);
  if (refusal) return { code: 'cluster/spec-value', path, ...refusal };
  if (issue.input === undefined) return missing(path);
  const words = wordsOf(issue.expected);
  if (words.length > 0 && typeof issue.input === 'string') {
    const message = `${shortName(path)} cannot be ${quoted(issue.input)}`;
    return { code: 'cluster/spec-word', path, message, hint: hintFor(issue.input, words) };
  }
  const wanted = KINDS[issue.type] ?? 'text';
  return {
    code: 'cluster/spec-type',
    path,
    message: `${shortName(path)} must be ${wanted}, not ${kindOf(issue.input)}`,
  };
}

function missing(path: Path): Problem {
  const message = `${shortName(path)} is ${typeof path.at(-1) === 'string' ? 'missing' : 'empty'}`;
  return { code: 'cluster/spec-missing', path, message };
}

/**
 * valibot takes a list for an object that lacks its keys. `unknownKeys` says that it is no map; what it lacks
 * as a map is not worth saying.
 */
export function isAboutList({ path }: v.BaseIssue<unknown>): boolean {
  const last = path?.at(-1);
  return Array.isArray(last?.input) && typeof last?.key === 'string';
}

function refusalOf(issue: v.BaseIssue<unknown>) {
  const { requirement } = issue;
  return isFormatCheck(requirement) && typeof issue.input === 'string'
    ? requirement.refuse(issue.input)
    : undefined;
}

/** valibot prints the words of a picklist as `("flat" | "kubeadm")`, and a literal as `"Cluster"`. */
function wordsOf(expected: string | null): string[] {
  return [...(expected ?? '').matchAll(/"([^"]*)"/g)].map(([, word = '']) => word);
}

function kindOf(input: unknown): string {
  if (Array.isArray(input)) return 'a list';
  return typeof input === 'object' ? 'a map of keys' : 'text';
}
