import type { Explainer } from './explain.ts';
import { LIKELIHOODS } from './likelihood.ts';
import type { Explained, Reading } from './types.ts';

/** A cause of one or more lines: their places in the list that was asked of. */
export interface CauseOfLines extends Explained {
  readonly lines: readonly number[];
}

/** The causes of all these lines, each once, most likely first. */
export function explainAll(explain: Explainer, readings: readonly Reading[]): readonly CauseOfLines[] {
  const merged = new Map<string, CauseOfLines>();
  for (const [line, reading] of readings.entries()) {
    for (const cause of explain(reading)) {
      const key = JSON.stringify([cause.id, cause.evidence]);
      const before = merged.get(key);
      merged.set(key, before ? together(before, cause, line) : { ...cause, lines: [line] });
    }
  }
  const all = [...merged.values()];
  const isFound = new Set(all.filter(({ edge }) => edge !== undefined).map(({ id }) => id));
  return (
    all
      // What one line does not show, another has.
      .filter(({ id, edge }) => edge !== undefined || !isFound.has(id))
      .sort((a, b) => LIKELIHOODS.indexOf(a.likelihood) - LIKELIHOODS.indexOf(b.likelihood))
  );
}

function together(before: CauseOfLines, cause: Explained, line: number): CauseOfLines {
  const [better, other] =
    LIKELIHOODS.indexOf(cause.likelihood) < LIKELIHOODS.indexOf(before.likelihood)
      ? [cause, before]
      : [before, cause];
  const edges = [...new Set([...better.edges, ...other.edges])];
  return { ...better, edges, lines: [...before.lines, line] };
}
