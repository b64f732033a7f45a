/** `kubetls/explain/v1` */
import { type Instant, toRfc3339 } from '../../base/index.ts';
import { writtenAt } from '../../explain/index.ts';
import type { ExplainReport } from './text-view.ts';

export function explainJson({ at, inCluster, known, causes, lines, unknown, beyond }: ExplainReport): object {
  return {
    schema: 'kubetls/explain/v1',
    at: toRfc3339(at),
    inventory: inCluster,
    causes: causes.map(({ edge, asOf, ...cause }) => ({
      ...cause,
      edge: edge ?? null,
      asOf: instantText(asOf),
    })),
    lines: known.map(({ reading, reading: { text, symptom, clues }, count, first }) => ({
      text,
      written: instantText(writtenAt(reading, at)),
      count,
      first,
      symptom: symptom.id,
      says: symptom.says,
      printedBy: symptom.by,
      clues: Object.entries(clues).map(([clue, value]) => ({ clue, value })),
    })),
    unknown: unknown.samples,
    summary: { lines, known: known.length, unknown: unknown.count, beyond },
  };
}

function instantText(instant: Instant | undefined): string | null {
  return instant === undefined ? null : toRfc3339(instant);
}
