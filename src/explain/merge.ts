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
  const shown = new Set(all.filter(isShown).map(({ id }) => id));
  return (
    all
      // What one line does not show, another has.
      .filter((one) => isShown(one) || !shown.has(one.id))
      .sort((a, b) => rankOf(a) - rankOf(b) || Number(isShown(b)) - Number(isShown(a)))
  );
}

/** In files; a line that is old may speak of what has been mended since, and of it there is only a guess. */
function isShown({ files }: Explained): boolean {
  return files.length > 0;
}

function rankOf({ likelihood }: Explained): number {
  return LIKELIHOODS.indexOf(likelihood);
}

function together(before: CauseOfLines, cause: Explained, line: number): CauseOfLines {
  const [better, other] = rankOf(cause) < rankOf(before) ? [cause, before] : [before, cause];
  const edges = [...new Set([...better.edges, ...other.edges])];
  return { ...better, edges, lines: [...before.lines, line] };
}
