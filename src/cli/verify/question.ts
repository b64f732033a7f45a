/** One line of `verify --batch`, read as Go's encoding/json would: what is missing or null is empty. */
import type { Usage } from '../../verify/index.ts';
import { type GoTime, parseGoTime } from './go-time.ts';

export interface Question {
  readonly id: string;
  readonly leaf: string;
  readonly intermediates: readonly string[];
  readonly roots: readonly string[];
  /** Undefined: now. */
  readonly at: GoTime | undefined;
  readonly usage: Usage;
  readonly name: string;
}

/** A line that is no question; `id` as far as it could be read. */
export interface BadQuestion {
  readonly id: string | null;
  readonly problem: string;
}

export function readQuestion(line: string): Question | BadQuestion {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: null, problem: 'the line is no JSON' };
  }
  // To Go a null is an object without fields.
  if (typeof (value ?? {}) !== 'object' || Array.isArray(value)) {
    return { id: null, problem: 'the line is no JSON object' };
  }
  const fields = (value ?? {}) as Record<string, unknown>;
  const [id, leaf, at, usage, name] = (['id', 'leaf', 'at', 'usage', 'name'] as const).map((key) =>
    text(fields[key]),
  );
  const [intermediates, roots] = (['intermediates', 'roots'] as const).map((key) => texts(fields[key]));
  if (id === undefined) return { id: null, problem: 'id must be a string' };
  const bad = (problem: string) => ({ id, problem });
  if (leaf === undefined) return bad('leaf must be a string');
  if (!intermediates) return bad('intermediates must be an array of strings');
  if (!roots) return bad('roots must be an array of strings');
  if (at === undefined) return bad('at must be a string');
  if (usage === undefined || !Object.hasOwn(USAGES, usage)) return bad('usage must be server, client or any');
  if (name === undefined) return bad('name must be a string');
  const instant = at === '' ? undefined : parseGoTime(at);
  if (at !== '' && !instant) return bad(`at must be RFC 3339, such as 2027-01-31T00:00:00Z, not ${at}`);
  return { id, leaf, intermediates, roots, at: instant, usage: USAGES[usage as keyof typeof USAGES], name };
}

/** The default is Go's (x509.VerifyOptions, KeyUsages). */
const USAGES = { '': 'server', server: 'server', client: 'client', any: 'any' } as const;

function text(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? wellFormed(value) : undefined;
}

function texts(value: unknown): readonly string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const all = value.map(text);
  return all.every((one) => one !== undefined) ? all : undefined;
}

/** What is not Unicode becomes U+FFFD, as in Go. */
function wellFormed(value: string): string {
  return value.replace(/\p{Cs}/gu, '\ufffd');
}
