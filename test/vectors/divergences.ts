/** The known divergences (divergences.json), for all tests that compare us with Go. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, Difference } from '../real/differential.ts';

export interface Divergence {
  readonly id: string;
  readonly expected: string;
  readonly actual: string;
  readonly reason: string;
}

export function divergences(): readonly Divergence[] {
  const text = readFileSync(join(import.meta.dirname, 'divergences.json'), 'utf8');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own file; the test reads every field
  return (JSON.parse(text) as { divergences: readonly Divergence[] }).divergences;
}

const textOf = ({ ok, error }: Answer) => (ok ? 'accepted' : error);

const explains = ({ expected, actual }: Divergence, { go, ours }: Difference) =>
  expected === textOf(go) && actual === textOf(ours);

/** Differences that no entry explains: by its texts, since the cases of a random run have no lasting names. */
export function unexplained(found: readonly Difference[], known: readonly Divergence[]): Difference[] {
  return found.filter((difference) => !known.some((each) => explains(each, difference)));
}

/** Entries that none of these differences shows, by name and texts. */
export function stale(known: readonly Divergence[], found: readonly Difference[]): Divergence[] {
  return known.filter(
    (each) => !found.some((difference) => difference.id === each.id && explains(each, difference)),
  );
}
